"""What booking offers: offerings, slots, sessions, bookings and their changes."""

from datetime import date, time, timedelta
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field, StringConstraints

from services.common.errors import Refusal
from services.common.messages import Command, Event, Instant, View
from services.contracts.base import Day, Format, Ids, Key, Minutes, Page, PartOfDay, Percent, Zone


class BookingState(StrEnum):
    """The life of a client's claim on a seat."""

    HELD = "held"
    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_APPROVAL = "awaiting_approval"
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    LATE_CANCELLED = "late_cancelled"
    EXPIRED = "expired"
    DECLINED = "declined"


UNPAID = frozenset({BookingState.HELD, BookingState.AWAITING_PAYMENT})
"""A seat is held, and the money for it has not come."""


# --- offerings and slots -------------------------------------------------------------------


class PolicyTier(View):
    """Cancelled at least `hours_before` elapsed hours ahead: `refund_percent` comes back."""

    hours_before: Annotated[int, Field(ge=0)]
    refund_percent: Percent


class PolicyView(View):
    """A cancellation policy as versioned at booking, tiers from the earliest to the latest.

    What comes back however late is a tier of 0 hours; `no_show_percent` to who does not come.
    """

    version: int
    tiers: list[PolicyTier]
    reschedule_until_hours: int
    no_show_percent: Percent = 0


class OfferingView(View):
    """What can be booked with a practitioner."""

    id: UUID
    practice_id: UUID
    practitioner_id: UUID
    name: str
    minutes: Minutes
    formats: list[Format]
    price_id: UUID
    time_zone: str
    policy: PolicyView


class OfferingsView(View):
    """Offerings of a practitioner, in their order."""

    offerings: list[OfferingView]


class ListOfferings(Command):
    """What the practitioner offers; empty where there is no such practitioner."""

    practitioner_id: UUID


class ListSlots(Command):
    """Bookable starts of an offering on the viewer's dates `from_on`..`until_on`, inclusive.

    At most 93 days. Dates are those of `time_zone`, the viewer's. The offering is one of the
    actor's practice. The starts are those of `format`, for meeting in person may take a room;
    without it, of the format in which the most starts are free.
    With `moving_booking_id`, of a booking that the actor may see, that booking's own time is
    not in the way: what is listed is where it can be moved, in its own format. Where that is
    no longer offered it cannot be moved: NotReschedulable.
    """

    offering_id: UUID
    from_on: Day
    until_on: Day
    time_zone: Zone
    format: Format | None = None
    moving_booking_id: UUID | None = None


class SlotsView(View):
    """Starts in UTC, ascending, free in `format`; `next_free_at` looks beyond the range where
    it is empty. `may_book` is false for staff who book nobody into this calendar."""

    offering: OfferingView
    starts: list[Instant]
    next_free_at: Instant | None
    last_bookable_on: date
    format: Format | None = None
    may_book: bool = True


class ListNextSlots(Command):
    """The next free starts of one offering of each practitioner, for directory cards.

    That is the first of `offering_ids` that is still offered, else the practitioner's first
    one. `is_spread`: starts whose sessions do not overlap, so that each is a choice of its
    own; where there are fewer, the nearest others fill up. The starts are those of `format`,
    or of each one's own in `formats`; without, of the format in which the most are free.
    """

    practitioner_ids: Ids
    offering_ids: Ids = Field(default_factory=list)
    is_spread: bool = False
    format: Format | None = None
    formats: Annotated[list[Format], Field(max_length=100)] = Field(default_factory=list)
    part_of_day: PartOfDay | None = None
    before: Instant | None = None
    count: Annotated[int, Field(ge=1, le=10)] = 3


class NextSlots(View):
    """A practitioner's next starts, UTC, free in `format`; none takes the card off the page."""

    practitioner_id: UUID
    offering_id: UUID
    starts: list[Instant]
    format: Format | None = None


class NextSlotsView(View):
    """Next starts per practitioner, in the order asked."""

    practitioners: list[NextSlots]


# --- bookings ------------------------------------------------------------------------------


class BookSession(Command):
    """Hold a seat for 10 minutes. `id` is minted by the caller and names the booking.

    `price_id` is the price that was shown. `client_id` is the client in the practice; the booking
    of a repeated call keeps that of the first one.
    """

    id: UUID
    offering_id: UUID
    starts_at: Instant
    format: Format
    price_id: UUID
    client_id: UUID
    client_time_zone: Zone


