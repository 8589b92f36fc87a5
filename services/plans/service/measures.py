"""Measures, alerts and reviews, and the sessions that they are counted by."""

from sqlalchemy.orm import Session

from services.common.clock import utc_now
from services.common.events import handles
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.booking.events import (
    BookingCancelled,
    BookingConfirmed,
    BookingRescheduled,
)
from services.contracts.plans.measures import (
    AcknowledgeAlert,
    FillMeasure,
    InstrumentsView,
    ListInstruments,
)
from services.contracts.plans.reviews import AcknowledgeReview, RecordReview
from services.contracts.plans.views import (
    PlanView,
)
from services.plans.operations import (
    measures,
    reviews,
    rounds,
)
from services.plans.service.desk import BY_GATEWAY, Desk


class MeasureCalls(Desk):
    """Measures, alerts and reviews, and the sessions that they are counted by."""

    @rpc(by=BY_GATEWAY)
    def list_instruments(self, call: Call, command: ListInstruments) -> InstrumentsView:
        return measures.list_instruments()

    @rpc(by=BY_GATEWAY)
    def fill_measure(self, call: Call, command: FillMeasure) -> PlanView:
        with self.db.transaction(call.actor) as tx:
            return measures.fill_measure(tx, self.ring, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def acknowledge_alert(self, call: Call, command: AcknowledgeAlert) -> PlanView:
        with self.db.transaction(call.actor) as tx:
            return measures.acknowledge_alert(
                tx, self.ring, command, actor=call.actor, now=utc_now()
            )

    @rpc(by=BY_GATEWAY)
    def record_review(self, call: Call, command: RecordReview) -> PlanView:
        with self.db.transaction(call.actor) as tx:
            return reviews.record_review(tx, self.ring, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def acknowledge_review(self, call: Call, command: AcknowledgeReview) -> PlanView:
        with self.db.transaction(call.actor) as tx:
            return reviews.acknowledge_review(
                tx, self.ring, command, actor=call.actor, now=utc_now()
            )

    @handles(BookingConfirmed)
    def on_booking_confirmed(self, tx: Session, event: BookingConfirmed) -> None:
        """A session counts for what is due every so many of them."""
        rounds.hear_of_session(tx, event, is_given_up=False)

    @handles(BookingRescheduled)
    def on_booking_rescheduled(self, tx: Session, event: BookingRescheduled) -> None:
        """It counts at its new time."""
        rounds.hear_of_session(tx, event, is_given_up=False)

    @handles(BookingCancelled)
    def on_booking_cancelled(self, tx: Session, event: BookingCancelled) -> None:
        """It does not count any more."""
        rounds.hear_of_session(tx, event, is_given_up=True)
