"""Booking for a client: whom, when, and how it is paid."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from pydantic import UUID7, Field, ValidationInfo, field_validator

from services.contracts.base import Format, MailAddress, PersonName, Zone
from services.contracts.booking.on_behalf import PaidBy
from services.contracts.profiles.clients import Phone
from services.gateway.forms.accounts import EMAIL_WORDS
from services.gateway.forms.booking import Start
from services.gateway.forms.reading import Form

NEW = "new"
"""Stands for a client who has no record yet."""


class ClientBookingForm(Form):
    """A slot of a practitioner, for a client with a record or for somebody new."""

    words: ClassVar[Mapping[str, str]] = {
        "name": "Enter the client's name.",
        "email": EMAIL_WORDS,
        "phone": "Enter digits only, such as +49 30 123456, or leave it empty.",
        "paid_by": "Choose how it is paid.",
    }

    form_id: UUID7
    practitioner: UUID
    offering: UUID
    format: Format
    start: Start
    price_id: UUID
    zone: Zone
    client: UUID | None
    name: PersonName | None = Field(default=None, validate_default=True)
    email: MailAddress | None = Field(default=None, validate_default=True)
    phone: Phone | None = None
    paid_by: PaidBy

    @field_validator("client", mode="before")
    @classmethod
    def _known_or_new(cls, value: Any) -> Any:
        return None if value == NEW else value

    @field_validator("name", "email", mode="before")
    @classmethod
    def _of_who_is_new(cls, value: Any, info: ValidationInfo) -> Any:
        """Needed of who has no record; whatever is typed of who has one is left alone."""
        if info.data.get("client", NEW) is not None:
            return None
        if value is None:
            raise ValueError("is missing")
        return value
