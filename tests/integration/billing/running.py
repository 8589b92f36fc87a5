"""A practice's desk that invoices many clients at once."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from services.billing.operations import invoice_runs, work
from services.billing.tasks import LOOKS
from services.contracts.billing.invoice_runs import (
    GetInvoiceRun,
    InvoiceRunPage,
    InvoiceRunView,
    IssueInvoiceRun,
    StartInvoiceRun,
    StopInvoiceRun,
)
from tests.integration.billing.desk import NOW, MoneyDesk

UNTIL = date(2026, 11, 30)


@dataclass
class RunDesk(MoneyDesk):
    """Begins runs, lets the task go on with them, and looks at them."""

    def client(self, name: str) -> UUID:
        """A further client of the practice."""
        id_ = uuid7()
        self.world.clients.known[id_] = name
        return id_

    def start(self, id_: UUID | None = None, until_on: date = UNTIL, **other: Any) -> UUID:
        command = StartInvoiceRun(id=id_ or uuid7(), until_on=until_on)
        actor = other.get("actor", self.actor)
        with self.world.database.transaction(actor) as tx:
            invoice_runs.start_invoice_run(tx, command, actor=actor, now=NOW)
        return command.id

    def go_on(self, now: datetime = NOW) -> None:
        """What the task does, until nothing is due."""
        while work.work_off(self.world.around, LOOKS, lambda: now):
            pass

    def page(self, **asked: Any) -> InvoiceRunPage:
        with self.world.database.reading(self.actor) as tx:
            return invoice_runs.get_invoice_run(tx, GetInvoiceRun(**asked), actor=self.actor)

    def run(self) -> InvoiceRunView:
        found = self.page().run
        assert found is not None
        return found

    def ready(self, **other: Any) -> UUID:
        """A run that was looked up."""
        id_ = self.start(**other)
        self.go_on()
        return id_

    def issue_run(self, run_id: UUID, now: datetime = NOW) -> None:
        command = IssueInvoiceRun(run_id=run_id)
        with self.world.database.transaction(self.actor) as tx:
            invoice_runs.issue_invoice_run(tx, command, actor=self.actor, now=now)

    def stop_run(self, run_id: UUID) -> None:
        command = StopInvoiceRun(run_id=run_id)
        with self.world.database.transaction(self.actor) as tx:
            invoice_runs.stop_invoice_run(tx, command, actor=self.actor, now=NOW)
