"""Packages: what one of their sessions is worth, and until when they can be used."""

from calendar import monthrange
from datetime import datetime

from services.common.money import Money


def value_of(price: Money, sessions: int, ordinal: int) -> Money:
    """The part of the price that the session of this number (1 to `sessions`) is worth.

    In whole minor units, which add up to the price: they differ by one at most.
    """
    return _until(price, sessions, ordinal) - _until(price, sessions, ordinal - 1)


def expiry(bought_at: datetime, months: int) -> datetime:
    """The same moment of the same day so many months on, or of the month's last day."""
    count = bought_at.month - 1 + months
    year, month = bought_at.year + count // 12, count % 12 + 1
    day = min(bought_at.day, monthrange(year, month)[1])
    return bought_at.replace(year=year, month=month, day=day)


def _until(price: Money, sessions: int, ordinal: int) -> Money:
    return Money(price.amount * ordinal // sessions, price.currency)
