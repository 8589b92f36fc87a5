"""Balance transactions and the balance that they add up to."""

from __future__ import annotations

from collections import defaultdict

from deploy.local.stripe_twin.call import Call, Route
from deploy.local.stripe_twin.errors import Object
from deploy.local.stripe_twin.listing import page
from deploy.local.stripe_twin.params import ListParams
from deploy.local.stripe_twin.shapes import shaped

PENDING_SECONDS = 2 * 24 * 3600


class _ListParams(ListParams):
    type: str | None = None
    source: str | None = None
    currency: str | None = None


def fee_detail(kind: str, amount: int, currency: str, application: str | None) -> Object:
    """One part of a fee in minor units; `kind` is `stripe_fee` or `application_fee`."""
    words = {"stripe_fee": "Stripe processing fees", "application_fee": "Application fee"}
    return {
        "amount": amount,
        "application": application,
        "currency": currency,
        "description": words[kind],
        "type": kind,
    }


def book(
    call: Call,
    account: str,
    kind: str,
    amount: int,
    source: Object,
    *,
    description: str | None = None,
    fees: tuple[Object, ...] = (),
    is_pending: bool = False,
    category: str | None = None,
) -> Object:
    """A movement of an account's balance: net = amount - fees. Pending ones wait two days."""
    fee = sum(int(part["amount"]) for part in fees)
    by_kind = {
        "application_fee": "platform_earning",
        "application_fee_refund": "platform_earning_refund",
    }.get(kind, kind)
    return call.tx.insert(
        account,
        shaped(
            "balance_transaction",
            now=call.now,
            amount=amount,
            fee=fee,
            net=amount - fee,
            fee_details=list(fees),
            currency=source["currency"],
            source=source["id"],
            type=kind,
            reporting_category=category or by_kind,
            description=description,
            status="pending" if is_pending else "available",
            available_on=call.now + (PENDING_SECONDS if is_pending else 0),
        ),
    )


def _ripened(call: Call, body: Object) -> Object:
    body["status"] = "available" if body["available_on"] <= call.now else "pending"
    return body


def retrieve_transaction(call: Call, id: str) -> Object:
    """GET /v1/balance_transactions/{id}."""
    return _ripened(call, call.own("balance_transaction", id))


def list_transactions(call: Call) -> Object:
    """GET /v1/balance_transactions, by type, source and currency."""
    params = call.checked(_ListParams)
    found = page(
        call,
        "balance_transaction",
        "/v1/balance_transactions",
        params,
        type=params.type,
        source=params.source,
        currency=params.currency,
    )
    found["data"] = [_ripened(call, body) for body in found["data"]]
    return found


def retrieve(call: Call) -> Object:
    """GET /v1/balance: what is available and what is still pending, per currency."""
    account = call.tx.get("account", call.account)
    currency = str(account["default_currency"]) if account else "usd"
    sums: dict[str, dict[str, int]] = {
        "available": defaultdict(int, {currency: 0}),
        "pending": defaultdict(int, {currency: 0}),
    }
    rows = call.tx.sql.execute(
        "SELECT json_extract(body, '$.currency') AS currency,"
        " json_extract(body, '$.available_on') <= ? AS is_available,"
        " sum(json_extract(body, '$.net')) AS net FROM objects"
        " WHERE account = ? AND kind = 'balance_transaction' GROUP BY 1, 2",
        (call.now, call.account),
    )
    for row in rows:
        sums["available" if row["is_available"] else "pending"][row["currency"]] += row["net"]
    return {
        "object": "balance",
        "available": _amounts(sums["available"]),
        "connect_reserved": [{"amount": 0, "currency": currency}],
        "livemode": False,
        "pending": _amounts(sums["pending"]),
    }


def _amounts(sums: dict[str, int]) -> list[Object]:
    return [
        {"amount": amount, "currency": currency, "source_types": {"card": amount}}
        for currency, amount in sorted(sums.items())
    ]


ROUTES = [
    Route("GET", "/v1/balance", retrieve),
    Route("GET", "/v1/balance_transactions", list_transactions),
    Route("GET", "/v1/balance_transactions/{id}", retrieve_transaction),
]