class BookingView(View):
    """A booking; instants in UTC.

    `deadline_at` while it is held or awaits payment; `join_path` is the stable path of the
    door to the session; `refund_percent` is what a firm booking gave back when it was cancelled;
    `can_record_attendance`: its practice may say whether the client came.
    With a `course_id` it is one of a course's sessions, for which the practice sends its invoice.
    """

    id: UUID
    practice_id: UUID
    practitioner_id: UUID
    offering_id: UUID
    offering_name: str
    client_id: UUID
    state: BookingState
    starts_at: Instant
    ends_at: Instant
    format: Format
    time_zone: str
    client_time_zone: str
    price_id: UUID
    deadline_at: Instant | None
    is_hold_extended: bool
    policy: PolicyView
    free_until: Instant | None
    can_cancel: bool
    can_reschedule: bool
    join_path: str
    sequence: int
    refund_percent: Percent | None = None
    can_record_attendance: bool = False
    course_id: UUID | None = None


class ListHolds(Command):
    """Which of these bookings hold a seat still, unpaid; ids only, for limits on holding."""

    booking_ids: Ids


class HoldsView(View):
    """Bookings whose seat is held and not paid for."""

    booking_ids: list[UUID]


class HeldView(BookingView):
    """A booking as `book_session` answers, with what leads its client on to pay.

    `pay_until` is its deadline once the payment page is open, the same however often it is
    asked; null where there is nothing to wait for. `voucher` is a `Payable` that booking has
    signed for billing: whoever holds it brings it there with `start_payment`.
    """

    pay_until: Instant | None = None
    voucher: str | None = None


class Payable(View):
    """What billing must know of a booking to open its payment page; ids and times only."""

    id: UUID
    practice_id: UUID
    client_id: UUID
    account_id: UUID | None = None
    price_id: UUID
    state: BookingState
    deadline_at: Instant | None


class GetBooking(Command):
    """One booking that the actor may see."""

    booking_id: UUID


class ListBookings(Command):
    """The actor's bookings over all practices; upcoming soonest first, past latest first."""

    is_past: bool = False
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class BookingsPage(Page):
    """A page of bookings."""

    bookings: list[BookingView]


class ListSessions(Command):
    """Sessions of a practitioner of the actor's practice that start in [from_at, until_at)."""

    practitioner_id: UUID
    from_at: Instant
    until_at: Instant


class ListTreated(Command):
    """Clients whom the actor treats in the practice: all of them, or the one that is asked for."""

    client_id: UUID | None = None


class TreatedView(View):
    """The actor's calendar, and who had or has a session there; latest first, 200 at most."""

    practitioner_id: UUID
    client_ids: list[UUID]


class SessionsView(View):
    """Bookings of a practitioner's day or week, by start.

    `in_time_off`: those of them, still to come, that lie within the practitioner's time off.
    """

    bookings: list[BookingView]
    in_time_off: list[UUID] = Field(default_factory=list)


class ExtendHold(Command):
    """Give a held booking 10 more minutes, once (WCAG 2.2.1)."""

    booking_id: UUID


class CancelBooking(Command):
    """Give the seat back. `id` names this act, minted by the caller.

    `expected_refund_percent` is what was shown; another one by now is refused as
    `TermsChanged`, so that nobody loses money unawares.
    """

    id: UUID
    booking_id: UUID
    expected_refund_percent: Percent


class PreviewCancellation(Command):
    """What cancelling now would give back."""

    booking_id: UUID


class CancellationPreview(View):
    """The share that comes back when cancelled now, and until when it stays so (UTC)."""

    booking: BookingView
    refund_percent: Percent
    holds_until: Instant | None


class RescheduleBooking(Command):
    """Move a booking to another start of the same offering. `id` names this act."""

    id: UUID
    booking_id: UUID
    starts_at: Instant


class Attendance(StrEnum):
    """Whether a client came; `unmarked` withdraws what was said."""

    ATTENDED = "attended"
    NO_SHOW = "no_show"
    UNMARKED = "unmarked"


class RecordAttendance(Command):
    """Say whether the client came, from the session's start on; for the practice's staff.

    `id` names this act. Who said so is kept.
    """

    id: UUID
    booking_id: UUID
    attendance: Attendance


