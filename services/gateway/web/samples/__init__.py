"""Made-up contexts, one for each page and state: for the style guide and tests."""

from typing import Any

from services.gateway.web.samples import (
    account,
    booking,
    calendars,
    courses,
    find,
    intake,
    intake_setup,
    plain,
    plans,
)

Context = dict[str, Any]

COMMON: Context = {"viewer": None, "csrf_token": "sample", "active": "", "notices": []}


def samples() -> dict[str, tuple[str, Context]]:
    """Name of the state → template and its full context."""
    states = find.STATES | booking.STATES | account.STATES | calendars.STATES
    states |= courses.STATES | plans.STATES | plain.STATES | intake.STATES | intake_setup.STATES
    return {name: (template, COMMON | context) for name, (template, context) in states.items()}
