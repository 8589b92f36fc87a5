"""Claiming reminders: `python -m tests.bench.bench_reminders [--pending N] [--strict]`.

Prints JSON lines, on a private PostgreSQL that flushes to disk as the product's does. Claimed in
batches and singly by the product's own statement; then an empty poll over N reminders (200,000)
that are all still to come, in the server's own time: round trip and Python stand beside it.
With --strict the exit code is 1 when a goal is missed.
"""

import argparse
import json
import sys
from statistics import median
from time import perf_counter
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from deploy.local.servers import running_servers
from services.common.database import Database
from services.common.migrate import upgrade
from services.notify.queries import due

SINGLY = 500
BATCHES = 20
ROUNDS = 5
POLLS = 300
FILL = text(
    "INSERT INTO notify.due_messages (message_id, practice_id, due_at)"
    " SELECT gen_random_uuid(), gen_random_uuid(),"
    " now() + CAST(:from_ AS interval) + number * interval '1 second'"
    " FROM generate_series(CAST(:first AS bigint), :last) AS number"
)
FILLED_AT_ONCE = 50_000


def fill(database: Database, count: int, from_: str) -> None:
    """Write due work, the first row due `from_` from now, then one each second."""
    for first in range(1, count + 1, FILLED_AT_ONCE):
        last = min(count, first + FILLED_AT_ONCE - 1)
        with database.plumbing() as tx:
            tx.execute(FILL, {"first": first, "last": last, "from_": from_})


def empty(database: Database) -> None:
    """Forget all due work."""
    with database.plumbing() as tx:
        tx.execute(text("DELETE FROM notify.due_messages"))


def claimed_per_second(database: Database, limit: int, rounds: int) -> float:
    """Claim `rounds` times `limit` reminders, one transaction each; reminders a second."""
    count = 0
    began = perf_counter()
    for _ in range(rounds):
        with database.plumbing() as tx:
            count += len(due.claim(tx, uuid4(), limit))
    took = perf_counter() - began
    if count != rounds * limit:
        raise SystemExit(f"claimed {count} instead of {rounds * limit}")
    return count / took


def measure_claims(database: Database) -> tuple[float, float]:
    """Medians of interleaved rounds: reminders a second in batches and singly."""
    batched, singly = [], []
    for _ in range(ROUNDS):
        fill(database, BATCHES * due.BATCH + SINGLY, "-30 days")
        batched.append(claimed_per_second(database, due.BATCH, BATCHES))
        singly.append(claimed_per_second(database, 1, SINGLY))
        empty(database)
    return median(batched), median(singly)


def empty_poll_ms(database: Database, pending: int) -> tuple[float, float]:
    """Median milliseconds of a claim that finds nothing: the statement, and as a transaction."""
    fill(database, pending, "1 hour")
    with database.engine.connect() as connection:
        analyze = connection.execution_options(isolation_level="AUTOCOMMIT")
        analyze.execute(text("ANALYZE notify.due_messages"))
    with Session(database.engine) as tx:
        statement = [_timed_poll(tx) for _ in range(POLLS)]
    whole = []
    for _ in range(POLLS):
        began = perf_counter()
        with database.plumbing() as tx:
            due.claim(tx, uuid4())
        whole.append((perf_counter() - began) * 1_000)
    return median(statement), median(whole)


def _timed_poll(tx: Session) -> float:
    began = perf_counter()
    found = due.claim(tx, uuid4())
    took = (perf_counter() - began) * 1_000
    if found:
        raise SystemExit("an empty poll found something")
    return took


def explained_ms(database: Database) -> float:
    """What the server itself needs to run the claim and find nothing, median milliseconds."""
    claim = due.claiming(uuid4(), due.BATCH).compile(database.engine)
    explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {claim}"
    with Session(database.engine) as tx:
        run = tx.connection().exec_driver_sql
        plans = [run(explain, dict(claim.params)).scalar_one()[0] for _ in range(POLLS)]
    return median(float(plan["Execution Time"]) for plan in plans)


def report(pending: int) -> list[dict[str, object]]:
    """Measure everything on a server of its own."""
    with running_servers(names=("postgres",), is_durable=True) as servers:
        upgrade("notify", servers.stack.database_url("owner"))
        database = Database(servers.stack.database_url("notify"), pool_size=2)
        batched, singly = measure_claims(database)
        statement, whole = empty_poll_ms(database, pending)
        server = explained_ms(database)
        database.engine.dispose()
    ratio = batched / singly
    return [
        {"bench": "P5", "what": "claim, batches / singly", "ratio": round(ratio, 1),
         "goal": ">= 20", "is_met": ratio >= 20},
        {"bench": "P5", "what": f"empty poll over {pending:,} pending, in the server",
         "ms": round(server, 3), "goal": "<= 0.2", "is_met": server <= 0.2},
        {"bench": "P5", "what": "beside", "batched_per_second": round(batched),
         "singly_per_second": round(singly), "empty_poll_statement_ms": round(statement, 3),
         "empty_poll_transaction_ms": round(whole, 3)},
    ]  # fmt: skip


def main() -> int:
    """Measure and print; see the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pending", type=int, default=200_000, help="reminders to come")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a goal is missed")
    given = parser.parse_args()
    lines = report(given.pending)
    for line in lines:
        print(json.dumps(line))
    return int(given.strict and not all(line.get("is_met", True) for line in lines))


if __name__ == "__main__":
    sys.exit(main())
