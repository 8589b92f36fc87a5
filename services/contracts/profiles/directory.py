"""The directory of practitioners."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.common.messages import Command, Instant, View
from services.common.money import Money
from services.contracts.base import Format, Ids, Page, PartOfDay, Slug
from services.contracts.profiles.catalogue import Reference


class Profession(StrEnum):
    """What a practitioner is."""

    THERAPIST = "therapist"
    COACH = "coach"


class SearchDirectory(Command):
    """Practitioners with a bookable time, soonest first.

    `max_price` is in minor units of `currency`; both or neither. `before` bounds the soonest
    time ("this week"). `cursor` continues an earlier page.
    """

    topic: Slug | None = None
    approach: Slug | None = None
    profession: Profession | None = None
    format: Format | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    max_price: Annotated[int, Field(ge=0)] | None = None
    part_of_day: PartOfDay | None = None
    before: Instant | None = None
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class PractitionerCard(View):
    """A practitioner in the directory. `price` is that of the cheapest offering."""

    practitioner_id: UUID
    practice_id: UUID
    slug: str
    name: str
    title: str
    profession: Profession
    is_verified: bool
    portrait_url: str
    languages: list[str]
    formats: list[Format]
    topics: list[Reference]
    price: Money
    time_zone: str
    city: str
    next_free_at: Instant


class DirectoryPage(Page):
    """A page of the directory."""

    practitioners: list[PractitionerCard]


class GetPractitioner(Command):
    """A published practitioner's page."""

    slug: Slug


class PractitionerView(View):
    """A practitioner's public page. `about` is a list of paragraphs."""

    practitioner_id: UUID
    practice_id: UUID
    practice_name: str
    slug: str
    name: str
    title: str
    pronouns: str
    profession: Profession
    is_verified: bool
    credentials: list[str]
    verified_on: date | None
    portrait_url: str
    about: list[str]
    languages: list[str]
    formats: list[Format]
    address: str
    city: str
    time_zone: str
    topics: list[Reference]
    approaches: list[Reference]


class ListPractitioners(Command):
    """Published practitioners by id, bookable at present or not; unknown ids are left out."""

    practitioner_ids: Ids


class PractitionerName(View):
    """A published practitioner as pages and mails name one; `address`: where they meet clients."""

    id: UUID
    slug: str
    name: str
    title: str
    profession: Profession
    portrait_url: str
    is_verified: bool
    city: str
    time_zone: str
    address: str = ""


class PractitionersView(View):
    """Practitioners by id, in no order."""

    practitioners: list[PractitionerName]
