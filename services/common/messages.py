"""The bases of what travels: commands, views and events."""

import builtins
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

FIRST_YEAR, LAST_YEAR = 2000, 2200


def _in_utc(at: datetime) -> datetime:
    """The same instant in UTC; far years are refused before arithmetic can leave the calendar."""
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(f"must be between the years {FIRST_YEAR} and {LAST_YEAR}")
    return at.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""An aware instant of the years 2000 to 2200, UTC, RFC 3339 with Z on the wire."""


class Command(BaseModel):
    """A request to do or to tell something; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class View(BaseModel):
    """An answer; readers ignore fields that they do not know, so that views may grow."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Event(View):
    """A fact, past tense: ids, times and amounts only; some may go unheard, some leave later."""

    publisher: ClassVar[str]
    type: ClassVar[str]
    may_go_unheard: ClassVar[bool] = False
    leaves_after: ClassVar[timedelta] = timedelta(0)
    kinds: ClassVar[dict[tuple[str, str], builtins.type["Event"]]] = {}

    version: int = 1
    occurred_at: Instant
    practice_id: UUID

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        if getattr(cls, "type", ""):
            Event.kinds[cls.publisher, cls.type] = cls
