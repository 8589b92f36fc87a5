"""Calls about bookings: held, looked at, moved, given back."""

from services.booking.operations import (
    attendance,
    billed,
    book,
    cancel,
    client_home,
    door,
    holds,
    listing,
    on_behalf,
    reschedule,
    views,
)
from services.booking.queries import bookings
from services.booking.service.desk import BY_GATEWAY, Desk
from services.common.clock import utc_now
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.booking.billed import BilledSessionsView, ListBilledSessions
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
    OpenDoor,
    PreviewCancellation,
    RecordAttendance,
    RescheduleBooking,
)
from services.contracts.booking.home import ClientHomeView, GetClientHome
from services.contracts.booking.offerings import NextSlots
from services.contracts.booking.on_behalf import BookForClient
from services.contracts.booking.staff import GetStaffBooking, StaffBookingView


class BookingCalls(Desk):
    """Bookings: held, looked at, moved, given back."""

    @rpc(by=BY_GATEWAY)
    def book_session(self, call: Call, command: BookSession) -> HeldView:
        """Hold a seat, and vouch for it to billing."""
        with self.db.transaction(call.actor) as tx:
            booking = book.book_session(tx, command, actor=call.actor, now=utc_now())
        now = utc_now()
        fact = views.payable(booking, now).model_dump(mode="json")
        voucher = self.runtime.signer.voucher(fact, "billing", now)
        return views.held_view(booking, now, self._join_key, voucher)

    @rpc(by=BY_GATEWAY)
    def book_for_client(self, call: Call, command: BookForClient) -> BookingView:
        """Book for a client, firm or held for their payment."""
        with self.db.transaction(call.actor) as tx:
            booking = on_behalf.book_for_client(tx, command, actor=call.actor, now=utc_now())
        return self._view(booking)

    @rpc(by=BY_GATEWAY)
    def extend_hold(self, call: Call, command: ExtendHold) -> BookingView:
        """Keep a held seat for longer, once."""
        with self.db.transaction(call.actor) as tx:
            booking = holds.extend_hold(tx, command, actor=call.actor, now=utc_now())
        return self._view(booking)

    @rpc(by=BY_GATEWAY)
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

    @rpc(by=BY_GATEWAY)
    def get_staff_booking(self, call: Call, command: GetStaffBooking) -> StaffBookingView:
        """One booking, for who sees its calendar."""
        with self.db.reading(call.actor) as tx:
            booking, is_off = listing.get_staff_booking(
                tx, command, actor=call.actor, now=utc_now()
            )
        return StaffBookingView(**dict(self._view(booking)), is_in_time_off=is_off)

    @rpc(by={"billing"})
    def list_billed_sessions(self, call: Call, command: ListBilledSessions) -> BilledSessionsView:
        """Sessions that an invoice is written of."""
        with self.db.reading(call.actor) as tx:
            return billed.list_billed_sessions(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def list_bookings(self, call: Call, command: ListBookings) -> BookingsPage:
        """The actor's bookings in all practices."""
        with self.db.reading(call.actor) as tx:
            part, cursor = listing.list_bookings(tx, command, actor=call.actor, now=utc_now())
        return BookingsPage(bookings=[self._view(booking) for booking in part], next_cursor=cursor)

    @rpc(by=BY_GATEWAY)
    def get_client_home(self, call: Call, command: GetClientHome) -> ClientHomeView:
        """What comes next for the actor, and whom they may see again."""
        with self.db.transaction(call.actor) as tx:
            found = client_home.get_client_home(tx, command, actor=call.actor, now=utc_now())
        return ClientHomeView(
            upcoming=[self._view(one) for one in found.upcoming],
            last=[self._view(one) for one in found.last],
            next_times=[NextSlots(**views.next_slots(one)) for one in found.next_starts],
        )

    @rpc(by=BY_GATEWAY)
    def preview_cancellation(self, call: Call, command: PreviewCancellation) -> CancellationPreview:
        """What cancelling now would give back."""
        with self.db.transaction(call.actor) as tx:
            booking, share = cancel.preview_cancellation(
                tx, command, actor=call.actor, now=utc_now()
            )
        return CancellationPreview(
            booking=self._view(booking), refund_percent=share.percent, holds_until=share.holds_until
        )

    @rpc(by=BY_GATEWAY)
    def cancel_booking(self, call: Call, command: CancelBooking) -> BookingView:
        """Give a seat back."""
        with self.db.transaction(call.actor) as tx:
            booking = cancel.cancel_booking(tx, command, actor=call.actor, now=utc_now())
        return self._view(booking)

    @rpc(by=BY_GATEWAY)
    def reschedule_booking(self, call: Call, command: RescheduleBooking) -> BookingView:
        """Move a booking to another start."""
        with self.db.transaction(call.actor) as tx:
            booking = reschedule.reschedule_booking(tx, command, actor=call.actor, now=utc_now())
        return self._view(booking)

    @rpc(by=BY_GATEWAY)
    def record_attendance(self, call: Call, command: RecordAttendance) -> BookingView:
        """Say whether the client came."""
        with self.db.transaction(call.actor) as tx:
            booking = attendance.record_attendance(tx, command, actor=call.actor, now=utc_now())
        return self._view(booking)

    @rpc(by=BY_GATEWAY)
    def open_door(self, call: Call, command: OpenDoor) -> DoorView:
        """Where the video room is."""
        with self.db.transaction(call.actor) as tx:
            return door.open_door(tx, command, now=utc_now(), join_key=self._join_key)
