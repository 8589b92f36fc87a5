"""Making what we know of a payment's disputes agree with Stripe, by fetching them anew.

Run because a webhook came, because the practice answered, and now and then while one is open.
Order and number do not matter: what is posted follows from what Stripe tells, once per dispute.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from services.billing.adapters.stripe import StripeRefused
from services.billing.adapters.stripe_disputes import accept_loss, disputes_of, submit_evidence
from services.billing.domain import dispute_ledger
from services.billing.domain.accounts import Account, Kind
from services.billing.domain.disputes import CLOSED, DisputeFacts, Evidence, Movement, is_no_older
from services.billing.domain.ledger import Posting, Postings
from services.billing.models import Dispute, DisputeAnswer, Payment
from services.billing.operations.endings import catch_up
from services.billing.operations.giving_back import standing_of
from services.billing.operations.posting import post
from services.billing.operations.surroundings import Surroundings, itself
from services.billing.queries import disputes, payments, refunds
from services.common.money import Money

#: While a dispute is open Stripe is asked again, so that a lost webhook costs an hour.
LOOK_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was committed before the call; `evidence` is None for an acceptance."""

    id: UUID
    stripe_dispute_id: str
    key: str
    evidence: Evidence | None


def settle_disputes(
    around: Surroundings, practice_id: UUID, payment_id: UUID, now: datetime
) -> timedelta | None:
    """Send what was answered, ask Stripe, record what is new; when to ask again."""
    us = itself(practice_id, f"settle_disputes:{payment_id}")
    with around.database.transaction(us) as tx:
        payment = payments.lock_payment(tx, payment_id)
        if payment is None or payment.payment_intent_id is None:
            return None
        account, intent = payment.stripe_account_id or "", payment.payment_intent_id
        answers = [_answer(*row) for row in disputes.unsent_answers(tx, payment)]
    refusals = [_send(around, practice_id, account, answer, now) for answer in answers]
    facts = disputes_of(around.stripe, account, intent)
    with around.database.transaction(us) as tx:
        payment = payments.lock_payment(tx, payment_id)
        if payment is None:
            return None
        for one in facts:
            record_dispute(tx, payment, one, now)
    for refusal in filter(None, refusals):
        raise refusal
    return LOOK_AGAIN if any(one.status not in CLOSED for one in facts) else None


def _answer(answer: DisputeAnswer, dispute: Dispute) -> Answer:
    evidence = Evidence(
        answer.service_date, answer.what_happened, answer.policy, answer.why_not_back
    )
    return Answer(
        answer.id,
        dispute.stripe_dispute_id,
        f"dispute-{answer.id}-{answer.attempt}",
        evidence if answer.kind == "evidence" else None,
    )


def _send(
    around: Surroundings, practice_id: UUID, account: str, answer: Answer, now: datetime
) -> StripeRefused | None:
    """Hand the answer over; where Stripe refuses, the next try has another key.

    The refusal is told and not raised: a dispute that was decided meanwhile refuses every answer,
    and the look that follows finds that out.
    """
    stripe, dispute_id = around.stripe, answer.stripe_dispute_id
    us = itself(practice_id, f"answer_dispute:{answer.id}")
    try:
        if answer.evidence is None:
            accept_loss(stripe, account, dispute_id, answer.key)
        else:
            submit_evidence(stripe, account, dispute_id, answer.evidence, answer.key)
    except StripeRefused as refusal:
        with around.database.transaction(us) as tx:
            tx.get_one(DisputeAnswer, answer.id).attempt += 1
        return refusal
    with around.database.transaction(us) as tx:
        tx.get_one(DisputeAnswer, answer.id).sent_at = now
    return None


