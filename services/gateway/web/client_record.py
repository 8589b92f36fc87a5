"""What the record of one client shows; nothing of it is clinical."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.contracts.billing import ClientAccountView, ClientSum
from services.contracts.booking.bookings import BookingView
from services.contracts.booking.caseload import ClientBookingsPage
from services.contracts.plans.content import Party
from services.contracts.plans.views import PlanLine
from services.contracts.profiles.records import ClientRecordView
from services.gateway.web import intake_marks, labels, links, plan_pauses, sessions
from services.gateway.web.links import with_query
from services.gateway.web.money_desk import KEEPS_MONEY, money_url
from services.gateway.web.paging import Trail
from services.gateway.web.receiving import Desk
from services.gateway.web.zones import ShownZone

Context = dict[str, Any]
WAITS = {Party.PRACTITIONER: "waits for you", Party.CLIENT: "waits for the client"}


@dataclass(frozen=True, slots=True)
class Seen:
    """A client as the services tell of them; `plans` is None where that cannot be told now."""

    record: ClientRecordView
    booked: ClientBookingsPage
    account: ClientAccountView
    plans: list[PlanLine] | None


def context(desk: Desk, seen: Seen, trail: Trail, shown: ShownZone, now: datetime) -> Context:
    """The page's context."""
    record, booked = seen.record, seen.booked
    return {
        "back_url": desk.url("/clients"),
        "client": _client(record, now),
        "zone_label": shown.name,
        "bookings": _bookings(seen, shown, now, is_named=desk.sees_all),
        "pages": _pages(desk, record.id, trail, booked.next_cursor),
        "sums": [_sum(one) for one in seen.account.sums],
        "invoices_url": _invoices_url(desk, record.id),
        "treats": desk.own_id is not None,
        "plans": None if seen.plans is None else [_plan(one, shown, now) for one in seen.plans],
        "plan_url": f"/plans/new?client={record.id}" if booked.is_treated else None,
        "notes_url": f"/notes?client={record.id}" if booked.is_treated else None,
        "intake_url": intake_marks.client_intake_url(record.practice_id, record.id)
        if booked.is_treated
        else None,
        "book_url": desk.url("/clients/book", client=str(record.id)),
        "weekly_url": _weekly_url(record.practice_id, booked.goes_on_from),
    }


def _client(record: ClientRecordView, now: datetime) -> Context:
    zone = ZoneInfo(record.time_zone)
    return {
        "name": record.name,
        "email": record.email,
        "phone": record.phone or "",
        "phone_url": "tel:" + "".join(c for c in record.phone or "" if c in "+0123456789"),
        "zone_label": f"{labels.zone_name(zone)}, now {labels.time_label(now, zone)}",
        "since_label": labels.full_date_label(record.since.astimezone(zone).date()),
        "has_account": record.has_account,
    }


def _bookings(seen: Seen, shown: ShownZone, now: datetime, *, is_named: bool) -> list[Context]:
    """`is_named`: with whom; who treats sees their own hours alone."""
    payments = {one.booking_id: one for one in seen.account.payments}
    owing = {one.booking_id: one for one in seen.account.receivables}
    treating = seen.record.practitioners if is_named else []
    names = {one.id: one.name for one in treating}
    return [
        _booking(one, names.get(one.practitioner_id, ""), shown, now)
        | {"payment": sessions.payment_of_session(one, payments.get(one.id), owing.get(one.id))}
        for one in seen.booked.bookings
    ]


def _booking(booking: BookingView, whom: str, shown: ShownZone, now: datetime) -> Context:
    minutes = int((booking.ends_at - booking.starts_at).total_seconds() // 60)
    return {
        "starts_at": labels.instant(booking.starts_at),
        "when_label": labels.moment_label(booking.starts_at, shown.info, now),
        "is_to_come": booking.ends_at > now,
        "url": links.staff_booking_url(booking.practice_id, booking.id),
        "offering_label": sessions.offering_label(booking.offering_name, minutes),
        "where_label": labels.format_label(booking.format),
        "with_label": whom,
        "status": sessions.status(booking),
    }


def _pages(desk: Desk, client_id: UUID, trail: Trail, next_cursor: str | None) -> Context:
    def url(turned: str) -> str:
        return desk.url(f"/clients/{client_id}", page=turned) + "#sessions"

    return trail.pages(url, next_cursor)


def _sum(money: ClientSum) -> Context:
    rows = [("Paid", money.paid), ("Refunded", money.refunded)]
    if money.owed is not None:
        rows.append(("Open, owed by invoice", money.owed))
    return {"rows": [{"label": label, "text": labels.money_label(one)} for label, one in rows]}


def _invoices_url(desk: Desk, client_id: UUID) -> str | None:
    """The client's invoices, for who answers for the practice's money."""
    if not KEEPS_MONEY.intersection(desk.here.roles):
        return None
    return with_query(money_url(desk.practice_id, "invoices"), {"client": str(client_id)})


def _plan(plan: PlanLine, shown: ShownZone, now: datetime) -> Context:
    return {
        "url": f"/plans/{plan.id}",
        "status": plan_pauses.status(plan.state, plan_pauses.of_line(plan), shown, now),
        "waits_label": WAITS[plan.waits_for] if plan.waits_for else "",
        "changed_label": labels.moment_label(plan.changed_at, shown.info, now),
    }


def _weekly_url(practice_id: UUID, booking_id: UUID | None) -> str | None:
    if booking_id is None:
        return None
    return f"{links.staff_booking_url(practice_id, booking_id)}/course"
