"""Measures, alerts and reviews."""

from services.common.clock import utc_now
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
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
)
from services.plans.service.desk import BY_GATEWAY, Desk


class MeasureCalls(Desk):
    """Measures, alerts and reviews."""

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