def record_dispute(tx: Session, payment: Payment, facts: DisputeFacts, now: datetime) -> None:
    """Take over what Stripe tells of a dispute; the payment is locked. What is known already
    changes nothing."""
    dispute = _known(tx, payment, facts, now)
    if not is_no_older(facts.status, dispute.status):
        return
    dispute.status, dispute.reason, dispute.due_at = facts.status, facts.reason, facts.due_at
    dispute.seen_at = now
    dispute.closed_at = (dispute.closed_at or now) if facts.status in CLOSED else None
    tx.flush()
    if (taken := facts.withdrawal) and dispute.withdrawn_at is None:
        _withdraw(tx, payment, dispute, taken, now)
    if (back := facts.reinstatement) and dispute.withdrawn_at and dispute.reinstated_at is None:
        _reinstate(tx, payment, dispute, back, now)
    if facts.status == "lost" and taken and dispute.reinstated_at is None:
        _lose(tx, payment, dispute, taken, now)


def _known(tx: Session, payment: Payment, facts: DisputeFacts, now: datetime) -> Dispute:
    """Our row of it; its id follows from the payment and from Stripe's own."""
    id_ = uuid5(payment.id, facts.id)
    found = tx.get(Dispute, id_, populate_existing=True)
    if found is None:
        found = Dispute(
            id=id_,
            practice_id=payment.practice_id,
            payment_id=payment.id,
            stripe_dispute_id=facts.id,
            amount=facts.money.amount,
            currency=facts.money.currency,
            reason=facts.reason,
            status=facts.status,
            due_at=facts.due_at,
            opened_at=facts.opened_at,
            closed_at=now if facts.status in CLOSED else None,
            seen_at=now,
        )
        tx.add(found)
        tx.flush()
    return found


def _withdraw(
    tx: Session, payment: Payment, dispute: Dispute, movement: Movement, now: datetime
) -> None:
    """Of the payment no more is in dispute than had not gone back and is not promised."""
    standing = standing_of(tx, payment)
    held = refunds.holdings(tx, payment)
    taken = min(dispute.money, standing.left, key=lambda money: money.amount)
    from_funds = min(taken, standing.funds, key=lambda money: money.amount)
    dispute.taken, dispute.withdrawn_at = taken.amount, now
    payment.disputed += taken.amount
    tx.flush()
    fee = Money(movement.fee, movement.money.currency)
    if payment.sale_id is None:
        entries = dispute_ledger.withdrawn(from_funds, taken - from_funds, -movement.money, fee)
    else:
        of_package = dispute_ledger.of_package(held, taken)
        entries = dispute_ledger.withdrawn_of_package(of_package, -movement.money, fee)
    post(tx, Kind.DISPUTED, payment, dispute.id, entries, now)


def _reinstate(
    tx: Session, payment: Payment, dispute: Dispute, movement: Movement, now: datetime
) -> None:
    """The money is the booking's again, or where its booking is over the practice's to keep."""
    to = Account.BOOKING_FUNDS if payment.ended_at is None else Account.RETAINED_FEES
    dispute.reinstated_at = now
    payment.disputed -= dispute.taken
    tx.flush()
    back = Money(-movement.fee, movement.money.currency)
    if payment.sale_id is None:
        entries = dispute_ledger.reinstated(dispute.taken_money, movement.money, back, to=to)
    else:
        taken = _posted(tx, payment, dispute)
        entries = dispute_ledger.reinstated_of_package(taken, movement.money, back)
    post(tx, Kind.REINSTATED, payment, dispute.id, entries, now)
    catch_up(tx, payment, now)


def _posted(tx: Session, payment: Payment, dispute: Dispute) -> Postings:
    """What the dispute took of a package's payment, account by account."""
    named = (*dispute_ledger.OF_A_PACKAGE, Account.DISPUTED)
    return tuple(
        Posting(Account(one.account), Money(one.amount, one.currency))
        for one in disputes.entries_of(tx, payment, Kind.DISPUTED, dispute.id)
        if one.account in named
    )


def _lose(
    tx: Session, payment: Payment, dispute: Dispute, movement: Movement, now: datetime
) -> None:
    if not disputes.is_posted(tx, payment, Kind.DISPUTE_LOST, dispute.id):
        entries = dispute_ledger.lost(-movement.money)
        post(tx, Kind.DISPUTE_LOST, payment, dispute.id, entries, now)
