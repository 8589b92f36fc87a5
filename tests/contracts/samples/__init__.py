"""One explicit sample of everything that travels, each field filled in.

The golden files are written from these; `regenerate` says how.
"""

from pydantic import BaseModel

from tests.contracts.samples import (
    billing,
    booking,
    clients,
    hours,
    intake,
    measures,
    money,
    notes,
    notify,
    plan_courses,
    plan_exercises,
    plan_templates,
    plans,
    profiles,
    reconciliation,
    series,
    weeks,
)

SAMPLES: dict[str, list[BaseModel]] = {
    "billing": [
        *billing.COMMANDS,
        *billing.VIEWS,
        *billing.EVENTS,
        *clients.BILLING,
        *money.COMMANDS,
        *money.VIEWS,
        *reconciliation.COMMANDS,
        *reconciliation.VIEWS,
    ],
    "booking": [
        *booking.COMMANDS,
        *booking.VIEWS,
        *booking.EVENTS,
        *hours.COMMANDS,
        *hours.VIEWS,
        *notes.OF_BOOKING,
        *clients.BOOKINGS,
        *plan_courses.BOOKING_COMMANDS,
        *plan_courses.BOOKING_VIEWS,
        *plan_courses.BOOKING_EVENTS,
        *series.COMMANDS,
        *series.VIEWS,
        *weeks.COMMANDS,
        *weeks.VIEWS,
    ],
    "notify": [*notify.COMMANDS, *notify.VIEWS],
    "plans": [
        *plans.COMMANDS,
        *plans.VIEWS,
        *plan_exercises.COMMANDS,
        *plan_exercises.VIEWS,
        *measures.COMMANDS,
        *measures.VIEWS,
        *measures.EVENTS,
        *notes.COMMANDS,
        *notes.VIEWS,
        *intake.COMMANDS,
        *intake.VIEWS,
        *plan_courses.PLANS_COMMANDS,
        *plan_courses.PLANS_VIEWS,
        *plan_courses.PLANS_EVENTS,
        *plan_templates.COMMANDS,
        *plan_templates.VIEWS,
    ],
    "profiles": [
        *profiles.COMMANDS,
        *profiles.VIEWS,
        *profiles.EVENTS,
        *clients.PROFILES,
        *money.PROFILES,
    ],
}
