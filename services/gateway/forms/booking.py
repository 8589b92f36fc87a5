"""Choosing a slot, booking it, moving and cancelling it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import (
    UUID7,
    AfterValidator,
    Field,
    ValidationInfo,
    field_validator,
)

from services.common.messages import FIRST_YEAR, LAST_YEAR, Instant
from services.contracts.base import Format, MailAddress, Percent, PersonName, Slug, Zone
from services.contracts.booking.bookings import Attendance
from services.contracts.profiles.accounts import Password
from services.contracts.profiles.clients import Phone
from services.gateway.forms.accounts import EMAIL_WORDS, OwnPath, Ticked
from services.gateway.forms.reading import Form


def _with_days_around(at: datetime) -> datetime:
    """The days before and after are looked at too, and have to be days of a slot search."""
    if not FIRST_YEAR < at.year < LAST_YEAR - 1:
        raise ValueError("is too far away")
    return at


Start = Annotated[Instant, AfterValidator(_with_days_around)]


class ChoiceForm(Form):
    """A slot as a link or a form names it; `with` is the practitioner's slug.

    Without a format it is the one in which the most starts are free.
    """

    practice: UUID
    offering: UUID
    start: Start
    format: Format | None = None
    slug: Slug = Field(alias="with")


class Comes(StrEnum):
    """Who comes: who sends the form, or somebody for whom they book."""

    MYSELF = "myself"
    ANOTHER = "another"


class BookForm(ChoiceForm):
    """Who comes, and that the terms are agreed to. `form_id` was minted by the page.

    `name` is of who sends the form, and `another_name` of whom they book for, if they do. With a
    `password` a guest wants an account as well.
    """

    words: ClassVar[Mapping[str, str]] = {
        "another_name": "Tell us the name of who is coming.",
        "name": "Enter your name.",
        "email": EMAIL_WORDS,
        "phone": "Enter digits only, such as +49 30 123456, or leave it empty.",
        "password": "Use at least 8 characters, or leave it empty.",
        "consent": "Please agree to the cancellation terms to book.",
    }

    format: Format
    form_id: UUID7
    price_id: UUID
    zone: Zone
    comes: Comes = Comes.MYSELF
    another_name: PersonName | None = Field(default=None, validate_default=True)
    name: PersonName
    email: MailAddress
    phone: Phone | None = None
    password: Password | None = None
    consent: Ticked

    @field_validator("another_name", mode="before")
    @classmethod
    def _of_another(cls, value: Any, info: ValidationInfo) -> Any:
        """Needed where somebody else comes; what was typed before is left alone where not."""
        if info.data.get("comes") is not Comes.ANOTHER:
            return None
        if value is None:
            raise ValueError("is missing")
        return value

    @property
    def client_name(self) -> str:
        """The name of who comes."""
        return self.another_name or self.name


class HeldForm(Form):
    """The form of a checkout page whose time is held; `form_id` is the booking's."""

    form_id: UUID


class CancelForm(Form):
    """Cancel on the terms that were shown; `form_id` names the act."""

    form_id: UUID7
    percent: Percent


class AttendanceForm(Form):
    """Whether the client came; `back` is the page on which it was said.

    `is_sure`: who says so has read that money goes back.
    """

    form_id: UUID7
    attendance: Attendance
    back: OwnPath = ""
    is_sure: bool = Field(default=False, alias="sure")


class MoveForm(Form):
    """Move to another start; `form_id` names the act, `accept` is a yes to what was said that it
    breaks."""

    form_id: UUID7
    start: Instant
    accept: str = ""
