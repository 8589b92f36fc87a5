"""Invoices of a month, at once or one by one: `python -m tests.bench.bench_month_end [--strict]`.

Two practices with 100,000 sessions on account each, four to a client, with their entries in the
ledger, in a private PostgreSQL. One invoices them by a run: a statement for each table, in a
transaction that also looks whether what is invoiced is what is owed and the books balance, with
all triggers. The other does what the desk's button does, client after client, for a tenth of them.
Booking and profiles answer from memory in both. Prints JSON lines; with --strict a missed goal
fails.
"""

import argparse
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from uuid import UUID

from sqlalchemy import text
from uuid_utils.compat import uuid7

from deploy.local.servers import running_servers
from deploy.local.stack import Stack
from services.billing.adapters.stripe import Stripe
from services.billing.operations import (
    NewPrice,
    invoice_run_work,
    invoice_runs,
    invoice_settings,
    invoicing,
    publish_price,
)
from services.billing.operations.surroundings import Surroundings
from services.billing.queries import invoice_runs as runs
from services.common.auth import Actor
from services.common.database import Database
from services.common.migrate import upgrade
from services.common.money import Money
from services.contracts.billing.invoice_runs import IssueInvoiceRun, StartInvoiceRun
from services.contracts.billing.invoice_settings import SetInvoiceSettings
from services.contracts.billing.invoices import InvoiceKind, IssueInvoice
from services.contracts.booking.billed import BilledSession
from services.contracts.booking.bookings import BookingState
from tests.bench.report import Line, exit_code, print_lines
from tests.integration.billing.desk import SETTINGS
from tests.integration.billing.owner import as_owner
from tests.integration.billing.world import KnownBookings, KnownClients

SESSIONS, EACH, ONE_BY_ONE = 100_000, 4, 2_500
GOAL = 20
FIRST, NOW = datetime(2026, 11, 2, 9, tzinfo=UTC), datetime(2026, 12, 1, 8, tzinfo=UTC)
UNTIL = date(2026, 11, 30)
OWED = """
CREATE TEMP TABLE made AS SELECT gen_random_uuid() AS id, gen_random_uuid() AS moved,
    gen_random_uuid() AS booking_id, md5('{practice}' || n / {each})::uuid AS client_id
FROM generate_series(0, {count} - 1) AS n;
INSERT INTO billing.receivables (id, practice_id, booking_id, client_id, price_id, amount, currency,
    owed, number, created_at, changed_at)
SELECT id, '{practice}', booking_id, client_id, '{price}', 9000, 'EUR', 9000, 1, '{at}', '{at}'
FROM made;
INSERT INTO billing.ledger_transactions (id, practice_id, kind, receivable_id, source_id,
    occurred_at)
SELECT moved, '{practice}', 'owed', id, id, '{at}' FROM made;
INSERT INTO billing.postings (practice_id, transaction_id, account, currency, amount)
SELECT '{practice}', moved, account, 'EUR', amount FROM made
CROSS JOIN (VALUES ('receivables', 9000), ('session_fees', -9000)) AS sides (account, amount);
DROP TABLE made
"""


@dataclass
class Practice:
    """A practice with its sessions on account, and who knows of them."""

    database: Database
    id: UUID = field(default_factory=uuid7)
    bookings: KnownBookings = field(default_factory=KnownBookings)
    clients: KnownClients = field(default_factory=KnownClients)
    of_client: dict[UUID, list[UUID]] = field(default_factory=dict)

    @property
    def desk(self) -> Actor:
        return Actor("person", self.id, self.id, frozenset({"billing"}))

    @property
    def around(self) -> Surroundings:
        nobody, wait = Stripe("none", None, seconds=1, retries=0), timedelta(seconds=60)
        return Surroundings(self.database, nobody, self.bookings, self.clients, wait, wait)

    def invoices(self) -> int:
        query = text("SELECT count(*) FROM billing.invoices")
        with self.database.reading(self.desk) as tx:
            return int(tx.scalar(query) or 0)


def fill(stack: Stack, database: Database) -> Practice:
    """A practice that is owed for so many sessions, by the ledger as well."""
    practice, price_id = Practice(database), uuid7()
    with database.transaction(practice.desk) as tx:
        price = NewPrice(price_id, practice.id, uuid7(), uuid7(), 1, Money(9000, "EUR"))
        publish_price(tx, price, now=FIRST)
        settings = SetInvoiceSettings(**SETTINGS)
        invoice_settings.set_invoice_settings(tx, settings, actor=practice.desk, now=FIRST)
    told = {"practice": practice.id, "price": price_id, "at": FIRST.isoformat()}
    enter = f"SELECT set_config('attune.practice_id', '{practice.id}', true)"
    as_owner(stack, enter, OWED.format(**told, count=SESSIONS, each=EACH))
    as_owner(stack, "ANALYZE billing.receivables", "ANALYZE billing.postings")
    _tell(practice)
    return practice


