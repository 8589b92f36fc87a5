"""`/_twin/…`: the switches and views for tests. No key is asked for: loopback only."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict

from deploy.local.stripe_twin import accounts, events, expiry, faults, payments
from deploy.local.stripe_twin.api import Api
from deploy.local.stripe_twin.cards import card_of
from deploy.local.stripe_twin.errors import Object, StripeError
from deploy.local.stripe_twin.store import Store


class PayCommand(BaseModel):
    """Pay a session without the page; `authenticate` answers 3-D Secure where it is asked."""

    model_config = ConfigDict(extra="forbid")
    session: str
    card: str = "4242424242424242"
    email: str | None = None
    name: str | None = None
    authenticate: Literal["succeed", "fail", "leave"] = "succeed"


class ClockCommand(BaseModel):
    """Set the clock `offset` seconds off the real time, or move it on by `advance` seconds."""

    model_config = ConfigDict(extra="forbid")
    offset: float | None = None
    advance: float | None = None


class RedeliverCommand(BaseModel):
    """Deliver events again: one by id, those of a type, or those whose delivery was lost."""

    model_config = ConfigDict(extra="forbid")
    event: str | None = None
    type: str | None = None
    is_lost: bool = False


class AccountCommand(BaseModel):
    """Switch an account's abilities, as Stripe may at any time."""

    model_config = ConfigDict(extra="forbid")
    id: str
    charges_enabled: bool | None = None
    payouts_enabled: bool | None = None


def expire_due_sessions(store: Store, api: Api) -> int:
    """Expire all open sessions whose time has come; how many."""
    with store.transaction() as tx:
        due = expiry.due_sessions(tx)
        for account, session in due:
            expiry.expire(api.call_for(tx, account), session)
    return len(due)


def router(store: Store, api: Api) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/_twin")

    @routes.post("/faults", status_code=201)
    def add_fault(fault: faults.Fault) -> Object:
        with store.transaction() as tx:
            return {"id": faults.add(tx, fault)}

    @routes.get("/faults")
    def list_faults() -> list[Object]:
        with store.transaction() as tx:
            return faults.listed(tx)

    @routes.delete("/faults", status_code=204)
    def clear_faults() -> None:
        with store.transaction() as tx:
            faults.clear(tx)

    @routes.post("/pay")
    def pay(command: PayCommand) -> Object:
        try:
            return _pay(store, api, command)
        except StripeError as refusal:
            raise HTTPException(refusal.status, refusal.body()["error"]) from refusal

    @routes.post("/clock")
    def set_clock(command: ClockCommand) -> Object:
        with store.transaction() as tx:
            offset = float(tx.setting("clock_offset") or 0)
            offset = command.offset if command.offset is not None else offset
            tx.keep_setting("clock_offset", str(offset + (command.advance or 0)))
        expired = expire_due_sessions(store, api)
        with store.transaction() as tx:
            return {"now": tx.now, "offset": offset + (command.advance or 0), "expired": expired}

    @routes.post("/webhooks/redeliver")
    def redeliver(command: RedeliverCommand) -> Object:
        with store.transaction() as tx:
            ids = _chosen_events(tx.sql, command)
            for event_id in ids:
                events.line_up(tx, event_id)
        return {"events": ids}

    @routes.post("/accounts")
    def switch_account(command: AccountCommand) -> Object:
        with store.transaction() as tx:
            body = tx.get("account", command.id)
            if body is None:
                raise HTTPException(404, f"no account {command.id}")
            body |= command.model_dump(exclude={"id"}, exclude_none=True)
            return accounts.changed(api.call_for(tx, command.id), body)

    _add_views(routes, store)
    return routes


def _add_views(routes: APIRouter, store: Store) -> None:
    @routes.get("/log")
    def show_log(
        path: str = "*",
        method: str = "*",
        limit: Annotated[int, Query(ge=1, le=100_000)] = 10_000,
    ) -> list[Object]:
        with store.transaction() as tx:
            rows = tx.sql.execute(
                "SELECT * FROM calls WHERE path GLOB ? AND method GLOB ? ORDER BY id DESC LIMIT ?",
                (path, method, limit),
            ).fetchall()
        return [dict(row) | {"is_replayed": bool(row["is_replayed"])} for row in reversed(rows)]

    @routes.get("/deliveries")
    def show_deliveries(event: str | None = None) -> list[Object]:
        with store.transaction() as tx:
            rows = tx.sql.execute(
                "SELECT d.*, json_extract(o.body, '$.type') AS type FROM deliveries d"
                " JOIN objects o ON o.id = d.event_id WHERE ? IS NULL OR d.event_id = ?"
                " ORDER BY d.id",
                (event, event),
            ).fetchall()
        return [dict(row) for row in rows]


def _pay(store: Store, api: Api, command: PayCommand) -> Object:
    """Pay in the transactions that the page would use: one, and one more for 3-D Secure."""
    card, payer = card_of(command.card), payments.Payer(command.email, command.name)
    with store.transaction() as tx:
        session = _session(tx.get("checkout.session", command.session), command.session)
        payer = payments.Payer(session["customer_email"] or payer.email, payer.name)
        call = api.call_for(tx, tx.account_of(session["id"]))
        intent = payments.pay(call, session, card, payer)
    if intent["status"] == "requires_action" and command.authenticate != "leave":
        with store.transaction() as tx:
            session = _session(tx.get("checkout.session", command.session), command.session)
            call = api.call_for(tx, tx.account_of(session["id"]))
            is_granted = command.authenticate == "succeed"
            intent = payments.authenticate(call, session, is_granted=is_granted)
    return {"status": intent["status"], "payment_intent": intent, "session": session}


def _session(found: Object | None, session_id: str) -> Object:
    if found is None:
        raise StripeError(404, f"No such checkout.session: '{session_id}'", param="session")
    return found


def _chosen_events(sql: Any, command: RedeliverCommand) -> list[str]:
    if command.event is None and command.type is None and not command.is_lost:
        raise HTTPException(422, "name an event, a type, or is_lost")
    rows = sql.execute(
        "SELECT id FROM objects WHERE kind = 'event' AND (? IS NULL OR id = ?)"
        " AND (? IS NULL OR json_extract(body, '$.type') = ?) AND (? = 0 OR id IN"
        " (SELECT event_id FROM deliveries WHERE state = 'lost')) ORDER BY seq",
        (command.event, command.event, command.type, command.type, command.is_lost),
    )
    return [row["id"] for row in rows]
