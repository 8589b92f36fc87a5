"""Charges for the demo's coming sessions, made at the Stripe twin, so that they can be refunded."""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import httpx

from deploy.local.demo import DemoPractice, DemoSession
from services.billing.adapters.stripe import Stripe
from services.billing.domain.facts import ChargeFacts, CheckoutOrder
from services.common.money import Money

AT_ONCE = 4
PAGE_LIVES = timedelta(hours=1)
SECONDS = 20.0
NOWHERE = "http://127.0.0.1/"


def charge_upcoming(
    practice: DemoPractice, sessions: Iterable[DemoSession], now: datetime
) -> dict[UUID, ChargeFacts]:
    """Pay each session that is still to come, with the test card; charges by payment id.

    Empty where there is no twin: a real account at Stripe is not filled with inventions.
    """
    twin = os.environ.get("STRIPE_API_BASE")
    if not twin:
        return {}
    stripe = Stripe(os.environ["STRIPE_API_KEY"], twin, seconds=SECONDS, retries=2)
    coming = [one for one in sessions if one.state == "confirmed" and not one.of_course]

    def charge(session: DemoSession) -> ChargeFacts | None:
        page = stripe.open_checkout(practice.stripe_account, _order(practice, session, now))
        http.post("/_twin/pay", json={"session": page.id}).raise_for_status()
        return stripe.checkout(practice.stripe_account, page.id).charge

    with (
        httpx.Client(base_url=twin, timeout=SECONDS, trust_env=False) as http,
        ThreadPoolExecutor(AT_ONCE) as hands,
    ):
        made = zip(coming, hands.map(charge, coming), strict=True)
        return {session.payment_id: facts for session, facts in made if facts}


def _order(practice: DemoPractice, session: DemoSession, now: datetime) -> CheckoutOrder:
    price = Money(session.price_minor, session.currency)
    commission = session.price_minor * practice.commission_basis_points // 10_000
    return CheckoutOrder(
        idempotency_key=f"demo-{session.payment_id}",
        payment_id=session.payment_id,
        booking_id=session.booking_id,
        price=price,
        commission=Money(commission, session.currency),
        success_url=NOWHERE,
        cancel_url=NOWHERE,
        expires_at=now + PAGE_LIVES,
    )
