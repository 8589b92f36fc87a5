"""One explicit sample of everything that travels, each field filled in.

The golden files are written from these; `regenerate` says how.
"""

from pydantic import BaseModel

from tests.contracts.samples import billing, booking, hours, intake, notify, plans, profiles

SAMPLES: dict[str, list[BaseModel]] = {
    "billing": [*billing.COMMANDS, *billing.VIEWS, *billing.EVENTS],
    "booking": [
        *booking.COMMANDS,
        *booking.VIEWS,
        *booking.EVENTS,
        *hours.COMMANDS,
        *hours.VIEWS,
    ],
    "notify": [*notify.COMMANDS, *notify.VIEWS],
    "plans": [*plans.COMMANDS, *plans.VIEWS, *intake.COMMANDS, *intake.VIEWS],
    "profiles": [*profiles.COMMANDS, *profiles.VIEWS, *profiles.EVENTS],
}
