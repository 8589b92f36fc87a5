"""The nameko class of billing, put together from a part for each of its themes."""

from sqlalchemy.orm import Session

from services.billing.operations import credits, endings, receivables
from services.billing.service.attention import AttentionCalls
from services.billing.service.invoice_runs import InvoiceRunCalls
from services.billing.service.invoices import InvoiceCalls
from services.billing.service.ledger import LedgerCalls
from services.billing.service.money_back import MoneyBackCalls
from services.billing.service.months import MonthCalls
from services.billing.service.packages import PackageCalls
from services.billing.service.payments import PaymentCalls
from services.billing.service.practice_payments import PracticePaymentCalls
from services.billing.service.reconciliation import ReconciliationCalls
from services.billing.service.reports import ReportCalls
from services.common.clock import utc_now
from services.common.events import handles
from services.contracts.booking.bookings import Attendance
from services.contracts.booking.events import (
    AttendanceRecorded,
    BookingCancelled,
    BookingConfirmed,
    BookingExpired,
    BookingHeld,
    BookingRefused,
)


class BillingService(
    PaymentCalls,
    PracticePaymentCalls,
    InvoiceCalls,
    InvoiceRunCalls,
    LedgerCalls,
    AttentionCalls,
    MoneyBackCalls,
    ReconciliationCalls,
    ReportCalls,
    PackageCalls,
    MonthCalls,
):
    """Prices, payments and refunds; Stripe's webhooks; what booking's events owe."""

    name = "billing"

    @handles(BookingHeld)
    def on_booking_held(self, tx: Session, event: BookingHeld) -> None:
        """Make the payment ready."""
        endings.prepare_for_hold(tx, event, utc_now())

    @handles(BookingExpired)
    def on_booking_expired(self, tx: Session, event: BookingExpired) -> None:
        """End the payment page."""
        endings.close_expired(tx, event, utc_now())

    @handles(BookingRefused)
    def on_booking_refused(self, tx: Session, event: BookingRefused) -> None:
        """Give all of it back."""
        now = utc_now()
        endings.refund_refused(tx, event, now)
        credits.end_refused(tx, event, now)

    @handles(BookingCancelled)
    def on_booking_cancelled(self, tx: Session, event: BookingCancelled) -> None:
        """Give back what the policy promises, or let the rest of it be owed."""
        now = utc_now()
        endings.refund_cancelled(tx, event, now)
        receivables.note_cancelled(tx, event, now)
        credits.end_cancelled(tx, event, now)

    @handles(BookingConfirmed)
    def on_booking_confirmed(self, tx: Session, event: BookingConfirmed) -> None:
        """Know of money that is open."""
        receivables.note_confirmed(tx, event, utc_now())

    @handles(AttendanceRecorded)
    def on_attendance_recorded(self, tx: Session, event: AttendanceRecorded) -> None:
        """Keep it, owe it, or give some of it back."""
        now = utc_now()
        receivables.note_attendance(tx, event, now)
        if event.attendance is Attendance.NO_SHOW:
            credits.end_missed(tx, event, now)
