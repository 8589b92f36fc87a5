"""The life of a dispute, as Stripe tells it (https://docs.stripe.com/disputes/how-disputes-work)."""

from dataclasses import dataclass
from datetime import UTC, datetime

from services.common.money import Money

WAITS_FOR_ANSWER = frozenset({"warning_needs_response", "needs_response"})
NO_DEADLINE = datetime.max.replace(tzinfo=UTC)
"""Where a dispute without a deadline stands among the open ones: at the end."""
CLOSED = frozenset({"warning_closed", "won", "lost", "prevented"})


@dataclass(frozen=True, slots=True)
class Movement:
    """What a dispute moved on the practice's balance: less than nothing when it was withdrawn;
    `fee` in minor units, less than nothing where it came back."""

    money: Money
    fee: int


@dataclass(frozen=True, slots=True)
class DisputeFacts:
    """A dispute as Stripe tells it now."""

    id: str
    money: Money
    reason: str
    status: str
    due_at: datetime | None
    opened_at: datetime
    movements: tuple[Movement, ...]

    @property
    def withdrawal(self) -> Movement | None:
        return next((one for one in self.movements if one.money.amount < 0), None)

    @property
    def reinstatement(self) -> Movement | None:
        return next((one for one in self.movements if one.money.amount > 0), None)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the practice says to the bank: facts of the appointment, nothing clinical."""

    service_date: str
    what_happened: str
    policy: str
    why_not_back: str


STAGES = {
    "warning_needs_response": 0,
    "warning_under_review": 1,
    "needs_response": 2,
    "under_review": 3,
}
CLOSED_STAGE = 4


def is_no_older(told: str, known: str) -> bool:
    """Whether a status may follow another; a look that was overtaken changes nothing."""
    return STAGES.get(told, CLOSED_STAGE) >= STAGES.get(known, CLOSED_STAGE)
