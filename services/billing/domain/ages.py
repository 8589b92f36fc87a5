"""How long money has been owed: in the four ages that accountants ask for."""

from datetime import datetime, timedelta

from services.contracts.billing.attention import OwedAge

DAY = timedelta(days=1)
#: Whole days from which an age begins, and those at which the next one does.
BOUNDS: dict[OwedAge, tuple[int, int | None]] = {
    OwedAge.TO_30: (0, 31),
    OwedAge.TO_60: (31, 61),
    OwedAge.TO_90: (61, 91),
    OwedAge.OVER_90: (91, None),
}


def span(age: OwedAge, now: datetime) -> tuple[datetime | None, datetime | None]:
    """When what is of this age now was said: later than the first, at the second at the latest.

    Nothing bounds the youngest above, so that clocks which differ hide none.
    """
    first, end = BOUNDS[age]
    return (now - end * DAY if end is not None else None), (now - first * DAY if first else None)
