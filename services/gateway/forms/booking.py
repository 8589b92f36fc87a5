"""Choosing a slot, booking it, moving and cancelling it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import UUID7, AfterValidator, EmailStr, Field

from services.common.messages import FIRST_YEAR, LAST_YEAR, Instant
from services.contracts.base import Format, Percent, PersonName, Slug, Zone
from services.contracts.profiles import Phone
from services.gateway.forms.accounts import EMAIL_WORDS, NAME_WORDS, Ticked
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


class BookForm(ChoiceForm):
    """Who comes, and that the terms are agreed to. `form_id` was minted by the page."""

    words: ClassVar[Mapping[str, str]] = {
        "name": NAME_WORDS,
        "email": EMAIL_WORDS,
        "phone": "Enter digits only, such as +49 30 123456, or leave it empty.",
        "consent": "Please agree to the cancellation terms to book.",
    }

    format: Format
    form_id: UUID7
    price_id: UUID
    zone: Zone
    name: PersonName
    email: EmailStr
    phone: Phone | None = None
    consent: Ticked


class HeldForm(Form):
    """The form of a checkout page whose time is held; `form_id` is the booking's."""

    form_id: UUID


class CancelForm(Form):
    """Cancel on the terms that were shown; `form_id` names the act."""

    form_id: UUID7
    percent: Percent


class MoveForm(Form):
    """Move to another start; `form_id` names the act."""

    form_id: UUID7
    start: Instant
