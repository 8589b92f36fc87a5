"""The end of Checkout Sessions that nobody paid."""

from __future__ import annotations

import json

from deploy.local.stripe_twin import events
from deploy.local.stripe_twin.call import Call
from deploy.local.stripe_twin.errors import Object
from deploy.local.stripe_twin.store import Tx


def expire_if_due(call: Call, session: Object) -> bool:
    """Expire an open session whose `expires_at` has come; whether it did."""
    if session["status"] != "open" or session["expires_at"] > call.now:
        return False
    expire(call, session)
    return True


def due_sessions(tx: Tx) -> list[tuple[str, Object]]:
    """Open sessions of any account whose time has come, each with its account."""
    rows = tx.sql.execute(
        "SELECT account, body FROM objects WHERE kind = 'checkout.session'"
        " AND json_extract(body, '$.status') = 'open'"
        " AND json_extract(body, '$.expires_at') <= ?",
        (tx.now,),
    )
    return [(row["account"], json.loads(row["body"])) for row in rows.fetchall()]


def expire(call: Call, session: Object) -> None:
    """Expire an open session: its payment is cancelled, `checkout.session.expired` follows."""
    session.update(status="expired", url=None)
    call.tx.save(session)
    intent = call.tx.get("payment_intent", session["payment_intent"] or "")
    if intent is not None and intent["status"] != "succeeded":
        intent.update(
            status="canceled",
            canceled_at=call.now,
            cancellation_reason="expired",
            next_action=None,
        )
        call.tx.save(intent)
        events.emit(call, "payment_intent.canceled", intent)
    events.emit(call, "checkout.session.expired", session)
