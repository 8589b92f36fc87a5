"""A practice that writes invoices: its settings, sessions that are owed or paid, its desk."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from services.billing.operations import (
    PastPayment,
    billable,
    crediting,
    import_past_payments,
    invoice_files,
    invoice_reading,
    invoice_settings,
    invoicing,
    receivables,
    statements,
)
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.money import Money
from services.contracts.billing.invoice_settings import (
    Country,
    InvoiceSettingsView,
    SetInvoiceLogo,
    SetInvoiceSettings,
)
from services.contracts.billing.invoices import (
    BillableView,
    CreditInvoice,
    GetInvoiceFile,
    GetStatement,
    InvoiceFileView,
    InvoiceKind,
    InvoicesPage,
    InvoiceView,
    IssueInvoice,
    ListBillable,
    ListInvoices,
    ListOwnInvoices,
)
from services.contracts.booking.billed import BilledSession
from services.contracts.booking.bookings import Attendance, BookingState
from services.contracts.booking.events import AttendanceRecorded
from tests.integration.billing.world import World

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SETTINGS: dict[str, Any] = {
    "country": Country.DE,
    "language": "de",
    "time_zone": "Europe/Berlin",
    "legal_name": "Praxis Lindenbogen",
    "address": "Lindenbogen 14\n10961 Berlin",
    "tax_id": "DE136695976",
}


def at_once(function: Any, *told: Any) -> Any:
    """Typesetting in the test's own thread."""
    return function(*told)


@dataclass
class MoneyDesk:
    """The desk of a world's practice, and whom it has to do with."""

    world: World
    role: str = "billing"
    account_id: UUID = field(default_factory=uuid7)

    @property
    def actor(self) -> Actor:
        return self.member(self.role)

    def member(self, role: str) -> Actor:
        return Actor(
            kind="person",
            account_id=self.account_id,
            practice_id=self.world.practice_id,
            roles=frozenset({role}),
        )

    def settle(self, **other: Any) -> InvoiceSettingsView:
        """Say who the practice is."""
        command = SetInvoiceSettings(**SETTINGS | other)
        with self.world.database.transaction(self.actor) as tx:
            return invoice_settings.set_invoice_settings(tx, command, actor=self.actor, now=NOW)

    def put_logo(self, png: bytes | None) -> InvoiceSettingsView:
        command = SetInvoiceLogo(png=base64.b64encode(png).decode() if png else None)
        with self.world.database.transaction(self.actor) as tx:
            return invoice_settings.set_invoice_logo(tx, command, actor=self.actor, now=NOW)

    def session(self, state: BookingState = BookingState.ATTENDED, **other: Any) -> UUID:
        """A session that took place, as booking tells of it."""
        world, id_ = self.world, uuid7()
        starts_at = NOW - timedelta(days=20 - len(world.bookings.sessions))
        told = {
            "booking_id": id_,
            "client_id": world.client_id,
            "account_id": world.account_id,
            "offering_id": world.price.offering_id,
            "practitioner_id": world.practitioner_id,
            "state": state,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=50),
            "time_zone": "Europe/Berlin",
        }
        world.bookings.sessions[id_] = BilledSession(**told | other)
        return id_

    def owed(self, state: BookingState = BookingState.ATTENDED, **other: Any) -> UUID:
        """One that its client owes for."""
        id_ = self.session(state, **other)
        told = self.world._event() | {"client_id": self.world.bookings.sessions[id_].client_id}
        event = AttendanceRecorded(
            **told | {"booking_id": id_},
            price_id=self.world.price.id,
            attendance=Attendance.ATTENDED,
            number=1,
            refund_percent=0,
            is_on_account=True,
        )
        with self.world.database.transaction(self.world.us) as tx:
            receivables.note_attendance(tx, event, utc_now())
        return id_

    def paid(self, **other: Any) -> UUID:
        """One that was paid ten days ago."""
        id_ = self.session(**other)
        past = PastPayment(
            id=uuid7(),
            booking_id=id_,
            client_id=self.world.client_id,
            account_id=self.world.account_id,
            price_id=self.world.price.id,
            money=self.world.money,
            captured_at=NOW - timedelta(days=10),
        )
        with self.world.database.transaction(self.world.us) as tx:
            import_past_payments(tx, self.world.practice_id, [past])
        return id_

    def command(self, *booking_ids: UUID, **other: Any) -> IssueInvoice:
        told = {
            "id": uuid7(),
            "kind": InvoiceKind.INVOICE,
            "client_id": self.world.client_id,
            "booking_ids": list(booking_ids),
            "recipient_name": "Jana Ohlendorf",
            "recipient_address": "Weg 3\n10999 Berlin",
        }
        return IssueInvoice(**told | other)

    def issue(self, *booking_ids: UUID, now: datetime = NOW, **other: Any) -> InvoiceView:
        return self.send(self.command(*booking_ids, **other), now)

    def send(self, command: IssueInvoice, now: datetime = NOW) -> InvoiceView:
        id_ = invoicing.issue_invoice(self.world.around, command, actor=self.actor, now=now)
        return self.invoice(id_)

    def credit(self, invoice_id: UUID, id_: UUID | None = None) -> InvoiceView:
        command = CreditInvoice(id=id_ or uuid7(), invoice_id=invoice_id, reason="Anschrift")
        with self.world.database.transaction(self.actor) as tx:
            found = crediting.credit_invoice(tx, command, actor=self.actor, now=NOW)
        return self.invoice(found)

    def invoice(self, id_: UUID, actor: Actor | None = None) -> InvoiceView:
        return invoice_reading.get_invoice(self.world.around, id_, actor=actor or self.actor)

    def listed(self, actor: Actor | None = None, **wanted: Any) -> InvoicesPage:
        actor = actor or self.actor
        with self.world.database.reading(actor) as tx:
            return invoice_reading.list_invoices(tx, ListInvoices(**wanted), actor=actor)

    def own(self, actor: Actor, **wanted: Any) -> InvoicesPage:
        with self.world.database.reading(actor) as tx:
            return invoice_reading.list_own_invoices(tx, ListOwnInvoices(**wanted), actor=actor)

    def billable(self) -> BillableView:
        asked = ListBillable(client_id=self.world.client_id)
        return billable.list_billable(self.world.around, asked, actor=self.actor)

    def file(self, id_: UUID, actor: Actor | None = None) -> InvoiceFileView:
        return invoice_files.get_invoice_file(
            self.world.around,
            GetInvoiceFile(invoice_id=id_),
            actor=actor or self.actor,
            now=NOW,
            aside=at_once,
        )

    def statement(self, now: datetime = NOW, **dates: date) -> InvoiceFileView:
        asked = GetStatement(client_id=self.world.client_id, **dates)
        return statements.get_statement(
            self.world.around, asked, actor=self.actor, now=now, aside=at_once
        )


def euros(amount: int) -> Money:
    return Money(amount, "EUR")
