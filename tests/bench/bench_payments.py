"""A page of a practice's payments: `python -m tests.bench.bench_payments [--strict]`.

The operation of the money desk with its queries behind the row-level policies, in a private
PostgreSQL: a practice with 1,000 payments against one with 1,000,000 in the same table. The first
page, one from the midst, and one of a state that few have; the two take turns. Prints JSON lines;
with --strict a missed goal fails.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from uuid import UUID

from uuid_utils.compat import uuid7

from deploy.local.servers import running_servers
from deploy.local.stack import Stack
from services.billing.domain.cursors import Position, encode
from services.billing.operations import NewPrice, publish_price
from services.billing.operations.practice_payments import list_practice_payments
from services.common.auth import Actor
from services.common.database import Database
from services.common.migrate import upgrade
from services.common.money import Money
from services.contracts.billing import PaymentState
from services.contracts.billing.practice_payments import ListPracticePayments
from tests.bench.report import Line, exit_code, print_lines
from tests.integration.billing.owner import as_owner

FEW, MANY = 1_000, 1_000_000
GOAL = 1.5
BLOCKS, IN_BLOCK = 9, 20
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
#: The payments of each practice lie within these days, however many there are.
DAYS = 2_000
# Each hundredth was never paid.
ROWS = """
INSERT INTO billing.payments (id, practice_id, booking_id, client_id, price_id, amount, currency,
    state, captured, captured_at, processed_at, created_at)
SELECT gen_random_uuid(), '{practice}', gen_random_uuid(), '{practice}', '{price}', 9000, 'EUR',
    CASE WHEN n % 100 = 0 THEN 'expired' ELSE 'succeeded' END,
    CASE WHEN n % 100 = 0 THEN 0 ELSE 9000 END,
    CASE WHEN n % 100 > 0 THEN at END, CASE WHEN n % 100 > 0 THEN at END, at
FROM (SELECT n, timestamptz '{first:%Y-%m-%d}+00' + n * interval '{days} days' / {count} AS at
      FROM generate_series(1, {count}) AS n) AS made
"""


@dataclass(frozen=True)
class Practice:
    """A practice with so many payments."""

    database: Database
    id: UUID

    def page(self, **asked: object) -> None:
        """What the service does for a call."""
        who = Actor("person", uuid7(), self.id, frozenset({"billing"}))
        with self.database.reading(who) as tx:
            told = list_practice_payments(tx, ListPracticePayments(**asked), actor=who)
        assert len(told.payments) == 25


def fill(stack: Stack, database: Database, count: int) -> Practice:
    """A practice with so many payments, written as the tables' owner in one statement."""
    practice = Practice(database, uuid7())
    price = NewPrice(uuid7(), practice.id, uuid7(), uuid7(), 1, Money(9000, "EUR"))
    with database.transaction(Actor(kind="service", practice_id=practice.id)) as tx:
        publish_price(tx, price, now=FIRST)
    told = {"practice": practice.id, "price": price.id, "first": FIRST, "days": DAYS}
    enter = f"SELECT set_config('attune.practice_id', '{practice.id}', true)"
    as_owner(stack, enter, ROWS.format(**told, count=count))
    as_owner(stack, "ANALYZE billing.payments")
    return practice


def pages() -> dict[str, dict[str, object]]:
    """What is asked for, by its name."""
    midst = Position(FIRST + timedelta(days=DAYS / 2), UUID(int=0))
    return {
        "first page": {},
        "page in the midst": {"cursor": encode(midst)},
        "page before it": {"cursor": encode(Position(midst.at, midst.id, is_back=True))},
        "page of a state that few have": {
            "states": [PaymentState.EXPIRED],
            "cursor": encode(Position(FIRST + timedelta(days=DAYS), UUID(int=0))),
        },
    }


def once(ask: Callable[[], None]) -> float:
    """Milliseconds of a call."""
    began = perf_counter()
    ask()
    return (perf_counter() - began) * 1_000


def measure(few: Practice, many: Practice, asked: dict[str, object]) -> tuple[float, float]:
    """Medians of both, in turns; the first block warms up."""
    taken: tuple[list[float], list[float]] = ([], [])
    for block in range(BLOCKS + 1):
        for practice, kept in zip((few, many), taken, strict=True):
            times = [once(lambda it=practice: it.page(**asked)) for _ in range(IN_BLOCK)]  # type: ignore[misc]
            kept.extend(times if block else [])
    return median(taken[0]), median(taken[1])


def line(name: str, few: float, many: float) -> Line:
    """What was found of one page."""
    ratio = many / few
    figures = {"ratio": round(ratio, 2), "few_ms": round(few, 2), "many_ms": round(many, 2)}
    told: Line = {"bench": "payments", "what": f"{name}, {MANY:,} rows / {FEW:,}", **figures}
    return {**told, "goal": f"<= {GOAL}", "is_met": ratio <= GOAL}


def main() -> int:
    """Measure and print; see the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strict", action="store_true", help="exit 1 when a goal is missed")
    strict = parser.parse_args().strict
    with running_servers(names=("postgres",)) as running:
        upgrade("billing", running.stack.database_url("owner"))
        database = Database(running.stack.database_url("billing"), pool_size=1)
        few, many = (fill(running.stack, database, count) for count in (FEW, MANY))
        lines = [line(name, *measure(few, many, asked)) for name, asked in pages().items()]
        database.engine.dispose()
    print_lines(lines)
    return exit_code(lines, strict=strict)


if __name__ == "__main__":
    sys.exit(main())