class OpenDoor(Command):
    """Where the session's video room is; `code` is the secret part of the join path."""

    booking_id: UUID
    code: Annotated[str, StringConstraints(max_length=64)]


DOOR_OPENS_BEFORE = timedelta(minutes=15)
"""How long before a session its video room can be entered."""


class DoorView(View):
    """`room_url` only from `opens_at` (DOOR_OPENS_BEFORE the start) until the session's end."""

    room_url: str | None
    opens_at: Instant
    starts_at: Instant
    ends_at: Instant
    time_zone: str


# --- a practitioner's hours ----------------------------------------------------------------


WallTime = Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
"""What a clock in the schedule's zone shows, "09:00"; "24:00" is midnight at the day's end."""


class Hours(View):
    """A window `[opens, closes)` of one day, on the 5-minute grid."""

    opens: WallTime
    closes: WallTime


MOST_WINDOWS = 12
Windows = Annotated[list[Hours], Field(max_length=MOST_WINDOWS)]


class WeekdayHours(View):
    """The windows of an ISO weekday, 1 (Monday) to 7 (Sunday); none means closed."""

    weekday: Annotated[int, Field(ge=1, le=7)]
    windows: Windows


Week = Annotated[list[WeekdayHours], Field(max_length=7)]
"""Weekly hours; weekdays that are left out are closed."""


class DateHours(View):
    """The windows of one date in place of its weekly hours; none means closed."""

    on: date
    windows: list[Hours]


class TimeOffView(View):
    """When a practitioner is away, UTC; with `first_on` and `last_on` where it is whole days."""

    id: UUID
    starts_at: Instant
    ends_at: Instant
    first_on: date | None = None
    last_on: date | None = None


class ScheduleSubject(StrEnum):
    """What of a calendar was changed."""

    WEEKLY = "weekly"
    DATE = "date"
    TIME_OFF = "time_off"


class TouchedSession(View):
    """A booking, still to come, in time off or on a closed date; it stays until it is moved."""

    booking_id: UUID
    client_id: UUID
    offering_name: str
    state: BookingState
    starts_at: Instant
    ends_at: Instant


class ScheduleChangeView(View):
    """A change that can be undone. `on` is the date of other hours, or when time off begins.

    `touched` are bookings over which undoing it puts time off or a closed date back, and
    `sessions_seen` names just these.
    """

    version: int
    subject: ScheduleSubject
    on: date | None = None
    is_removal: bool = False
    made_at: Instant
    touched: list[TouchedSession] = Field(default_factory=list)
    sessions_seen: Key | None = None


class AvailabilityView(View):
    """A calendar as its staff edit it: what is past is left out.

    `version` counts changes; whoever changes something names the version that they saw.
    `in_time_off`: bookings to be moved or cancelled, or to be held all the same, by start; a
    closed date is time off of that day.
    """

    practice_id: UUID
    practitioner_id: UUID
    time_zone: str
    version: int
    weekly: list[WeekdayHours]
    dates: list[DateHours]
    time_off: list[TimeOffView]
    last_change: ScheduleChangeView | None = None
    in_time_off: list[TouchedSession] = Field(default_factory=list)


class ListCalendars(Command):
    """The practitioners of the actor's practice whose calendars the actor may edit."""


class CalendarsView(View):
    """Whose calendars they are."""

    practitioner_ids: list[UUID]


class GetAvailability(Command):
    """A calendar's hours, for its practitioner and the practice's front desk."""

    practitioner_id: UUID


class ScheduleCommand(Command):
    """A change of a calendar. `id` names this act; `version` is what its author saw."""

    id: UUID
    practitioner_id: UUID
    version: Annotated[int, Field(ge=1)]


class SetWeeklyHours(ScheduleCommand):
    """Replace the weekly hours; sessions outside of them stay."""

    weekly: Week


class SetDateHours(ScheduleCommand):
    """Other hours on one date, none to be closed; without `windows` the weekly ones again.

    Closed, it is like time off of that day: `sessions_seen` as there.
    """

    on: Day
    windows: Windows | None = None
    sessions_seen: Key | None = None


class AddTimeOff(ScheduleCommand):
    """Be away on local dates, both included; `id` names the time off, too.

    `from_time` is when it begins on the first date, `until_time` when it ends on the last.
    Bookings that it overlaps stay. Whoever adds it must have seen them: `sessions_seen` is what
    `PreviewTimeOff` told; without it, or where others are touched by now, SessionsTouched.
    """

    first_on: Day
    last_on: Day
    from_time: WallTime | None = None
    until_time: WallTime | None = None
    sessions_seen: Key | None = None


