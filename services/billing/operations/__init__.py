"""The use cases of billing, one function each; foreign calls happen between transactions."""

from services.billing.operations.history import PastPayment, PastRefund, import_past_payments
from services.billing.operations.practices import connect_practice
from services.billing.operations.prices import NewPrice, publish_price

__all__ = [
    "NewPrice",
    "PastPayment",
    "PastRefund",
    "connect_practice",
    "import_past_payments",
    "publish_price",
]
