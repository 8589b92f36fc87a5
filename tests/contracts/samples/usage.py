"""Samples of the report of sessions and time."""

from pydantic import BaseModel

from services.contracts.booking.usage import (
    GetUsage,
    PractitionerUsage,
    UsageFigures,
    UsageView,
)
from tests.contracts.samples.values import LATER, PRACTITIONER, STARTS

FIGURES = UsageFigures(
    open_minutes=2_400,
    used_minutes=1_500,
    beyond_minutes=50,
    attended=25,
    no_show=2,
    late_cancelled=1,
    cancelled=3,
    unmarked=1,
    to_come=4,
)

COMMANDS: list[BaseModel] = [GetUsage(from_at=STARTS, until_at=LATER)]

VIEWS: list[BaseModel] = [
    FIGURES,
    PractitionerUsage(practitioner_id=PRACTITIONER, figures=FIGURES),
    UsageView(
        totals=FIGURES,
        practitioners=[PractitionerUsage(practitioner_id=PRACTITIONER, figures=FIGURES)],
    ),
]
