"""Money in the real house: a booking that is paid, an invoice that is issued and printed."""

from uuid import uuid4

from deploy.local.stack import Stack
from services.billing.operations import NewPrice, publish_price, receivables
from services.billing.operations.surroundings import itself
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.database import Database
from services.common.money import Money
from services.common.rpc.client import Caller
from services.contracts.billing import PaymentSucceeded
from services.contracts.billing.invoice_settings import (
    Country,
    InvoiceSettingsView,
    SetInvoiceSettings,
)
from services.contracts.billing.invoices import (
    GetInvoiceFile,
    InvoiceFileView,
    InvoiceKind,
    InvoiceView,
    IssueInvoice,
)
from services.contracts.booking.bookings import Attendance, BookingView
from services.contracts.booking.events import AttendanceRecorded
from tests.integration.profiles.broker import EventSource


def pay(stack: Stack, booking: BookingView) -> None:
    """The event by which billing tells that the money came."""
    with EventSource.of("billing", stack) as billing:
        billing.publish(
            PaymentSucceeded(
                occurred_at=utc_now(),
                practice_id=booking.practice_id,
                payment_id=uuid4(),
                booking_id=booking.id,
                money=Money(9500, "EUR"),
            )
        )


def write_invoice(
    gateway: Caller, billing: Database, booking: BookingView, name: str, address: str
) -> InvoiceView:
    """The invoice of a session that took place on account; its file was asked for as well."""
    _owe(billing, booking)
    desk = Actor(
        kind="person",
        account_id=uuid4(),
        practice_id=booking.practice_id,
        roles=frozenset({"billing"}),
    )
    settings = SetInvoiceSettings(
        country=Country.DE,
        language="de",
        time_zone="Europe/Berlin",
        legal_name="Praxis am Kanal",
        address="Kanalweg 1",
    )
    gateway.call("billing", "set_invoice_settings", settings, desk, InvoiceSettingsView)
    wanted = IssueInvoice(
        id=uuid4(),
        kind=InvoiceKind.INVOICE,
        client_id=booking.client_id,
        booking_ids=[booking.id],
        recipient_name=name,
        recipient_address=address,
    )
    seen = gateway.call("billing", "issue_invoice", wanted, desk, InvoiceView)
    asked = GetInvoiceFile(invoice_id=seen.id)
    gateway.call("billing", "get_invoice_file", asked, desk, InvoiceFileView)
    return seen


def _owe(billing: Database, booking: BookingView) -> None:
    now, us = utc_now(), itself(booking.practice_id, "test")
    price = NewPrice(
        booking.price_id,
        booking.practice_id,
        booking.offering_id,
        booking.practitioner_id,
        1,
        Money(9500, "EUR"),
    )
    came = AttendanceRecorded(
        occurred_at=now,
        practice_id=booking.practice_id,
        booking_id=booking.id,
        practitioner_id=booking.practitioner_id,
        client_id=booking.client_id,
        starts_at=booking.starts_at,
        attendance=Attendance.ATTENDED,
        number=1,
        refund_percent=0,
        is_on_account=True,
        price_id=booking.price_id,
    )
    with billing.transaction(us) as tx:
        publish_price(tx, price, now=now)
        receivables.note_attendance(tx, came, now)
