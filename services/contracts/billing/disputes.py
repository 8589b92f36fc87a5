"""Disputes: what a client says to their bank, and what the practice answers."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.common.errors import Refusal
from services.common.messages import Command, Instant, View
from services.common.money import Money
from services.contracts.base import Page

LONGEST_TEXT = 5000
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_TEXT)]
Cursor = Annotated[str, StringConstraints(max_length=200)]


class DisputeState(StrEnum):
    """Waits for an answer, lies with the bank, or is decided."""

    NEEDS_ANSWER = "needs_answer"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"
    CLOSED = "closed"


class AnswerKind(StrEnum):
    """What the practice answered."""

    EVIDENCE = "evidence"
    ACCEPTANCE = "acceptance"


class ListDisputes(Command):
    """The practice's disputes; open ones by their deadline, or all, the latest first.

    For owners, admins and billing.
    """

    is_open: bool = False
    payment_id: UUID | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 25


class GetDispute(Command):
    """One dispute of the practice."""

    dispute_id: UUID


class AnswerView(View):
    """What was answered; the texts are empty where the loss was accepted. `sent_at` is None until
    Stripe has it."""

    kind: AnswerKind
    service_date: str
    what_happened: str
    policy: str
    why_not_back: str
    asked_at: Instant
    sent_at: Instant | None


class DisputeView(View):
    """A dispute. `reason` is Stripe's word; `is_inquiry`: the bank only asks, and has taken nothing
    yet. `has_money`: the money has left the practice's balance."""

    id: UUID
    payment_id: UUID
    booking_id: UUID
    client_id: UUID
    money: Money
    reason: str
    state: DisputeState
    is_inquiry: bool
    has_money: bool
    due_at: Instant | None
    opened_at: Instant
    closed_at: Instant | None
    paid_at: Instant | None
    answer: AnswerView | None
    can_answer: bool


class DisputesPage(Page):
    """A part of the practice's disputes."""

    disputes: list[DisputeView]


class SubmitEvidence(Command):
    """Tell the bank the practice's side, once. `id` is minted by the caller.

    Facts of the appointment and of the policy; nothing clinical.
    """

    id: UUID
    dispute_id: UUID
    service_date: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""
    what_happened: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT)
    ]
    policy: Text = ""
    why_not_back: Text = ""


class AcceptLoss(Command):
    """Let the client have the money: the dispute is lost, at once and for good. `id` is minted by
    the caller."""

    id: UUID
    dispute_id: UUID


class DisputeAnswered(Refusal):
    """The dispute has its answer, or is decided, or its time is over."""