def _tell(practice: Practice) -> None:
    """Let booking and profiles know of the sessions."""
    offering_id = uuid7()
    with practice.database.reading(practice.desk) as tx:
        query = text("SELECT booking_id, client_id FROM billing.receivables")
        rows = tx.execute(query).all()
    for n, (booking_id, client_id) in enumerate(rows):
        starts_at = FIRST + timedelta(days=n % 27)
        practice.of_client.setdefault(client_id, []).append(booking_id)
        practice.clients.known[client_id] = f"Client {client_id.hex[:6]}"
        practice.bookings.sessions[booking_id] = BilledSession(
            booking_id=booking_id,
            client_id=client_id,
            account_id=client_id,
            offering_id=offering_id,
            practitioner_id=offering_id,
            state=BookingState.ATTENDED,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=50),
            time_zone="Europe/Berlin",
        )


def at_once(practice: Practice) -> tuple[float, float]:
    """Seconds of issuing all of them, and of looking them up before."""
    run_id, actor = uuid7(), practice.desk
    began = perf_counter()
    with practice.database.transaction(actor) as tx:
        command = StartInvoiceRun(id=run_id, until_on=UNTIL)
        invoice_runs.start_invoice_run(tx, command, actor=actor, now=NOW)
    while invoice_run_work.go_on(practice.around, practice.id, run_id, NOW) is not None:
        pass
    ready = perf_counter()
    with practice.database.transaction(actor) as tx:
        issue = IssueInvoiceRun(run_id=run_id)
        invoice_runs.issue_invoice_run(tx, issue, actor=actor, now=NOW)
    asked = perf_counter()
    invoice_run_work.go_on(practice.around, practice.id, run_id, NOW)
    issued = perf_counter() - asked
    with practice.database.reading(actor) as tx:
        run = runs.latest(tx, practice.id)
        assert run is not None
        assert run.state == "issued"
        assert run.totals == {"EUR": SESSIONS * 9000}
    assert practice.invoices() == SESSIONS // EACH
    return issued, ready - began


def one_by_one(practice: Practice) -> float:
    """Seconds of issuing a tenth of them as the desk's button does."""
    clients = list(practice.of_client.items())[:ONE_BY_ONE]
    began = perf_counter()
    for client_id, booking_ids in clients:
        command = IssueInvoice(
            id=uuid7(),
            kind=InvoiceKind.INVOICE,
            client_id=client_id,
            booking_ids=booking_ids,
            recipient_name=practice.clients.known[client_id],
        )
        invoicing.issue_invoice(practice.around, command, actor=practice.desk, now=NOW)
    taken = perf_counter() - began
    assert practice.invoices() == ONE_BY_ONE
    return taken


def line(issued: float, looked_up: float, singly: float) -> Line:
    """The ratio, of as many invoices; with what looking up takes, beside."""
    all_singly = singly * (SESSIONS / EACH) / ONE_BY_ONE
    ratio = all_singly / issued
    told: Line = {
        "bench": "month_end",
        "what": f"{SESSIONS:,} sessions on {SESSIONS // EACH:,} invoices, one by one / at once",
        "ratio": round(ratio, 1),
        "at_once_s": round(issued, 2),
        "one_by_one_ms_each": round(singly * 1_000 / ONE_BY_ONE, 2),
        "looking_up_before_s": round(looked_up, 2),
        "ratio_with_looking_up": round(all_singly / (issued + looked_up), 1),
    }
    return {**told, "goal": f">= {GOAL}", "is_met": ratio >= GOAL}


def main() -> int:
    """Measure and print; see the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strict", action="store_true", help="exit 1 when a goal is missed")
    strict = parser.parse_args().strict
    with running_servers(names=("postgres",)) as running:
        upgrade("billing", running.stack.database_url("owner"))
        database = Database(running.stack.database_url("billing"), pool_size=2)
        many, singly = (fill(running.stack, database) for _ in range(2))
        taken = one_by_one(singly)
        lines = [line(*at_once(many), taken)]
        database.engine.dispose()
    print_lines(lines)
    return exit_code(lines, strict=strict)


if __name__ == "__main__":
    sys.exit(main())
