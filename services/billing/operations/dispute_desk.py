"""Disputes for who answers for the practice's money: listed, answered, accepted."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.billing.domain.cursors import Position, decode, part_of
from services.billing.domain.disputes import CLOSED, NO_DEADLINE, WAITS_FOR_ANSWER
from services.billing.models import Dispute, DisputeAnswer, Payment
from services.billing.operations import work
from services.billing.operations.keepers import practice_of_keeper
from services.billing.operations.taken_ids import unknown_if_taken
from services.billing.queries import disputes
from services.common.auth import Actor
from services.common.errors import DifferentContent, NotFound
from services.contracts.billing.disputes import (
    AcceptLoss,
    AnswerKind,
    AnswerView,
    DisputeAnswered,
    DisputesPage,
    DisputeState,
    DisputeView,
    GetDispute,
    ListDisputes,
    SubmitEvidence,
)

Found = Row[*tuple[Any, ...]]
STATES = {
    "won": DisputeState.WON,
    "lost": DisputeState.LOST,
    "warning_closed": DisputeState.CLOSED,
    "prevented": DisputeState.CLOSED,
}


def list_disputes(
    tx: Session, command: ListDisputes, *, actor: Actor, now: datetime
) -> DisputesPage:
    """Open ones by their deadline, or all, the latest first. Raises Forbidden, BadCursor."""
    practice_id = practice_of_keeper(actor)
    position = decode(command.cursor) if command.cursor else None
    found = disputes.disputes(
        tx,
        practice_id,
        is_open=command.is_open,
        payment_id=command.payment_id,
        after=(position.at, position.id) if position else None,
        limit=command.limit + 1,
    )
    part = part_of(found, command.limit, position, _by_deadline if command.is_open else _by_opening)
    return DisputesPage(
        disputes=[_view(row, now) for row in part.rows], next_cursor=part.next_cursor
    )


def _by_deadline(row: Found) -> Position:
    dispute: Dispute = row[0]
    return Position(dispute.due_at or NO_DEADLINE, dispute.id)


def _by_opening(row: Found) -> Position:
    dispute: Dispute = row[0]
    return Position(dispute.opened_at, dispute.id)


def get_dispute(tx: Session, command: GetDispute, *, actor: Actor, now: datetime) -> DisputeView:
    """One of them. Raises Forbidden, NotFound."""
    return _told(tx, practice_of_keeper(actor), command.dispute_id, now)


def submit_evidence(
    tx: Session, command: SubmitEvidence, *, actor: Actor, now: datetime
) -> DisputeView:
    """Write down the practice's side and owe its way to Stripe; the same again changes nothing.

    Raises Forbidden, NotFound, DisputeAnswered, DifferentContent.
    """
    dispute = _locked(tx, command.dispute_id, actor)
    texts = {
        "service_date": command.service_date,
        "what_happened": command.what_happened,
        "policy": command.policy,
        "why_not_back": command.why_not_back,
    }
    _answer(tx, dispute, command.id, AnswerKind.EVIDENCE, texts, actor, now)
    return _told(tx, dispute.practice_id, dispute.id, now)


def accept_loss(tx: Session, command: AcceptLoss, *, actor: Actor, now: datetime) -> DisputeView:
    """Owe Stripe the word that the client may keep the money; the same again changes nothing.

    Raises Forbidden, NotFound, DisputeAnswered, DifferentContent.
    """
    dispute = _locked(tx, command.dispute_id, actor)
    texts = dict.fromkeys(("service_date", "what_happened", "policy", "why_not_back"), "")
    _answer(tx, dispute, command.id, AnswerKind.ACCEPTANCE, texts, actor, now)
    return _told(tx, dispute.practice_id, dispute.id, now)


def _locked(tx: Session, dispute_id: UUID, actor: Actor) -> Dispute:
    dispute = disputes.lock_dispute(tx, practice_of_keeper(actor), dispute_id)
    if dispute is None:
        raise NotFound("There is no such dispute.")
    return dispute


def _answer(
    tx: Session,
    dispute: Dispute,
    id_: UUID,
    kind: AnswerKind,
    texts: dict[str, str],
    actor: Actor,
    now: datetime,
) -> None:
    earlier = disputes.answer_of(tx, dispute)
    if earlier is not None and earlier.id == id_:
        if earlier.kind != kind or any(getattr(earlier, name) != texts[name] for name in texts):
            raise DifferentContent("This id was used for another answer.")
        return
    if earlier is not None or not _can_answer(dispute, now):
        raise DisputeAnswered("This dispute cannot be answered any more.")
    row = {"id": id_, "practice_id": dispute.practice_id, "dispute_id": dispute.id}
    told = {"kind": kind, "asked_by": actor.account_id, "asked_at": now}
    tx.add(DisputeAnswer(**row, **texts, **told))
    with unknown_if_taken("dispute_answers_pkey"):
        tx.flush()
    work.ask(tx, work.SETTLE_DISPUTES, dispute.practice_id, dispute.payment_id, now)


def _can_answer(dispute: Dispute, now: datetime) -> bool:
    is_in_time = dispute.due_at is None or now < dispute.due_at
    return dispute.status in WAITS_FOR_ANSWER and is_in_time


def _told(tx: Session, practice_id: UUID, dispute_id: UUID, now: datetime) -> DisputeView:
    found = disputes.dispute(tx, practice_id, dispute_id)
    if found is None:
        raise NotFound("There is no such dispute.")
    return _view(found, now)


def _state(status: str) -> DisputeState:
    if status in CLOSED:
        return STATES[status]
    is_waiting = status in WAITS_FOR_ANSWER
    return DisputeState.NEEDS_ANSWER if is_waiting else DisputeState.UNDER_REVIEW


def _view(row: Row[*tuple[Any, ...]], now: datetime) -> DisputeView:
    dispute: Dispute = row[0]
    payment: Payment = row[1]
    answer: DisputeAnswer | None = row[2]
    return DisputeView(
        id=dispute.id,
        payment_id=payment.id,
        booking_id=payment.booking_id,
        client_id=payment.client_id,
        money=dispute.money,
        reason=dispute.reason,
        state=_state(dispute.status),
        is_inquiry=dispute.status.startswith("warning"),
        has_money=dispute.withdrawn_at is not None and dispute.reinstated_at is None,
        due_at=dispute.due_at,
        opened_at=dispute.opened_at,
        closed_at=dispute.closed_at,
        paid_at=payment.captured_at,
        answer=_answer_view(answer) if answer else None,
        can_answer=answer is None and _can_answer(dispute, now),
    )


def _answer_view(answer: DisputeAnswer) -> AnswerView:
    return AnswerView(
        kind=AnswerKind(answer.kind),
        service_date=answer.service_date,
        what_happened=answer.what_happened,
        policy=answer.policy,
        why_not_back=answer.why_not_back,
        asked_at=answer.asked_at,
        sent_at=answer.sent_at,
    )
