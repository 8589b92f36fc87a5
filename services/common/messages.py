"""The bases of what travels: commands, views and events."""

import builtins
from datetime import UTC
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

Instant = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]
"""An aware instant, UTC, RFC 3339 with Z on the wire."""


class Command(BaseModel):
    """A request to do or to tell something; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class View(BaseModel):
    """An answer; readers ignore fields that they do not know, so that views may grow."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Event(View):
    """A fact, past tense: ids, times and amounts only."""

    publisher: ClassVar[str]
    type: ClassVar[str]
    kinds: ClassVar[dict[tuple[str, str], builtins.type["Event"]]] = {}

    version: int = 1
    occurred_at: Instant
    practice_id: UUID

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        if getattr(cls, "type", ""):
            Event.kinds[cls.publisher, cls.type] = cls
