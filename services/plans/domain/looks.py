"""Who looked at a chart, as its client is told: by visits, not by rows.

A person who opens a page reads records of several kinds at once, and the next page a minute later.
What was written down stays as it is; told is who was there, from when to when, and what they saw.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

APART = timedelta(minutes=15)
"""A visit goes on while the next look follows within so long."""


class Looker(NamedTuple):
    """Somebody: by their account, or as the holder of a booking's link."""

    party: str
    practitioner_id: UUID | None
    is_supervisor: bool
    account_id: UUID | None
    booking_id: UUID | None


class Look(NamedTuple):
    """Somebody opened records of one kind at one moment, to read or to write."""

    at: datetime
    looker: Looker
    is_write: bool
    kind: str


@dataclass(slots=True)
class Visit:
    """The looks of one person that follow one another, latest first."""

    looks: list[Look] = field(default_factory=list)

    @property
    def looker(self) -> Looker:
        """Whose they are."""
        return self.looks[0].looker

    @property
    def from_at(self) -> datetime:
        """When it began."""
        return self.looks[-1].at

    @property
    def until_at(self) -> datetime:
        """The last look."""
        return self.looks[0].at

    def kinds(self, *, is_write: bool) -> list[str]:
        """What was opened to read, or to write, each kind once."""
        return sorted({one.kind for one in self.looks if one.is_write is is_write})


@dataclass(frozen=True, slots=True)
class Told:
    """A page of visits; `earlier` leads on, None at the end."""

    visits: Sequence[Visit]
    earlier: datetime | None


def visits(looks: Iterable[Look]) -> list[Visit]:
    """The visits that some looks are, both latest first."""
    last: dict[Looker, Visit] = {}
    found: list[Visit] = []
    for look in looks:
        visit = last.get(look.looker)
        if visit is None or visit.from_at - look.at > APART:
            visit = last[look.looker] = Visit()
            found.append(visit)
        visit.looks.append(look)
    return found


def page_of(
    looks: Sequence[Look], before: datetime | None, most: int, *, is_cut: bool
) -> Told | None:
    """The latest visits that ended before a moment, at most so many; None where more looks have to
    be known to tell.

    `looks`: latest first, those of `APART` after that moment included, so that a visit which lasted
    beyond it is known as one; `is_cut`: there are earlier ones. A page ends between two moments.
    """
    found = [one for one in visits(looks) if before is None or one.until_at < before]
    whole = _whole(found, looks[-1].at) if is_cut else found
    if is_cut and len(whole) <= most:
        return None
    kept = whole[:most]
    if len(whole) == len(kept):
        return Told(kept, None)
    next_at = whole[most].until_at
    kept = [one for one in kept if one.until_at > next_at] or kept
    return Told(kept, kept[-1].until_at)


def _whole(found: Sequence[Visit], cut_at: datetime) -> list[Visit]:
    """The visits up to the first one that earlier looks than the last known may belong to."""
    whole: list[Visit] = []
    for one in found:
        if one.from_at - cut_at <= APART:
            break
        whole.append(one)
    return whole
