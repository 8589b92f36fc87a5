"""How often something of a plan comes round: every so many sessions or weeks."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from services.common.messages import View
from services.contracts.base import Slug

MOST_MEASURES = 6
MOST_EVERY = 52


class Unit(StrEnum):
    """What a rhythm counts."""

    SESSIONS = "sessions"
    WEEKS = "weeks"


class PlannedMeasure(View):
    """An instrument of the catalogue, to be filled in every so many sessions or weeks."""

    instrument: Slug
    every: Annotated[int, Field(ge=1, le=MOST_EVERY)]
    unit: Unit


def _each_once(measures: list[PlannedMeasure]) -> list[PlannedMeasure]:
    if len({one.instrument for one in measures}) < len(measures):
        raise ValueError("must name each instrument once")
    return measures


Measures = Annotated[
    list[PlannedMeasure], Field(max_length=MOST_MEASURES), AfterValidator(_each_once)
]
"""The measures of a plan, each instrument once."""
