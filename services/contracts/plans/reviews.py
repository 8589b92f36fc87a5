"""Reviews: what two people find when they look at their plan together, and what they decide."""

from enum import StrEnum
from uuid import UUID

from services.common.messages import Command, Instant, View
from services.contracts.plans.content import Text, Words


class Decision(StrEnum):
    """What a review leads to: the plan as it is, a new version to agree to, or its end."""

    GO_ON = "go_on"
    CHANGE = "change"
    END = "end"


class RecordReview(Command):
    """Write down a review that is under way, with its decision; `id` is minted by the caller."""

    id: UUID
    plan_id: UUID
    went_well: Words
    to_change: Text = ""
    decision: Decision


class AcknowledgeReview(Command):
    """The client has seen what was written down."""

    plan_id: UUID
    review_id: UUID


class ReviewView(View):
    """A review as it was written down. `acknowledged_at`: when the client said they saw it."""

    id: UUID
    went_well: str
    to_change: str
    decision: Decision
    recorded_at: Instant
    acknowledged_at: Instant | None
