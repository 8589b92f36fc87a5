"""Made-up contexts, one for each page and state: for the style guide and tests."""

from typing import Any

from services.gateway.web.samples import (
    account,
    booking,
    calendars,
    clients,
    courses,
    exercises,
    find,
    intake,
    intake_setup,
    invoice_runs,
    invoices,
    measures,
    money,
    money_back,
    money_ledger,
    money_months,
    money_overview,
    notes,
    packages,
    plain,
    plan_dates,
    plan_templates,
    plans,
    reconciliation,
    reports,
    series,
    weeks,
)

Context = dict[str, Any]

COMMON: Context = {"viewer": None, "csrf_token": "sample", "active": "", "notices": []}


def samples() -> dict[str, tuple[str, Context]]:
    """Name of the state → template and its full context."""
    states = find.STATES | booking.STATES | account.STATES | calendars.STATES
    states |= courses.STATES | clients.STATES | plans.STATES | measures.STATES | plain.STATES
    states |= intake.STATES | intake_setup.STATES | weeks.STATES | notes.STATES | plan_dates.STATES
    states |= money.STATES_OF_PAGES | money_ledger.STATES | money_overview.STATES
    states |= money_back.STATES_OF_PAGES | money_months.STATES_OF_PAGES
    states |= series.STATES | plan_templates.STATES | exercises.STATES | invoices.STATES
    states |= invoice_runs.STATES
    states |= reconciliation.STATES_OF_PAGES | reports.STATES | packages.STATES_OF_PAGES
    return {name: (template, COMMON | context) for name, (template, context) in states.items()}
