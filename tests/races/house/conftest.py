"""One product for all races over HTTP."""

from tests.factories.house import clinic, product, witness

__all__ = ["clinic", "product", "witness"]
