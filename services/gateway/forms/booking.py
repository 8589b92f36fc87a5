"""Choosing a slot, booking it, moving and cancelling it."""

from collections.abc import Mapping
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AfterValidator, EmailStr, Field

from services.common.messages import Instant
from services.contracts.base import Format, Line, Percent, Slug, Zone
from services.contracts.profiles import Phone
from services.gateway.forms.accounts import EMAIL_WORDS, NAME_WORDS, Ticked
from services.gateway.forms.reading import Form


def _version_7(id_: UUID) -> UUID:
    if id_.version != 7:
        raise ValueError("must be a UUIDv7")
    return id_


FormId = Annotated[UUID, AfterValidator(_version_7)]
"""Minted by the page for one intention, so that sending it twice does it once."""


class ChoiceForm(Form):
    """A slot as a link or a form names it; `with` is the practitioner's slug."""

    practice: UUID
    offering: UUID
    start: Instant
    format: Format
    slug: Slug = Field(alias="with")


class BookForm(ChoiceForm):
    """Who comes, and that the terms are agreed to."""

    words: ClassVar[Mapping[str, str]] = {
        "name": NAME_WORDS,
        "email": EMAIL_WORDS,
        "phone": "Enter digits only, such as +49 30 123456, or leave it empty.",
        "consent": "Please agree to the cancellation terms to book.",
    }

    form_id: FormId
    price_id: UUID
    zone: Zone
    name: Line
    email: EmailStr
    phone: Phone | None = None
    consent: Ticked


class HeldForm(Form):
    """The form of a checkout page whose time is held; `form_id` is the booking's."""

    form_id: FormId


class CancelForm(Form):
    """Cancel on the terms that were shown; `form_id` names the act."""

    form_id: FormId
    percent: Percent


class MoveForm(Form):
    """Move to another start; `form_id` names the act."""

    form_id: FormId
    start: Instant
