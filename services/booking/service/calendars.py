"""Calls about the week and the day of staff, and whom they treat."""

from services.booking.operations import caseload, listing, today, treated, weeks
from services.booking.service.desk import BY_GATEWAY, Desk
from services.common.clock import utc_now
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.booking.bookings import ListSessions, ListTreated, SessionsView, TreatedView
from services.contracts.booking.caseload import (
    CaseloadView,
    ClientBookingsPage,
    ListCaseload,
    ListClientBookings,
)
from services.contracts.booking.today import DayView, ListDay
from services.contracts.booking.treated import (
    AttendedView,
    GetTreatedSession,
    ListAttended,
    TreatedSession,
)
from services.contracts.booking.weeks import GetWeek, WeekView


class CalendarCalls(Desk):
    """The week and the day of staff, and whom they treat."""

    @rpc(by=BY_GATEWAY)
    def list_sessions(self, call: Call, command: ListSessions) -> SessionsView:
        """A practitioner's day or week, for staff."""
        with self.db.reading(call.actor) as tx:
            found, marked = listing.list_sessions(tx, command, actor=call.actor, now=utc_now())
        return SessionsView(bookings=[self._view(booking) for booking in found], in_time_off=marked)

    @rpc(by=BY_GATEWAY)
    def get_week(self, call: Call, command: GetWeek) -> WeekView:
        """A practitioner's week, for staff."""
        with self.db.reading(call.actor) as tx:
            found = weeks.get_week(tx, command, actor=call.actor, now=utc_now())
        return weeks.week_view(found, [self._view(booking) for booking in found.bookings])

    @rpc(by=BY_GATEWAY)
    def list_day(self, call: Call, command: ListDay) -> DayView:
        """A day of a calendar, or of the practice."""
        with self.db.reading(call.actor) as tx:
            found = today.list_day(tx, command, actor=call.actor, now=utc_now())
        return DayView(
            bookings=[self._view(booking) for booking in found.bookings],
            is_cut=found.is_cut,
            in_time_off=found.in_time_off,
            waiting=[self._view(booking) for booking in found.waiting],
            more_waiting=found.more_waiting,
            next_gap=found.gap,
        )

    @rpc(by={"gateway", "plans"})
    def list_treated(self, call: Call, command: ListTreated) -> TreatedView:
        """Whom a practitioner treats."""
        with self.db.transaction(call.actor) as tx:
            return listing.list_treated(tx, command, actor=call.actor)

    @rpc(by={"gateway", "plans"})
    def get_treated_session(self, call: Call, command: GetTreatedSession) -> TreatedSession:
        """One session of the actor's own calendar."""
        with self.db.reading(call.actor) as tx:
            return treated.get_treated_session(tx, command, actor=call.actor)

    @rpc(by={"plans"})
    def list_attended(self, call: Call, command: ListAttended) -> AttendedView:
        """To which sessions of the actor's own calendar the client came."""
        with self.db.reading(call.actor) as tx:
            return treated.list_attended(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def list_caseload(self, call: Call, command: ListCaseload) -> CaseloadView:
        """When clients were and will be there."""
        with self.db.reading(call.actor) as tx:
            return caseload.list_caseload(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def list_client_bookings(self, call: Call, command: ListClientBookings) -> ClientBookingsPage:
        """What a client has booked."""
        with self.db.reading(call.actor) as tx:
            found = caseload.list_client_bookings(tx, command, actor=call.actor, now=utc_now())
        return ClientBookingsPage(
            bookings=[self._view(booking) for booking in found.bookings],
            next_cursor=found.next_cursor,
            goes_on_from=found.goes_on_from,
            is_treated=found.is_treated,
        )
