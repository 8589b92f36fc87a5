"""From commit to handled: `python -m tests.bench.bench_events [--strict]`.

A product of its own at rest, one practice, one guest after the other: each books, pays and gives
back, with a pause after each act, so that the events are the product's own, over the real outbox,
relay, broker and handlers, and nothing else is under way. Prints JSON lines.

A wait is told rather too long than too short: it begins with the transaction that emits, which
PostgreSQL notes in the outbox, and ends when the handler's transaction is committed, which
PostgreSQL notes for the inbox's row (`track_commit_timestamp`). What leaves later on purpose
(`Event.leaves_after`, docs/adr/0029) is no part of the promise: it stands beside it, less the wait
that it was given.
"""

import argparse
import asyncio
import sys
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from datetime import timedelta
from statistics import median
from time import monotonic
from typing import NamedTuple

import psycopg2

import services.contracts.billing
import services.contracts.booking.events  # noqa: F401 - registers what leaves later
from deploy.local.database_roles import target_url
from deploy.local.names import SERVICES
from deploy.local.product import Product, running_product
from services.common.messages import Event
from tests.bench.report import Line, exit_code, percentiles, print_lines
from tests.factories.clinic import Clinic, open_clinic
from tests.factories.guest import Api, Guest
from tests.factories.limits import ONE_ADDRESS
from tests.factories.witness import Till, Witness

TOLD = {"ATTUNE_DEMO": "0", **ONE_ADDRESS}
GUESTS, WARM_UP = 20, 2
#: Seconds after which nothing is left to do of an act.
AFTERMATH = 1.0
PATIENCE_SECONDS = 60.0
GOAL_MS = 150
#: What the main job tells of: a run in which one of them was not heard measured something else.
HEARD = {
    "booking_held", "payment_started", "payment_succeeded",
    "booking_confirmed", "booking_cancelled", "refund_made",
}  # fmt: skip
WAITS = """
    SELECT o.publisher, o.type, i.handler,
           extract(epoch FROM i.handled_at - o.created_at)::float * 1000
    FROM ({outboxes}) AS o JOIN ({inboxes}) AS i USING (event_id)
    WHERE o.created_at >= %s::timestamptz"""
OUTBOX = "SELECT '{0}' AS publisher, event_id, type, created_at FROM {0}.outbox"
INBOX = "SELECT event_id, handler, pg_xact_commit_timestamp(xmin) AS handled_at FROM {0}.inbox"


class Wait(NamedTuple):
    """How long one handler's effect came after one event, in milliseconds."""

    publisher: str
    type: str
    handler: str
    ms: float

    @property
    def leaves_after(self) -> timedelta:
        """The wait that this kind of event is given on purpose."""
        return Event.kinds[self.publisher, self.type].leaves_after


def keep_commit_times(product: Product) -> None:
    """Let PostgreSQL note when each transaction was committed; it starts anew for that."""
    with closing(psycopg2.connect(target_url(product.stack))) as server:
        server.autocommit = True
        server.cursor().execute("ALTER SYSTEM SET track_commit_timestamp = on")
    product.restart("postgres")
    product.wait_until_ready()


async def live(base_url: str, twin_url: str, clinic: Clinic, witness: Witness) -> str:
    """Let one guest after the other book, pay and give back; when the measured ones began."""
    async with Api(base_url, at_once=2) as api, Till(twin_url) as till:
        await api.find(clinic)
        starts = await api.starts(clinic, first_day=4, days=14)
        began = ""
        for number, start in enumerate(starts[: WARM_UP + GUESTS]):
            if number == WARM_UP:
                began = str(witness.rows("SELECT now()::text")[0][0])
            await _whole_job(Guest(api, clinic, start), till)
    return began


async def _whole_job(guest: Guest, till: Till) -> None:
    booked = await guest.book()
    assert booked.status_code == 201, booked.text
    await asyncio.sleep(AFTERMATH)
    assert await till.pay(guest.session)
    await _until(guest, "booking", "confirmed")
    await asyncio.sleep(AFTERMATH)
    assert (await guest.cancel())[0] == 200
    await _until(guest, "payment", "refunded")
    await asyncio.sleep(AFTERMATH)


async def _until(guest: Guest, what: str, state: str) -> None:
    """Ask now and then until the guest's booking or payment is in this state."""
    until = monotonic() + PATIENCE_SECONDS
    while monotonic() < until:
        seen = await (guest.booking() if what == "booking" else guest.payment())
        if seen["state"] == state:
            return
        await asyncio.sleep(AFTERMATH)
    raise SystemExit(f"the {what} was never {state}")


def waits_since(witness: Witness, began: str) -> list[Wait]:
    """What was handled of all events since then."""
    outboxes, inboxes = (
        " UNION ALL ".join(one.format(service) for service in SERVICES) for one in (OUTBOX, INBOX)
    )
    asked = WAITS.format(outboxes=outboxes, inboxes=inboxes)
    found = [Wait(*row) for row in witness.rows(asked, began)]
    if silent := HEARD - {wait.type for wait in found}:
        raise SystemExit(f"never handled: {', '.join(sorted(silent))}")
    return found


def told(waits: Iterable[Wait]) -> list[Line]:
    """The promise, then each kind of event that came more than once beside it."""
    kinds: dict[str, list[Wait]] = defaultdict(list)
    for wait in waits:
        kinds[wait.type].append(wait)
    prompt = [one.ms for kind in kinds.values() for one in kind if not one.leaves_after]
    often = [kinds[name] for name in sorted(kinds) if len(kinds[name]) > 1]
    p50 = median(prompt)
    promise: dict[str, object] = {
        "bench": "events",
        "what": "commit to handled, at rest",
        "count": len(prompt),
    }
    met = {
        "ratio": round(p50 / GOAL_MS, 2),
        "goal": f"p50 <= {GOAL_MS} ms",
        "is_met": p50 <= GOAL_MS,
    }
    return [promise | percentiles(prompt) | met, *map(_kind, often)]


def _kind(waits: list[Wait]) -> Line:
    """One kind of event, without a goal of its own."""
    later = waits[0].leaves_after / timedelta(milliseconds=1)
    line: dict[str, object] = {"bench": "events", "what": waits[0].type, "count": len(waits)}
    figures = percentiles([wait.ms - later for wait in waits])
    return line | figures | ({"leaves_later_by_ms": round(later)} if later else {})


def main() -> int:
    """Start, measure and print; see the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strict", action="store_true", help="exit 1 when a goal is missed")
    strict = parser.parse_args().strict
    with running_product(told=TOLD, may_join=False) as product:
        keep_commit_times(product)
        witness = Witness(product)
        clinic = open_clinic(product)
        began = asyncio.run(live(product.base_url, product.twin_url, clinic, witness))
        lines = told(waits_since(witness, began))
    print_lines(lines)
    return exit_code(lines, strict=strict)


if __name__ == "__main__":
    sys.exit(main())
