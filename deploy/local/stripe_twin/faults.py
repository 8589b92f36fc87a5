"""Switches for faults: which calls and webhooks go wrong, how, and how often.

Faults are kept on disk, so that they also hold across a restart.
"""

from __future__ import annotations

import fnmatch
import json
import random
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from deploy.local.stripe_twin.errors import Object
from deploy.local.stripe_twin.store import Tx

CallKind = Literal["drop_answer", "error_before", "error_after", "delay", "rate_limit"]
WebhookKind = Literal["webhook_lose", "webhook_duplicate", "webhook_delay", "webhook_reorder"]


class Fault(BaseModel):
    """One switch.

    Calls: `drop_answer` executes and closes the connection without a byte; `error_before`
    answers 500 and does nothing; `error_after` executes and answers 500 (an idempotency key
    keeps that 500); `delay` waits `seconds` before executing, with the key taken;
    `rate_limit` answers 429. `path` is a glob over the path (also of the payment page).
    Webhooks: `webhook_lose` never delivers; `webhook_duplicate` delivers twice;
    `webhook_delay` waits `seconds`; `webhook_reorder` with a `count` delivers so many events
    in reverse (the first waits count times seconds, the last once), without it scatters
    them over `seconds`. `event_type` is a glob.
    `count` is how often it strikes (null: always), `probability` how likely.
    """

    model_config = ConfigDict(extra="forbid")
    kind: CallKind | WebhookKind
    path: str = "*"
    method: str = "*"
    event_type: str = "*"
    count: Annotated[int, Field(ge=1)] | None = None
    probability: Annotated[float, Field(gt=0, le=1)] = 1.0
    seconds: Annotated[float, Field(ge=0, le=3600)] = 1.0


@dataclass(frozen=True)
class CallPlan:
    """What goes wrong with one call."""

    kinds: frozenset[str] = frozenset()
    delay: float = 0.0

    def __contains__(self, kind: str) -> bool:
        return kind in self.kinds

    def __str__(self) -> str:
        return "+".join(sorted(self.kinds))


@dataclass
class DeliveryPlan:
    """When an event is delivered: one delay in seconds per delivery."""

    delays: list[float] = field(default_factory=lambda: [0.0])
    is_lost: bool = False


def add(tx: Tx, fault: Fault) -> int:
    """Switch a fault on; its number."""
    row = tx.sql.execute(
        "INSERT INTO faults (body, remaining) VALUES (?, ?)",
        (fault.model_dump_json(), fault.count),
    )
    return int(row.lastrowid or 0)


def clear(tx: Tx) -> None:
    """Switch all faults off."""
    tx.sql.execute("DELETE FROM faults")


def listed(tx: Tx) -> list[Object]:
    """All faults, the used up ones too, with what is left of them and how often they struck."""
    rows = tx.sql.execute("SELECT id, body, remaining, hits FROM faults ORDER BY id")
    return [
        {"id": row["id"], "remaining": row["remaining"], "hits": row["hits"]}
        | json.loads(row["body"])
        for row in rows
    ]


def call_plan(tx: Tx, method: str, path: str) -> CallPlan:
    """What strikes this call; counts the strikes."""
    struck = []
    for number, fault, _ in _live(tx):
        if (
            not fault.kind.startswith("webhook_")
            and fnmatch.fnmatchcase(path, fault.path)
            and fnmatch.fnmatchcase(method, fault.method)
            and _strikes(tx, number, fault)
        ):
            struck.append(fault)
    waits = sum(fault.seconds for fault in struck if fault.kind == "delay")
    return CallPlan(frozenset(fault.kind for fault in struck), waits)


def delivery_plan(tx: Tx, event_type: str) -> DeliveryPlan:
    """What strikes the delivery of this event; counts the strikes."""
    plan = DeliveryPlan()
    for number, fault, remaining in _live(tx):
        if (
            fault.kind.startswith("webhook_")
            and fnmatch.fnmatchcase(event_type, fault.event_type)
            and _strikes(tx, number, fault)
        ):
            _apply(plan, fault, remaining)
    return plan


def _apply(plan: DeliveryPlan, fault: Fault, remaining: int | None) -> None:
    if fault.kind == "webhook_lose":
        plan.delays, plan.is_lost = [], True
    elif fault.kind == "webhook_duplicate":
        plan.delays = plan.delays * 2
    elif fault.kind == "webhook_delay":
        plan.delays = [delay + fault.seconds for delay in plan.delays]
    elif remaining is None:
        plan.delays = [delay + random.uniform(0, fault.seconds) for delay in plan.delays]
    else:
        plan.delays = [delay + remaining * fault.seconds for delay in plan.delays]


def _live(tx: Tx) -> list[tuple[int, Fault, int | None]]:
    rows = tx.sql.execute(
        "SELECT id, body, remaining FROM faults WHERE remaining IS NULL OR remaining > 0"
        " ORDER BY id"
    )
    return [
        (row["id"], Fault.model_validate_json(row["body"]), row["remaining"])
        for row in rows.fetchall()
    ]


def _strikes(tx: Tx, number: int, fault: Fault) -> bool:
    if random.random() >= fault.probability:
        return False
    tx.sql.execute(
        "UPDATE faults SET hits = hits + 1, remaining = remaining - 1 WHERE id = ?", (number,)
    )
    return True
