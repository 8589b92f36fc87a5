"""`/_twin/…`: what befalls money after it was paid, at the press of a switch."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict

from deploy.local.stripe_twin import disputes, refunds
from deploy.local.stripe_twin.api import Api
from deploy.local.stripe_twin.call import Call
from deploy.local.stripe_twin.errors import Object
from deploy.local.stripe_twin.store import Store, Tx


class FailCommand(BaseModel):
    """The bank sends a refund back, because the card is closed or for another reason."""

    model_config = ConfigDict(extra="forbid")
    refund: str
    reason: str = "expired_or_canceled_card"


class OpenCommand(BaseModel):
    """A client disputes a charge with their bank; `inquiry`: the bank only asks for now."""

    model_config = ConfigDict(extra="forbid")
    charge: str
    reason: str = "fraudulent"


class DecideCommand(BaseModel):
    """The bank decides a dispute."""

    model_config = ConfigDict(extra="forbid")
    dispute: str
    outcome: disputes.Outcome


def router(store: Store, api: Api) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/_twin")

    @routes.post("/refunds/fail")
    def fail_refund(command: FailCommand) -> Object:
        with store.transaction() as tx:
            call, refund = _found(tx, api, "refund", command.refund)
            return refunds.fail(call, refund, command.reason)

    @routes.post("/disputes/open")
    def open_dispute(command: OpenCommand) -> Object:
        with store.transaction() as tx:
            call, charge = _found(tx, api, "charge", command.charge)
            return disputes.open_dispute(call, charge, command.reason)

    @routes.post("/disputes/decide")
    def decide(command: DecideCommand) -> Object:
        with store.transaction() as tx:
            call, dispute = _found(tx, api, "dispute", command.dispute)
            return disputes.decide(call, dispute, command.outcome)

    return routes


def _found(tx: Tx, api: Api, kind: str, object_id: str) -> tuple[Call, Object]:
    body = tx.get(kind, object_id)
    if body is None:
        raise HTTPException(404, f"no {kind} {object_id}")
    return api.call_for(tx, tx.account_of(object_id)), body