class PreviewTimeOff(Command):
    """Which bookings time off would overlap; nothing is saved."""

    practitioner_id: UUID
    first_on: Day
    last_on: Day
    from_time: WallTime | None = None
    until_time: WallTime | None = None


class TimeOffPreview(View):
    """They, by start, and what names just these."""

    sessions: list[TouchedSession]
    sessions_seen: Key


class RemoveTimeOff(ScheduleCommand):
    """Be there after all."""

    time_off_id: UUID


class UndoScheduleChange(ScheduleCommand):
    """Undo the change that made `version`, as long as nothing was changed after it.

    Where that puts time off or a closed date back over bookings, `sessions_seen` is what
    `last_change` told of them.
    """

    sessions_seen: Key | None = None


class PreviewSlots(Command):
    """What clients would see on dates of the schedule's zone, both included, at most 31.

    With `weekly` as if those were the weekly hours; nothing is saved.
    """

    practitioner_id: UUID
    offering_id: UUID
    from_on: Day
    until_on: Day
    weekly: Week | None = None


class SlotPreview(View):
    """The starts that clients would see, UTC, ascending."""

    offering: OfferingView
    starts: list[Instant]


# --- refusals ------------------------------------------------------------------------------


class TooManyHolds(Refusal):
    """As many seats are held unpaid, or were booked in a day, as one person or address may.

    `detail["retry_after"]` is in seconds.
    """


class SlotTaken(Refusal):
    """The start is no longer free. `detail["nearest"]`: up to 3 starts, RFC 3339, by comma."""


class NotBookable(Refusal):
    """The start breaks a rule of the offering; `detail["starts_at"]` says which."""


class PriceChanged(Refusal):
    """The price that was shown is no longer asked; `detail["price_id"]` is today's."""


class HoldExpired(Refusal):
    """The hold's deadline has passed; choose a time again."""


class AlreadyExtended(Refusal):
    """A hold is extended once."""


class NotCancellable(Refusal):
    """The booking is over, or already given back."""


class NotReschedulable(Refusal):
    """The booking is not confirmed, or the policy's limit for moving it has passed.

    `detail["format"]`, where the session is no longer offered in the booking's format.
    """


class AttendanceNotDue(Refusal):
    """The session has not begun yet, or was given back."""


class TermsChanged(Refusal):
    """The refund is no longer what was shown; `detail["refund_percent"]` is today's."""


class ScheduleChanged(Refusal):
    """The same hours were changed meanwhile; nothing was saved.

    `detail["version"]` is today's; the other keys are what changed (`weekly.2` for Tuesday, `on`,
    `time_off_id`), with how it stands and how it was.
    """


class SessionsTouched(Refusal):
    """Time off, or a closed date, has bookings its author has not seen; `detail["count"]`."""


class ClientElsewhere(Refusal):
    """The client has another session of this practice at that time."""


# --- events --------------------------------------------------------------------------------


class BookingEvent(Event):
    """What every event of a booking tells."""

    publisher: ClassVar[str] = "booking"
    type: ClassVar[str] = ""

    booking_id: UUID
    practitioner_id: UUID
    client_id: UUID
    starts_at: Instant


class BookingHeld(BookingEvent):
    """A seat is held until `deadline_at`; billing prepares its payment."""

    type: ClassVar[str] = "booking_held"

    price_id: UUID
    deadline_at: Instant


class BookingConfirmed(BookingEvent):
    """The seat is the client's; notify writes mail and reminders.

    The sessions of a course are confirmed at once: one mail tells of them all, that of the first.
    """

    type: ClassVar[str] = "booking_confirmed"

    course_id: UUID | None = None
    is_first: bool = True


class BookingExpired(BookingEvent):
    """The deadline passed unpaid; billing ends the payment page."""

    type: ClassVar[str] = "booking_expired"


class BookingRefused(BookingEvent):
    """A payment came for a seat that is gone; billing gives all of it back."""

    type: ClassVar[str] = "booking_refused"


class BookingCancelled(BookingEvent):
    """The seat was given back; `refund_percent` of what was captured is due.

    `was_confirmed` is false for a hold that was let go: there was no appointment to speak of.
    Where a practice cancels a course one mail tells of all, that of the first.
    """

    type: ClassVar[str] = "booking_cancelled"

    refund_percent: Percent
    is_late: bool
    was_confirmed: bool = True
    course_id: UUID | None = None
    is_first: bool = True


