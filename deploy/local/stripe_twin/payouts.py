"""Payouts: what an account's balance sends to the bank, made for all that is available at once."""

from __future__ import annotations

from typing import Literal

from deploy.local.stripe_twin import balance, events
from deploy.local.stripe_twin.call import Call, Route
from deploy.local.stripe_twin.errors import Object
from deploy.local.stripe_twin.ids import new_id
from deploy.local.stripe_twin.listing import page
from deploy.local.stripe_twin.params import ListParams
from deploy.local.stripe_twin.shapes import shaped

ARRIVES_AFTER = 24 * 3600
#: https://docs.stripe.com/api/payouts/failures
_CLOSED = ("account_closed", "The bank account has been closed.")
End = Literal["paid", "failed"]


class _ListParams(ListParams):
    status: str | None = None


def pay_out(call: Call, *, with_pending: bool = False) -> list[Object]:
    """One payout per currency of what the account has available and has not paid out yet.

    A balance below nothing is taken from the bank. `with_pending` lets nothing wait.
    """
    rows = call.tx.sql.execute(
        "SELECT id, json_extract(body, '$.currency') AS currency,"
        " json_extract(body, '$.net') AS net FROM objects"
        " WHERE account = ? AND kind = 'balance_transaction'"
        " AND (? OR json_extract(body, '$.available_on') <= ?)"
        " AND id NOT IN (SELECT movement FROM payout_parts) ORDER BY seq",
        (call.account, with_pending, call.now),
    ).fetchall()
    parts: dict[str, list[tuple[str, int]]] = {}
    for row in rows:
        parts.setdefault(row["currency"], []).append((row["id"], row["net"]))
    made = (_made(call, currency, those) for currency, those in sorted(parts.items()))
    return [payout for payout in made if payout]


def _made(call: Call, currency: str, parts: list[tuple[str, int]]) -> Object | None:
    amount = sum(net for _, net in parts)
    if not amount:
        return None
    payout = shaped(
        "payout",
        now=call.now,
        amount=amount,
        currency=currency,
        arrival_date=call.now + ARRIVES_AFTER,
        destination=new_id("bank_account"),
        reconciliation_status="completed",
        status="in_transit",
    )
    movement = balance.book(
        call, call.account, "payout", -amount, payout, description="STRIPE PAYOUT"
    )
    payout["balance_transaction"] = movement["id"]
    call.tx.insert(call.account, payout)
    ids = [*(id_ for id_, _ in parts), movement["id"]]
    call.tx.sql.executemany(
        "INSERT INTO payout_parts (payout, movement) VALUES (?, ?)",
        [(payout["id"], id_) for id_ in ids],
    )
    events.emit(call, "payout.created", payout)
    return payout


def end(call: Call, payout: Object, how: End) -> Object:
    """The bank took it, or sent it back; a paid one may still fail, as Stripe says."""
    if payout["status"] in ("failed", how):
        return payout
    payout["status"] = how
    if how == "failed":
        back = balance.book(call, call.account, "payout_failure", payout["amount"], payout)
        payout["failure_code"], payout["failure_message"] = _CLOSED
        payout["failure_balance_transaction"] = back["id"]
    call.tx.save(payout)
    events.emit(call, "payout.updated", payout)
    events.emit(call, f"payout.{how}", payout)
    if how == "paid":
        events.emit(call, "payout.reconciliation_completed", payout)
    return payout


def retrieve(call: Call, id: str) -> Object:
    """GET /v1/payouts/{id}."""
    return call.own("payout", id)


def listed(call: Call) -> Object:
    """GET /v1/payouts, by status."""
    params = call.checked(_ListParams)
    return page(call, "payout", "/v1/payouts", params, status=params.status)


ROUTES = [
    Route("GET", "/v1/payouts", listed),
    Route("GET", "/v1/payouts/{id}", retrieve),
]
