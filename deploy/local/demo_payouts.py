"""A first payout for each practice of the demo: what its coming sessions brought, at the bank."""

import os

import httpx
from sqlalchemy.orm import Session

from deploy.local.demo import DemoPractice
from services.billing.operations.payouts import announce
from services.common.clock import utc_now

SECONDS = 20.0


def pay_out(practice: DemoPractice) -> list[str]:
    """Have the Stripe twin pay out all there is; the payouts' ids, none where there is no twin."""
    twin = os.environ.get("STRIPE_API_BASE")
    if not twin:
        return []
    with httpx.Client(base_url=f"{twin}/_twin", timeout=SECONDS, trust_env=False) as http:
        asked = {"account": practice.stripe_account, "with_pending": True}
        made = [one["id"] for one in http.post("/payouts", json=asked).raise_for_status().json()]
        for id_ in made:
            http.post("/payouts/end", json={"payout": id_, "status": "paid"}).raise_for_status()
    return made


def load_payouts(tx: Session, practice: DemoPractice, made: list[str]) -> None:
    """Let billing hear of them, as it will by Stripe's webhooks once it runs."""
    for id_ in made:
        announce(tx, practice.id, id_, utc_now())
