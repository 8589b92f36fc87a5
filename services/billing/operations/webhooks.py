"""Stripe's webhooks: taken in quickly, understood later."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.billing.adapters.stripe import is_signed
from services.billing.adapters.stripe_event import Envelope
from services.billing.domain.retries import wait_before_retry
from services.billing.domain.webhooks import (
    OF_DISPUTES,
    OF_PAYOUTS,
    OF_REFUNDS,
    REFUNDED,
    SUBSCRIBED,
    UNKNOWN_CHARGE_WAITS,
    is_fresh,
)
from services.billing.models import StripeEvent
from services.billing.operations import payouts, work
from services.billing.operations.surroundings import itself
from services.billing.queries import payments, refunds, register
from services.billing.queries.work import claim_stripe_events
from services.common import context
from services.common.database import Database
from services.common.logging import get_logger
from services.contracts.billing import BadEvent, BadSignature, ReceiveWebhook, WebhookReceived

log = get_logger(__name__)
BATCH = 50


def check_webhook(command: ReceiveWebhook, secret: str, now: datetime) -> Envelope:
    """What the webhook is about. Raises BadSignature, BadEvent; touches nothing."""
    if not is_fresh(command.signature, now) or not is_signed(
        command.payload, command.signature, secret
    ):
        raise BadSignature("This webhook is not Stripe's.")
    try:
        return Envelope.model_validate_json(command.payload)
    except ValidationError as flaws:
        told = {".".join(map(str, flaw["loc"])): flaw["msg"] for flaw in flaws.errors()}
        raise BadEvent("This is no event of Stripe's.", {"payload": str(told)}) from None


def store_webhook(tx: Session, event: Envelope, *, now: datetime) -> WebhookReceived:
    """Keep the event by its id, whatever its type; a second copy changes nothing."""
    once = insert(StripeEvent).values(
        id=event.id,
        type=event.type,
        account=event.account,
        object_id=event.object_id,
        payment_id=event.payment_id,
        parent_id=event.parent_id,
        request_id=context.request_id() or context.new_request_id(),
        received_at=now,
        due_at=now,
    )
    stored = tx.execute(once.on_conflict_do_nothing().returning(StripeEvent.id)).first()
    return WebhookReceived(is_new=stored is not None)


def process_stripe_events(database: Database, now: datetime, lease: timedelta) -> int:
    """Turn webhooks into looks at payments; how many were claimed. Safe to run twice at once."""
    with database.plumbing() as tx:
        rows = claim_stripe_events(tx, now, BATCH, lease)
    for row in rows:
        with context.request(row.request_id):
            try:
                _process(database, row, now)
            except Exception:
                log.warning("a webhook could not be processed", event_id=row.id, exc_info=True)
                _keep(database, row, now)
    return len(rows)


def _process(database: Database, row: Any, now: datetime) -> None:
    with database.plumbing() as tx:
        practice_id = register.practice_of(tx, row.account) if row.account else None
    if row.type not in SUBSCRIBED | OF_REFUNDS | REFUNDED | OF_DISPUTES | OF_PAYOUTS:
        outcome = "ignored"
    elif practice_id is None:
        outcome = "unmatched"
    else:
        _ask_for_look(database, row, practice_id, now)
        return
    with database.plumbing() as tx:
        _mark(tx, row.id, outcome, now)


def _ask_for_look(database: Database, row: Any, practice_id: UUID, now: datetime) -> None:
    """Within the practice of the account only: a foreign payment's id matches nothing."""
    with database.transaction(itself(practice_id, f"stripe:{row.id}")) as tx:
        if row.type in OF_PAYOUTS:
            if row.object_id:
                payouts.announce(tx, practice_id, row.object_id, now)
            _mark(tx, row.id, "asked" if row.object_id else "unmatched", now)
            return
        payment_id = payments.payment_for_object(tx, row.payment_id, row.object_id, row.parent_id)
        if payment_id:
            _ask(tx, row.type, practice_id, payment_id, now)
        elif row.type in OF_DISPUTES and now < row.received_at + UNKNOWN_CHARGE_WAITS:
            return
        _mark(tx, row.id, "asked" if payment_id else "unmatched", now)


def _ask(tx: Session, kind: str, practice_id: UUID, payment_id: UUID, now: datetime) -> None:
    """Owe the look that an event of this kind asks for."""
    if kind in OF_DISPUTES:
        work.ask(tx, work.SETTLE_DISPUTES, practice_id, payment_id, now)
    elif kind in SUBSCRIBED:
        work.ask(tx, work.SETTLE_PAYMENT, practice_id, payment_id, now)
    if kind in REFUNDED:
        work.ask(tx, work.SETTLE_REFUNDS, practice_id, payment_id, now)
    if kind in OF_REFUNDS:
        for refund_id in refunds.checkable(tx, payment_id):
            work.ask(tx, work.CHECK_REFUND, practice_id, refund_id, now)


def _mark(tx: Session, event_id: str, outcome: str, now: datetime) -> None:
    same = StripeEvent.id == event_id
    tx.execute(update(StripeEvent).where(same).values(handled_at=now, outcome=outcome))


def _keep(database: Database, row: Any, now: datetime) -> None:
    tries = row.tries + 1
    wait = wait_before_retry(tries, is_refused=False)
    state = {"tries": tries, "parked_at": None if wait else now}
    with database.plumbing() as tx:
        later = update(StripeEvent).where(StripeEvent.id == row.id)
        tx.execute(later.values(**state, due_at=now + wait if wait else now))
