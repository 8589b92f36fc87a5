"""Samples of what a practice reads of its clients. People and addresses are made up."""

from pydantic import BaseModel

from services.common.money import Money
from services.contracts.base import Format
from services.contracts.billing import ClientAccountView, ClientSum, GetClientAccount
from services.contracts.booking.caseload import (
    CaseloadView,
    ClientBookingsPage,
    ClientSessions,
    ListCaseload,
    ListClientBookings,
)
from services.contracts.booking.on_behalf import (
    BookForClient,
    ListPracticeSlots,
    PaidBy,
    PracticeSlotsView,
)
from services.contracts.booking.today import DayView, Gap, ListDay
from services.contracts.profiles.members import ListMembers, MemberName, MembersView
from services.contracts.profiles.records import (
    ClientLine,
    ClientLinesPage,
    ClientRecordView,
    Colleague,
    GetClientRecord,
    SearchClients,
)
from tests.contracts.samples.billing import PAYMENT_VIEW, RECEIVABLE_VIEW
from tests.contracts.samples.booking import BOOKING_VIEW, OFFERING_VIEW
from tests.contracts.samples.values import (
    ACCOUNT,
    BOOKING,
    CLIENT,
    LATER,
    MONDAY,
    OCCURRED,
    OFFERING,
    PRACTICE,
    PRACTITIONER,
    PRICE,
    STARTS,
    SUNDAY,
)

COLLEAGUE = Colleague(id=PRACTITIONER, name="Mara Lindenau")
LINE = ClientLine(id=CLIENT, name="Cleo Client", email="cleo@people.example")
SESSIONS = ClientSessions(client_id=CLIENT, last_at=STARTS, next_at=LATER)
SUM = ClientSum(paid=Money(19000, "EUR"), refunded=Money(4750, "EUR"), owed=Money(4750, "EUR"))

PROFILES: list[BaseModel] = [
    SearchClients(text="cleo", among=[CLIENT], cursor="abc", limit=10),
    GetClientRecord(client_id=CLIENT),
    ListMembers(account_ids=[ACCOUNT]),
    MemberName(account_id=ACCOUNT, name="Edda Eden"),
    MembersView(members=[MemberName(account_id=ACCOUNT, name="Edda Eden")]),
    LINE,
    COLLEAGUE,
    ClientLinesPage(clients=[LINE], practitioners=[COLLEAGUE], next_cursor="abc"),
    ClientRecordView(
        id=CLIENT,
        practice_id=PRACTICE,
        name="Cleo Client",
        email="cleo@people.example",
        phone="+49 30 1234567",
        time_zone="Europe/Berlin",
        has_account=True,
        since=OCCURRED,
        practitioners=[COLLEAGUE],
    ),
]
BOOKINGS: list[BaseModel] = [
    ListCaseload(client_ids=[CLIENT]),
    ListClientBookings(client_id=CLIENT, cursor="abc", limit=10),
    SESSIONS,
    CaseloadView(clients=[SESSIONS]),
    ClientBookingsPage(
        bookings=[BOOKING_VIEW], next_cursor="abc", goes_on_from=BOOKING, is_treated=True
    ),
]
BOOKINGS += [
    BookForClient(
        id=BOOKING,
        offering_id=OFFERING,
        starts_at=STARTS,
        format=Format.ONLINE,
        price_id=PRICE,
        client_id=CLIENT,
        client_time_zone="Europe/Vienna",
        paid_by=PaidBy.LINK,
    ),
    ListPracticeSlots(
        practitioner_id=PRACTITIONER,
        offering_id=OFFERING,
        client_id=CLIENT,
        from_on=MONDAY,
        until_on=SUNDAY,
        time_zone="Europe/Vienna",
        format=Format.ONLINE,
    ),
    PracticeSlotsView(
        offering=OFFERING_VIEW,
        starts=[STARTS],
        next_free_at=LATER,
        last_bookable_on=SUNDAY,
        format=Format.ONLINE,
        offerings=[OFFERING_VIEW],
    ),
]
GAP = Gap(starts_at=STARTS, ends_at=LATER)
BOOKINGS += [
    ListDay(from_at=STARTS, until_at=LATER, is_whole=True),
    GAP,
    DayView(
        bookings=[BOOKING_VIEW],
        is_cut=True,
        in_time_off=[BOOKING],
        waiting=[BOOKING_VIEW],
        more_waiting=12,
        next_gap=GAP,
    ),
]
BILLING: list[BaseModel] = [
    GetClientAccount(client_id=CLIENT, booking_ids=[BOOKING], practitioner_id=PRACTITIONER),
    SUM,
    ClientAccountView(sums=[SUM], payments=[PAYMENT_VIEW], receivables=[RECEIVABLE_VIEW]),
]
