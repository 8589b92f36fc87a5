"""From a practitioner's openings to the rows of the directory."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.contracts.base import Format
from services.contracts.booking.events import Opening

ANY = "any"
_BITS = {Format.ONLINE: 1, Format.IN_PERSON: 2}


@dataclass(frozen=True, slots=True)
class Start:
    """A soonest start in a part of day (or in any), for the formats whose soonest it is.

    `is_soonest`: there is no sooner one in another format.
    """

    part_of_day: str
    next_free_at: datetime
    formats: int
    is_soonest: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """What the directory filters by, beside topic and time. Money in minor units."""

    practitioner_id: UUID
    subjects: frozenset[str]
    languages: tuple[str, ...]
    approach_marks: int
    profession: str
    price_amount: int
    price_currency: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the directory's index."""

    practitioner_id: UUID
    subject: str
    part_of_day: str
    next_free_at: datetime
    formats: int
    is_soonest: bool
    languages: tuple[str, ...]
    approach_marks: int
    profession: str
    price_amount: int
    price_currency: str


def format_bits(formats: Iterable[Format]) -> int:
    """Formats as bits: 1 online, 2 in person."""
    return sum(_BITS[format_] for format_ in set(formats))


def topic_subject(slug: str) -> str:
    """How the index names a topic."""
    return f"topic:{slug}"


def approach_subject(slug: str) -> str:
    """How the index names an approach."""
    return f"approach:{slug}"


def approach_marks(slugs: Iterable[str]) -> int:
    """Approaches as 63 bits that the index can hold; two may share one, so check again after."""
    marks = 0
    for slug in slugs:
        marks |= 1 << zlib.crc32(slug.encode()) % 63
    return marks


def starts(openings: Iterable[Opening]) -> list[Start]:
    """The soonest start of each part of day and of any, per format.

    Formats that share their soonest start share a row, so that whoever does not care about the
    format takes the rows with `is_soonest` and sees each practitioner once.
    """
    told = list(openings)
    parts = sorted({opening.part_of_day for opening in told})
    rows = _starts_in(ANY, told)
    for part in parts:
        rows += _starts_in(part, [opening for opening in told if opening.part_of_day == part])
    return rows


def _starts_in(part: str, openings: list[Opening]) -> list[Start]:
    soonest: dict[Format, datetime] = {}
    for opening in openings:
        for format_ in opening.formats:
            at = soonest.get(format_, opening.next_free_at)
            soonest[format_] = min(at, opening.next_free_at)
    return [
        Start(
            part_of_day=part,
            next_free_at=at,
            formats=format_bits(format_ for format_ in soonest if soonest[format_] == at),
            is_soonest=at == min(soonest.values()),
        )
        for at in sorted(set(soonest.values()))
    ]


def rows(listed: Listed, openings: Iterable[Opening]) -> set[Row]:
    """Every row of a practitioner: each subject with each start."""
    return {
        Row(
            practitioner_id=listed.practitioner_id,
            subject=subject,
            part_of_day=start.part_of_day,
            next_free_at=start.next_free_at,
            formats=start.formats,
            is_soonest=start.is_soonest,
            languages=listed.languages,
            approach_marks=listed.approach_marks,
            profession=listed.profession,
            price_amount=listed.price_amount,
            price_currency=listed.price_currency,
        )
        for start in starts(openings)
        for subject in listed.subjects
    }
