"""Courses of the demo: sessions that a client and who treats them agreed on at once."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

_NOTHING_ELSE = {"extra": "forbid"}
FIRST_AFTER = 2
"""Days from the agreement on, after which the first session may be."""


@dataclass(frozen=True, slots=True)
class DemoCourse:
    """Weekly sessions online, agreed on so many days before the demo's; to all of those that are
    over the client came, but for the `missed` ones, numbers from 1."""

    sessions: Annotated[int, Field(ge=1, le=60)]
    agreed_days_ago: Annotated[int, Field(ge=1, le=365)]
    missed: tuple[int, ...] = ()

    __pydantic_config__ = _NOTHING_ELSE
