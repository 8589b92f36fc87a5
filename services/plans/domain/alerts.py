"""When answers that ask for help alert the practitioner, and when that would tell nothing new."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple


class Corrected(NamedTuple):
    """Answers that were corrected: when they were given, and how much they asked for help."""

    filled_at: datetime
    asked: int


def is_news(asks: int, before: Sequence[Corrected], looks: Sequence[datetime | None]) -> bool:
    """Whether a correction that asks for help alerts once more.

    Not while an alert for what it corrects waits for a look (None), for that look finds it; after
    the look only where it asks for more than what was read then. `before`: the latest first.
    """
    seen = [at for at in looks if at is not None]
    if len(seen) < len(looks):
        return False
    if not seen:
        return True
    return asks > next((one.asked for one in before if one.filled_at <= max(seen)), 0)
