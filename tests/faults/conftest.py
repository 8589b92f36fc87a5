"""One product for all kills."""

from tests.factories.house import clinic, product, witness

__all__ = ["clinic", "product", "witness"]
