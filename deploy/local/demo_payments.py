"""The demo in billing: accounts, prices, and what was paid and sent back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from deploy.local.demo import DemoData, DemoPractice, DemoSession
from deploy.local.demo_courses import offering_of, told_of
from services.billing import operations as billing
from services.billing.domain.facts import ChargeFacts
from services.billing.operations import receivables
from services.common.money import Money
from services.contracts.booking.events import BookingConfirmed


def load_payments(
    tx: Session,
    data: DemoData,
    practice: DemoPractice,
    sessions: list[DemoSession],
    charges: dict[UUID, ChargeFacts],
    now: datetime,
) -> None:
    """One practice: its Stripe account, its prices, a payment for each session, and what is owed
    for those of courses."""
    billing.connect_practice(
        tx, practice.id, practice.stripe_account, practice.commission_basis_points
    )
    for person in data.practitioners_of(practice.slug):
        for offering in person.offerings:
            money = Money(offering.price_minor, practice.currency)
            price = billing.NewPrice(
                offering.price_id, practice.id, offering.id, person.id, 1, money
            )
            billing.publish_price(tx, price, now=now)
    alone = [one for one in sessions if not one.of_course]
    past = [_paid(data, practice, one, charges.get(one.payment_id)) for one in alone]
    billing.import_past_payments(tx, practice.id, past)
    for session in sessions:
        if session.of_course:
            _owe(tx, data, session)


def _owe(tx: Session, data: DemoData, session: DemoSession) -> None:
    for fact, at in told_of(data, session):
        if isinstance(fact, BookingConfirmed):
            receivables.note_confirmed(tx, fact, at)
        else:
            receivables.note_attendance(tx, fact, at)


def _paid(
    data: DemoData, practice: DemoPractice, session: DemoSession, charge: ChargeFacts | None
) -> billing.PastPayment:
    client = data.client(session.client)
    ended = None
    if session.cancelled_at is not None:
        percent = 100 * session.refund_minor // session.price_minor
        refund = Money(session.refund_minor, session.currency)
        ended = billing.PastRefund(refund, percent, session.cancelled_at)
    return billing.PastPayment(
        id=session.payment_id,
        booking_id=session.booking_id,
        client_id=client.id,
        account_id=client.account_id,
        price_id=offering_of(data, session).price_id,
        money=Money(session.price_minor, session.currency),
        captured_at=session.booked_at,
        stripe_fee=_stripe_fee(session, charge),
        commission=session.price_minor * practice.commission_basis_points // 10_000,
        ended=ended,
        stripe_account_id=practice.stripe_account if charge else None,
        payment_intent_id=charge.payment_intent_id if charge else None,
    )


def _stripe_fee(session: DemoSession, charge: ChargeFacts | None) -> int:
    """What Stripe kept; for the past, what it would have kept at 1.5 % + 0.25."""
    if charge and charge.settlement:
        return charge.settlement.stripe_fee
    return session.price_minor * 15 // 1000 + 25