class BookingRescheduled(BookingEvent):
    """The booking moved from `previous_starts_at`; reminders move with it."""

    type: ClassVar[str] = "booking_rescheduled"

    previous_starts_at: Instant


class Opening(View):
    """The soonest free start of a practitioner in one part of day, and in which formats."""

    part_of_day: PartOfDay
    next_free_at: Instant
    formats: list[Format]


class OpeningsChanged(Event):
    """A practitioner's soonest free times changed; an empty list takes them off the directory."""

    publisher: ClassVar[str] = "booking"
    type: ClassVar[str] = "openings_changed"

    practitioner_id: UUID
    computed_at: Instant
    openings: list[Opening]


# --- courses -------------------------------------------------------------------------------


MOST_SESSIONS = 60
Weeks = Annotated[int, Field(ge=1, le=13)]
Apart = Annotated[int, Field(ge=4, le=730)]


class CoursePhase(View):
    """Sessions in one rhythm: every so many weeks, `least_days` to `most_days` after the session
    before, counted in local dates."""

    sessions: Annotated[int, Field(ge=1, le=MOST_SESSIONS)]
    every_weeks: Weeks
    least_days: Apart
    most_days: Apart


class PreviewCourse(Command):
    """Where the further sessions of a booking's client would fall; nothing is written.

    They are of the booking's offering and format, in its practitioner's calendar: from `first_on`
    at `starts_at` on the clock of the schedule's zone, each at most `tolerance_days` and
    `tolerance_minutes` off to either side. For the practice's staff, whom neither notice nor
    window binds.
    """

    follows_booking_id: UUID
    first_on: Day
    starts_at: time
    phases: Annotated[list[CoursePhase], Field(min_length=1, max_length=10)]
    tolerance_days: Annotated[int, Field(ge=0, le=3)] = 0
    tolerance_minutes: Annotated[int, Field(ge=0, le=12 * 60)] = 0


class CourseReason(StrEnum):
    """Why a session of a course is not where its rhythm has it."""

    OUTSIDE_HOURS = "outside_hours"
    OFF_GRID = "off_grid"
    DOES_NOT_FIT = "does_not_fit"
    TIME_OFF = "time_off"
    TAKEN = "taken"
    BUSY = "busy"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    DAY_FULL = "day_full"
    WEEK_FULL = "week_full"
    NO_ROOM = "no_room"
    CLIENT_ELSEWHERE = "client_elsewhere"
    SPACING = "spacing"


class CourseDate(View):
    """One session of a course as it would be placed, UTC.

    `starts_at` is null where it cannot be, and `nearest_at` then the next free start at any hour.
    """

    wanted_at: Instant
    starts_at: Instant | None
    reason: CourseReason | None = None
    nearest_at: Instant | None = None


class CoursePreview(View):
    """The dates of a course in order, and what they would be sessions of."""

    follows: BookingView
    offering: OfferingView
    dates: list[CourseDate]

    @property
    def is_whole(self) -> bool:
        """Whether every session has its date."""
        return all(one.starts_at is not None for one in self.dates)


class BookCourse(Command):
    """Book these sessions as one promise: all of them or none. `id` names the course.

    They go on from a booking, as `PreviewCourse` does. Firm at once and not paid for here: the
    practice's staff book, and the practice asks for the money by itself. `price_id` is the price
    that was shown. SlotTaken tells the dates that went, `detail["taken"]`, and for each a free
    start that goes with the others or nothing, `detail["nearest"]`; RFC 3339, by comma.
    """

    id: UUID
    follows_booking_id: UUID
    price_id: UUID
    starts: Annotated[list[Instant], Field(min_length=1, max_length=MOST_SESSIONS)]


class GetCourse(Command):
    """The sessions of a course that the actor may see."""

    course_id: UUID


class CancelCourse(Command):
    """Give back all sessions of a course that are still to come, for the practice's staff."""

    course_id: UUID


class CourseView(View):
    """A course with its bookings by start; moved and cancelled ones stay in it."""

    id: UUID
    practice_id: UUID
    practitioner_id: UUID
    client_id: UUID
    follows_booking_id: UUID
    bookings: list[BookingView]
