"""The nameko class of booking."""

from collections.abc import Callable
from typing import Any

from nameko.timer import timer
from sqlalchemy.orm import Session as Transaction

from services.booking.config import BookingConfig
from services.booking.domain.rendering import in_utc
from services.booking.models import Booking
from services.booking.operations import (
    attendance,
    availability,
    book,
    cancel,
    caseload,
    course,
    course_booking,
    course_ending,
    course_views,
    door,
    holds,
    leave,
    listing,
    on_behalf,
    openings,
    payments,
    planned,
    planned_booking,
    planned_rolling,
    practice_slots,
    reschedule,
    schedules,
    series,
    slots,
    today,
    treated,
    views,
    weeks,
)
from services.booking.queries import bookings
from services.booking.queries.openings import DUE
from services.common.clock import utc_now
from services.common.errors import Busy
from services.common.events import handles
from services.common.logging import get_logger
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.common.service import Service
from services.contracts import billing
from services.contracts.booking.bookings import (
    BookingsPage,
    BookingView,
    BookSession,
    CancelBooking,
    CancellationPreview,
    DoorView,
    ExtendHold,
    GetBooking,
    HeldView,
    HoldsView,
    ListBookings,
    ListHolds,
    ListSessions,
    ListTreated,
    OpenDoor,
    PreviewCancellation,
    RecordAttendance,
    RescheduleBooking,
    SessionsView,
    TreatedView,
)
from services.contracts.booking.caseload import (
    CaseloadView,
    ClientBookingsPage,
    ListCaseload,
    ListClientBookings,
)
from services.contracts.booking.courses import (
    BookCourse,
    CancelCourse,
    CoursePreview,
    CourseView,
    GetCourse,
    PreviewCourse,
)
from services.contracts.booking.hours import (
    AddTimeOff,
    AvailabilityView,
    CalendarsView,
    GetAvailability,
    ListCalendars,
    PreviewSlots,
    PreviewTimeOff,
    RemoveTimeOff,
    ScheduleCommand,
    SetDateHours,
    SetWeeklyHours,
    TimeOffPreview,
    UndoScheduleChange,
)
from services.contracts.booking.offerings import (
    ListNextSlots,
    ListOfferings,
    ListSlots,
    OfferingsView,
)
from services.contracts.booking.on_behalf import BookForClient, ListPracticeSlots
from services.contracts.booking.planned import (
    PlannedCourseView,
    PlannedPreview,
    PreviewPlannedCourse,
    ShowPlannedCourse,
)
from services.contracts.booking.series import (
    MovedSeries,
    MoveSeries,
    PreviewSeriesMove,
    SeriesPreview,
)
from services.contracts.booking.today import DayView, ListDay
from services.contracts.booking.treated import (
    AttendedView,
    GetTreatedSession,
    ListAttended,
    TreatedSession,
)
from services.contracts.booking.weeks import GetWeek, WeekView
from services.contracts.plans.events import CourseRanShort, PlanAgreed, PlanStopped

log = get_logger(__name__)
OPENINGS_PER_TICK = 100


