"""`/_twin/…` for balances: payouts on demand or daily, and movements that nobody expects."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from deploy.local.stripe_twin import balance, payouts
from deploy.local.stripe_twin.api import Api
from deploy.local.stripe_twin.errors import Object
from deploy.local.stripe_twin.store import Store, Tx

_DAILY, _LAST_DAY = "daily_payouts", "last_payout_day"
_DAY = 24 * 3600


class PayOutCommand(BaseModel):
    """Pay out what an account has available now, or (`with_pending`) all that it has."""

    model_config = ConfigDict(extra="forbid")
    account: str
    with_pending: bool = False


class EndCommand(BaseModel):
    """What the bank did with a payout."""

    model_config = ConfigDict(extra="forbid")
    payout: str
    status: payouts.End


class DailyCommand(BaseModel):
    """Pay out every account once a day of the twin's clock; what has arrived by then is paid."""

    model_config = ConfigDict(extra="forbid")
    is_on: bool


class MoveCommand(BaseModel):
    """A movement of an account's balance that no call made, in minor units."""

    model_config = ConfigDict(extra="forbid")
    account: str
    type: Literal["adjustment", "stripe_fee", "application_fee_refund", "charge", "refund"]
    amount: int
    currency: str
    source: str | None = None
    description: str | None = None


class DriftCommand(BaseModel):
    """Make a movement other than it was (`change`), or have it never been (`is_gone`)."""

    model_config = ConfigDict(extra="forbid")
    id: str
    change: dict[str, Any] = Field(default_factory=dict)
    is_gone: bool = False


def pay_out_daily(store: Store, api: Api) -> int:
    """A day's payouts, if they are switched on and this day has had none; how many were made."""
    with store.transaction() as tx:
        day = str(tx.now // _DAY)
        if tx.setting(_DAILY) != "on" or tx.setting(_LAST_DAY) == day:
            return 0
        tx.keep_setting(_LAST_DAY, day)
        _end_arrived(tx, api)
        rows = tx.sql.execute("SELECT id FROM objects WHERE kind = 'account' ORDER BY seq")
        accounts = [row["id"] for row in rows.fetchall()]
        return sum(len(payouts.pay_out(api.call_for(tx, one))) for one in accounts)


def _end_arrived(tx: Tx, api: Api) -> None:
    for payout in tx.find("payout", "status", "in_transit"):
        if payout["arrival_date"] <= tx.now:
            payouts.end(api.call_for(tx, tx.account_of(payout["id"])), payout, "paid")


def router(store: Store, api: Api) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/_twin")

    @routes.post("/payouts")
    def pay_out(command: PayOutCommand) -> list[Object]:
        with store.transaction() as tx:
            _known(tx, "account", command.account)
            call = api.call_for(tx, command.account)
            return payouts.pay_out(call, with_pending=command.with_pending)

    @routes.post("/payouts/end")
    def end(command: EndCommand) -> Object:
        with store.transaction() as tx:
            payout = _known(tx, "payout", command.payout)
            return payouts.end(
                api.call_for(tx, tx.account_of(payout["id"])), payout, command.status
            )

    @routes.post("/payouts/daily")
    def switch_daily(command: DailyCommand) -> Object:
        with store.transaction() as tx:
            tx.keep_setting(_DAILY, "on" if command.is_on else "off")
        return {"made": pay_out_daily(store, api)}

    @routes.post("/balance")
    def move(command: MoveCommand) -> Object:
        with store.transaction() as tx:
            _known(tx, "account", command.account)
            source = {"id": command.source, "currency": command.currency}
            call, words = api.call_for(tx, command.account), command.description
            kind, amount = command.type, command.amount
            return balance.book(call, command.account, kind, amount, source, description=words)

    @routes.post("/balance/drift")
    def drift(command: DriftCommand) -> Object:
        with store.transaction() as tx:
            body = _known(tx, "balance_transaction", command.id)
            if command.is_gone:
                tx.sql.execute("DELETE FROM objects WHERE id = ?", (command.id,))
                return body
            return tx.save(body | command.change)

    return routes


def _known(tx: Tx, kind: str, object_id: str) -> Object:
    found = tx.get(kind, object_id)
    if found is None:
        raise HTTPException(404, f"no {kind} {object_id}")
    return found
