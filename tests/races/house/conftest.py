"""Practices and a witness for races over HTTP."""

from tests.factories.house import clinic, witness

__all__ = ["clinic", "witness"]