class BookingService(Service):
    """Offerings, slots, sessions, bookings and their changes."""

    name = "booking"

    @rpc(by={"gateway"})
    def list_offerings(self, call: Call, command: ListOfferings) -> OfferingsView:
        """What a practitioner offers."""
        with self.db.reading(call.actor) as tx:
            offered = slots.list_offerings(tx, command, actor=call.actor, now=utc_now())
        return OfferingsView(offerings=[views.offering_view(one) for one in offered])

    @rpc(by={"gateway"})
    def list_slots(self, call: Call, command: ListSlots) -> dict[str, Any]:
        """Bookable starts, as a `SlotsView` that is rendered here: a datetime per slot is slow."""
        with self.db.reading(call.actor) as tx:
            free = slots.list_slots(tx, command, actor=call.actor, now=utc_now())
        return views.slots_view(free)

    @rpc(by={"gateway"})
    def list_practice_slots(self, call: Call, command: ListPracticeSlots) -> dict[str, Any]:
        """What a calendar's staff may book, rendered in the same way."""
        with self.db.reading(call.actor) as tx:
            found = practice_slots.list_practice_slots(tx, command, actor=call.actor, now=utc_now())
        offered = [views.offering_view(one).model_dump(mode="json") for one in found.offered]
        return views.slots_view(found.free) | {"offerings": offered}

    @rpc(by={"gateway"})
    def list_next_slots(self, call: Call, command: ListNextSlots) -> dict[str, Any]:
        """Next starts for directory cards, as a rendered `NextSlotsView`."""
        with self.db.transaction(call.actor) as tx:
            found = slots.list_next_slots(tx, command, now=utc_now())
        return {
            "practitioners": [
                {
                    "practitioner_id": str(one.practitioner_id),
                    "offering_id": str(one.offering_id),
                    "starts": in_utc(one.starts),
                    "format": one.format.value,
                }
                for one in found
            ]
        }

    @rpc(by={"gateway"})
    def book_session(self, call: Call, command: BookSession) -> HeldView:
        """Hold a seat, and vouch for it to billing."""
        with self.db.transaction(call.actor) as tx:
            booking = book.book_session(tx, command, actor=call.actor, now=utc_now())
        now = utc_now()
        fact = views.payable(booking, now).model_dump(mode="json")
        voucher = self.runtime.signer.voucher(fact, "billing", now)
        return views.held_view(booking, now, self._join_key, voucher)

    @rpc(by={"gateway"})
    def book_for_client(self, call: Call, command: BookForClient) -> BookingView:
        """Book for a client, firm or held for their payment."""
        with self.db.transaction(call.actor) as tx:
            booking = on_behalf.book_for_client(tx, command, actor=call.actor, now=utc_now())
        return self._view(booking)

    @rpc(by={"gateway"})
    def extend_hold(self, call: Call, command: ExtendHold) -> BookingView:
        """Keep a held seat for longer, once."""
        with self.db.transaction(call.actor) as tx:
            booking = holds.extend_hold(tx, command, actor=call.actor, now=utc_now())
        return self._view(booking)

    @rpc(by={"gateway"})
    def list_holds(self, call: Call, command: ListHolds) -> HoldsView:
        """Which bookings are held still."""
        with self.db.reading() as tx:
            held = bookings.open_holds(tx, command.booking_ids, utc_now())
        return HoldsView(booking_ids=held)

    @rpc(by={"gateway", "billing", "notify", "plans"})
    def get_booking(self, call: Call, command: GetBooking) -> BookingView:
        """One booking."""
        with self.db.reading(call.actor) as tx:
            booking = listing.get_booking(tx, command, actor=call.actor)
        return self._view(booking)

    @rpc(by={"gateway"})
    def list_bookings(self, call: Call, command: ListBookings) -> BookingsPage:
        """The actor's bookings in all practices."""
        with self.db.reading(call.actor) as tx:
            part, cursor = listing.list_bookings(tx, command, actor=call.actor, now=utc_now())
        return BookingsPage(bookings=[self._view(booking) for booking in part], next_cursor=cursor)

    @rpc(by={"gateway"})
    def list_sessions(self, call: Call, command: ListSessions) -> SessionsView:
        """A practitioner's day or week, for staff."""
        with self.db.reading(call.actor) as tx:
            found, marked = listing.list_sessions(tx, command, actor=call.actor, now=utc_now())
        return SessionsView(bookings=[self._view(booking) for booking in found], in_time_off=marked)

    @rpc(by={"gateway"})
    def get_week(self, call: Call, command: GetWeek) -> WeekView:
        """A practitioner's week, for staff."""
        with self.db.reading(call.actor) as tx:
            found = weeks.get_week(tx, command, actor=call.actor, now=utc_now())
        return weeks.week_view(found, [self._view(booking) for booking in found.bookings])

    @rpc(by={"gateway"})
    def list_day(self, call: Call, command: ListDay) -> DayView:
        """A day of a calendar, or of the practice."""
        with self.db.reading(call.actor) as tx:
            found = today.list_day(tx, command, actor=call.actor, now=utc_now())
        return DayView(
            bookings=[self._view(booking) for booking in found.bookings],
            in_time_off=found.in_time_off,
            waiting=[self._view(booking) for booking in found.waiting],
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

    @rpc(by={"gateway"})
    def list_caseload(self, call: Call, command: ListCaseload) -> CaseloadView:
        """When clients were and will be there."""
        with self.db.reading(call.actor) as tx:
            return caseload.list_caseload(tx, command, actor=call.actor, now=utc_now())

    @rpc(by={"gateway"})
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

    @rpc(by={"gateway"})
    def preview_cancellation(self, call: Call, command: PreviewCancellation) -> CancellationPreview:
        """What cancelling now would give back."""
        with self.db.transaction(call.actor) as tx:
            booking, share = cancel.preview_cancellation(
                tx, command, actor=call.actor, now=utc_now()
            )
        return CancellationPreview(
            booking=self._view(booking),
            refund_percent=share.percent,
            holds_until=share.holds_until,
        )

    @rpc(by={"gateway"})
    def cancel_booking(self, call: Call, command: CancelBooking) -> BookingView:
        """Give a seat back."""
        with self.db.transaction(call.actor) as tx:
            booking = cancel.cancel_booking(tx, command, actor=call.actor, now=utc_now())
        return self._view(booking)

    @rpc(by={"gateway"})
    def reschedule_booking(self, call: Call, command: RescheduleBooking) -> BookingView:
        """Move a booking to another start."""
        with self.db.transaction(call.actor) as tx:
            booking = reschedule.reschedule_booking(tx, command, actor=call.actor, now=utc_now())
        return self._view(booking)

    @rpc(by={"gateway"})
    def preview_course(self, call: Call, command: PreviewCourse) -> CoursePreview:
        """Where the sessions of a course would fall."""
        with self.db.transaction(call.actor) as tx:
            begun, dates = course.preview_course(tx, command, actor=call.actor, now=utc_now())
        return course_views.preview(begun, dates, utc_now(), self._join_key)

    @rpc(by={"gateway"})
    def book_course(self, call: Call, command: BookCourse) -> CourseView:
        """Book all sessions of a course."""
        with self.db.transaction(call.actor) as tx:
            booked = course_booking.book_course(tx, command, actor=call.actor, now=utc_now())
        return course_views.course_view(*booked, utc_now(), self._join_key)

    @rpc(by={"gateway"})
    def cancel_course(self, call: Call, command: CancelCourse) -> CourseView:
        """Give back what of a course is still to come."""
        with self.db.transaction(call.actor) as tx:
            ended = course_ending.cancel_course(tx, command, actor=call.actor, now=utc_now())
        return course_views.course_view(*ended, utc_now(), self._join_key)

    @rpc(by={"gateway", "notify"})
    def get_course(self, call: Call, command: GetCourse) -> CourseView:
        """A course with its sessions."""
        with self.db.transaction(call.actor) as tx:
            found = course.get_course(tx, command, actor=call.actor)
        return course_views.course_view(*found, utc_now(), self._join_key)

    @rpc(by={"gateway"})
    def preview_planned_course(self, call: Call, command: PreviewPlannedCourse) -> PlannedPreview:
        """Where the sessions of a plan would fall."""
        with self.db.transaction(call.actor) as tx:
            found = planned.preview_planned_course(tx, command, actor=call.actor, now=utc_now())
        return course_views.planned_preview(found)

    @rpc(by={"gateway"})
    def show_planned_course(self, call: Call, command: ShowPlannedCourse) -> PlannedCourseView:
        """The sessions of a plan."""
        now = utc_now()
        with self.db.transaction(call.actor) as tx:
            found = planned.show_planned_course(tx, command, actor=call.actor, now=now)
        return course_views.planned_view(*found, now, self._join_key)

    @rpc(by={"gateway"})
    def preview_series_move(self, call: Call, command: PreviewSeriesMove) -> SeriesPreview:
        """Where sessions of courses would be."""
        with self.db.transaction(call.actor) as tx:
            found = series.preview_series_move(tx, command, actor=call.actor, now=utc_now())
        return course_views.series_preview(found, utc_now(), self._join_key)

    @rpc(by={"gateway"})
    def move_series(self, call: Call, command: MoveSeries) -> MovedSeries:
        """Move sessions of courses together."""
        with self.db.transaction(call.actor) as tx:
            moved = series.move_series(tx, command, actor=call.actor, now=utc_now())
        return MovedSeries(bookings=[self._view(booking) for booking in moved])

    @rpc(by={"gateway"})
    def record_attendance(self, call: Call, command: RecordAttendance) -> BookingView:
        """Say whether the client came."""
        with self.db.transaction(call.actor) as tx:
            booking = attendance.record_attendance(tx, command, actor=call.actor, now=utc_now())
        return self._view(booking)

    @rpc(by={"gateway"})
    def open_door(self, call: Call, command: OpenDoor) -> DoorView:
        """Where the video room is."""
        with self.db.transaction(call.actor) as tx:
            return door.open_door(tx, command, now=utc_now(), join_key=self._join_key)

    @rpc(by={"gateway"})
    def list_calendars(self, call: Call, command: ListCalendars) -> CalendarsView:
        """Whose calendars the actor may edit."""
        with self.db.reading(call.actor) as tx:
            return CalendarsView(practitioner_ids=availability.list_calendars(tx, actor=call.actor))

    @rpc(by={"gateway"})
    def get_availability(self, call: Call, command: GetAvailability) -> AvailabilityView:
        """A calendar's hours."""
        with self.db.reading(call.actor) as tx:
            return availability.get_availability(tx, command, actor=call.actor, now=utc_now())

    @rpc(by={"gateway"})
    def preview_slots(self, call: Call, command: PreviewSlots) -> dict[str, Any]:
        """What clients would see, as a rendered `SlotPreview`."""
        with self.db.reading(call.actor) as tx:
            offered, starts = availability.preview_slots(
                tx, command, actor=call.actor, now=utc_now()
            )
        return {
            "offering": views.offering_view(offered).model_dump(mode="json"),
            "starts": in_utc(starts),
        }

    @rpc(by={"gateway"})
    def set_weekly_hours(self, call: Call, command: SetWeeklyHours) -> AvailabilityView:
        """Other weekly hours."""
        return self._changed(call, command, schedules.set_weekly_hours)

    @rpc(by={"gateway"})
    def set_date_hours(self, call: Call, command: SetDateHours) -> AvailabilityView:
        """Other hours on one date."""
        return self._changed(call, command, schedules.set_date_hours)

    @rpc(by={"gateway"})
    def preview_time_off(self, call: Call, command: PreviewTimeOff) -> TimeOffPreview:
        """Which bookings time off would overlap."""
        now = utc_now()
        with self.db.reading(call.actor) as tx:
            touched = schedules.preview_time_off(tx, command, actor=call.actor, now=now)
        return TimeOffPreview(
            sessions=[leave.touched_view(one, now) for one in touched],
            sessions_seen=leave.seen(touched),
        )

    @rpc(by={"gateway"})
    def add_time_off(self, call: Call, command: AddTimeOff) -> AvailabilityView:
        """Be away."""
        return self._changed(call, command, schedules.add_time_off)

    @rpc(by={"gateway"})
    def remove_time_off(self, call: Call, command: RemoveTimeOff) -> AvailabilityView:
        """Be there after all."""
        return self._changed(call, command, schedules.remove_time_off)

    @rpc(by={"gateway"})
    def undo_schedule_change(self, call: Call, command: UndoScheduleChange) -> AvailabilityView:
        """Undo the last change."""
        return self._changed(call, command, schedules.undo_schedule_change)

    def _changed(
        self, call: Call, command: ScheduleCommand, change: Callable[..., None]
    ) -> AvailabilityView:
        asked = GetAvailability(practitioner_id=command.practitioner_id)
        with self.db.transaction(call.actor) as tx:
            now = utc_now()
            change(tx, command, actor=call.actor, now=now)
            return availability.get_availability(tx, asked, actor=call.actor, now=now)

    @handles(billing.PaymentStarted)
    def on_payment_started(self, tx: Transaction, event: billing.PaymentStarted) -> None:
        """Wait for the payment."""
        payments.await_payment(tx, event, now=utc_now())

    @handles(billing.PaymentSucceeded)
    def on_payment_succeeded(self, tx: Transaction, event: billing.PaymentSucceeded) -> None:
        """Confirm or refuse."""
        payments.settle_payment(tx, event, now=utc_now())

    @handles(billing.RefundMade)
    def on_refund_made(self, tx: Transaction, event: billing.RefundMade) -> None:
        """Open calendars say what was paid."""
        payments.show_refund(tx, event, now=utc_now())

    @handles(billing.PricePublished)
    def on_price_published(self, tx: Transaction, event: billing.PricePublished) -> None:
        """Ask the new price."""
        payments.adopt_price(tx, event)

    @handles(PlanAgreed)
    def on_plan_agreed(self, tx: Transaction, event: PlanAgreed) -> None:
        """Book a plan's course, or refuse it."""
        planned_booking.book_planned_course(tx, event, now=utc_now())

    @handles(CourseRanShort)
    def on_course_ran_short(self, tx: Transaction, event: CourseRanShort) -> None:
        """Place the next sessions of a plan without an end."""
        planned_rolling.roll_on(tx, event, now=utc_now())

    @handles(PlanStopped)
    def on_plan_stopped(self, tx: Transaction, event: PlanStopped) -> None:
        """Give a plan's sessions back."""
        course_ending.stop_plan(tx, event, now=utc_now())

    @timer(interval=0.2)  # type: ignore[untyped-decorator]
    def announce_openings(self) -> None:
        """Tell the directory whose soonest free times changed."""
        try:
            for _ in range(OPENINGS_PER_TICK):
                if not self.db.has(DUE, now=utc_now()):
                    break
                with self.db.plumbing() as tx:
                    if not openings.announce_next(tx, now=utc_now()):
                        break
        except Busy:
            log.warning("openings wait for the database")
        except Exception:
            log.warning("openings could not be worked out", exc_info=True)

    @property
    def _join_key(self) -> str:
        settings = self.runtime.settings
        if not isinstance(settings, BookingConfig):
            raise TypeError("booking runs with its own settings")
        return settings.join_key

    def _view(self, booking: Booking) -> BookingView:
        return views.booking_view(booking, utc_now(), self._join_key)
