"""The body of a Stripe webhook, read no further than its ids."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

LONGEST_ID = 255
Id = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_ID, pattern=r"^[^\x00-\x1f\x7f]+$"),
]
"""What Stripe names a thing by; no text of PostgreSQL's can hold a NUL."""
_IS_ID: TypeAdapter[str] = TypeAdapter(Id)


class _Object(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    id: Id | None = None
    payment_intent: Any = None
    metadata: dict[str, Any] | None = None


class _Data(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    object: _Object = Field(default_factory=_Object)


class Envelope(BaseModel):
    """What is kept of an event: whose, what kind, which payment. Nothing about the payer."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    id: Id
    type: Id
    account: Id | None = None
    data: _Data = Field(default_factory=_Data)

    @property
    def object_id(self) -> str | None:
        return self.data.object.id

    @property
    def parent_id(self) -> str | None:
        """The PaymentIntent that the object belongs to."""
        try:
            return _IS_ID.validate_python(self.data.object.payment_intent, strict=True)
        except ValidationError:
            return None

    @property
    def payment_id(self) -> UUID | None:
        """Our payment, as its metadata names it; None where the object is not of our making."""
        try:
            return UUID(str((self.data.object.metadata or {}).get("payment_id")))
        except ValueError:
            return None
