"""Events, written in the transaction that made them happen, and the rows of their delivery."""

from __future__ import annotations

import copy
import time
from typing import Any

import stripe

from deploy.local.stripe_twin import faults
from deploy.local.stripe_twin.call import Call, Route
from deploy.local.stripe_twin.errors import Object
from deploy.local.stripe_twin.listing import page
from deploy.local.stripe_twin.params import ListParams
from deploy.local.stripe_twin.shapes import shaped
from deploy.local.stripe_twin.store import Tx


def emit(
    call: Call, kind: str, body: Object, *, account: str | None = None, **previous: Any
) -> Object:
    """Write an event about `body` as it is now, and line it up for delivery.

    `account` defaults to the call's; events of connected accounts carry it as `account`.
    `previous` holds the former values of what an update changed.
    """
    owner = account or call.account
    data: Object = {"object": copy.deepcopy(body)}
    if previous:
        data["previous_attributes"] = previous
    event = shaped(
        "event",
        now=call.now,
        api_version=stripe.api_version,
        type=kind,
        data=data,
        pending_webhooks=1,
        request={"id": call.request_id, "idempotency_key": call.idempotency_key},
    )
    if owner != call.platform:
        event["account"] = owner
    call.tx.insert(owner, event)
    _line_up(call.tx, event["id"], kind)
    return event


def _line_up(tx: Tx, event_id: str, kind: str) -> None:
    plan = faults.delivery_plan(tx, kind)
    for delay in plan.delays:
        line_up(tx, event_id, delay=delay)
    if plan.is_lost:
        line_up(tx, event_id, state="lost")


def line_up(tx: Tx, event_id: str, *, delay: float = 0.0, state: str = "due") -> None:
    """One more delivery of an event, due after `delay` seconds of real time."""
    now = time.time()
    tx.sql.execute(
        "INSERT INTO deliveries (event_id, state, first_at, next_at) VALUES (?, ?, ?, ?)",
        (event_id, state, now, now + delay),
    )


class _ListParams(ListParams):
    type: str | None = None
    types: list[str] | None = None
    delivery_success: bool | None = None


def retrieve(call: Call, id: str) -> Object:
    """GET /v1/events/{id}."""
    return call.own("event", id)


def listed(call: Call) -> Object:
    """GET /v1/events, by type. `types` and `delivery_success` narrow the page that was found."""
    params = call.checked(_ListParams)
    found = page(call, "event", "/v1/events", params, type=params.type)
    if params.types:
        found["data"] = [event for event in found["data"] if event["type"] in params.types]
    if params.delivery_success is not None:
        found["data"] = [
            event
            for event in found["data"]
            if (event["pending_webhooks"] == 0) == params.delivery_success
        ]
    return found


ROUTES = [
    Route("GET", "/v1/events", listed),
    Route("GET", "/v1/events/{id}", retrieve),
]
