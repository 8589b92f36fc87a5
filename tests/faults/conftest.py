"""Practices and a witness for all kills."""

from tests.factories.house import clinic, witness

__all__ = ["clinic", "witness"]
