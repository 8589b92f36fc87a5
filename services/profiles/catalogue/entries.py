"""What the catalogue holds: frozen entries whose annotations say what a good text is.

Lengths are in characters. Paragraphs within a text are separated by an empty line.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=60)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=15, max_length=160)]
Passage = Annotated[str, StringConstraints(strip_whitespace=True, min_length=60, max_length=600)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=150, max_length=1500)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=200)]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9]+( [0-9]+)*$", max_length=20)]
Position = Annotated[int, Field(ge=1)]
Year = Annotated[int, Field(ge=1950, le=2100)]

_NOTHING_ELSE = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Source:
    """A published guideline, book or study that a text was checked against."""

    title: Title
    publisher: Title | Literal["NICE"]
    year: Year | None = None

    __pydantic_config__ = _NOTHING_ELSE


@dataclass(frozen=True, slots=True)
class Topic:
    """Something people need help with, in everyday words.

    `approaches` are slugs, the most fitting first; `position` orders the chips of the directory.
    """

    slug: Slug
    position: Position
    name: Name
    summary: Line
    what_it_is: Prose
    who_meets_it: Passage
    signs: Annotated[tuple[Line, ...], Field(min_length=3, max_length=8)]
    how_therapy_helps: Prose
    approaches: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=6)]
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    last_reviewed_on: date
    seek_help_at_once: Passage | None = None

    __pydantic_config__ = _NOTHING_ELSE


@dataclass(frozen=True, slots=True)
class Approach:
    """A way of working, with what is honestly known about it."""

    slug: Slug
    position: Position
    name: Name
    summary: Line
    what_it_is: Prose
    how_a_session_looks: Prose
    who_it_suits: Passage
    typical_length: Passage
    evidence: Prose
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    last_reviewed_on: date

    __pydantic_config__ = _NOTHING_ELSE


@dataclass(frozen=True, slots=True)
class CrisisLine:
    """A number to call; `phone` as it is dialled in that country, spaces allowed."""

    name: Name
    phone: Phone
    when: Line

    __pydantic_config__ = _NOTHING_ELSE


@dataclass(frozen=True, slots=True)
class CrisisCountry:
    """The numbers of one country (ISO 3166-1 alpha-2), the emergency number first."""

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    name: Name
    lines: Annotated[tuple[CrisisLine, ...], Field(min_length=2)]

    __pydantic_config__ = _NOTHING_ELSE


@dataclass(frozen=True, slots=True)
class CrisisHelp:
    """What the crisis page says before and beside the numbers."""

    introduction: Passage
    countries: Annotated[tuple[CrisisCountry, ...], Field(min_length=1)]
    last_reviewed_on: date

    __pydantic_config__ = _NOTHING_ELSE
