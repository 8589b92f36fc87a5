"""What the two people of a desk do with measures and reviews, at a time that a test chooses."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from uuid_utils.compat import uuid7

from services.common.auth import Actor, service_actor
from services.contracts.booking.events import (
    BookingCancelled,
    BookingConfirmed,
    BookingEvent,
    BookingRescheduled,
)
from services.contracts.plans.commands import GetPlan
from services.contracts.plans.content import Move
from services.contracts.plans.measures import AcknowledgeAlert, FillMeasure, MeasureView
from services.contracts.plans.reviews import AcknowledgeReview, Decision, RecordReview
from services.contracts.plans.rhythm import PlannedMeasure, Unit
from services.contracts.plans.views import PlanLine, PlanView
from services.plans.operations import measures, reading, reviews, sessions
from tests.integration.plans.desk import NOW, Desk

WELL = "Blaukehlchen: we laughed again"
CHANGE = "Rohrweihe: meet less often"
CALM, HARD = [0] * 9, [0] * 8 + [1]
FORTNIGHTLY_PHQ_9 = PlannedMeasure(instrument="phq-9", every=2, unit=Unit.WEEKS)
GAD_7 = PlannedMeasure(instrument="gad-7", every=2, unit=Unit.SESSIONS)
WEEK = timedelta(weeks=1)


@dataclass
class Measuring:
    """A desk with a plan that names measures; `now` moves as the test says."""

    desk: Desk
    now: datetime = NOW
    plan_id: UUID = field(default_factory=uuid7)

    def agree(self, *planned: PlannedMeasure, **parts: Any) -> PlanView:
        """A plan with these measures that both signed."""
        plan = self.desk.ready()
        told = parts | {"measures": list(planned or (FORTNIGHTLY_PHQ_9,))}
        plan = self.desk.propose(self.desk.revise(plan, **told))
        self.plan_id = plan.id
        self.desk.agree(plan)
        return self.read(self.desk.practitioner)

    def read(self, actor: Actor | None = None) -> PlanView:
        who = actor or self.desk.client
        with self.desk.database.transaction(who) as tx:
            asked = GetPlan(plan_id=self.plan_id)
            return reading.get_plan(tx, self.desk.ring, asked, actor=who, now=self.now)

    def measure(self, actor: Actor | None = None, slug: str = "phq-9") -> MeasureView:
        told = self.read(actor).measures
        return next(one for one in told if one.instrument.slug == slug)

    def fill(
        self, answers: list[int] = CALM, actor: Actor | None = None, **changes: Any
    ) -> PlanView:
        who = actor or self.desk.client
        told = {"id": uuid7(), "plan_id": self.plan_id, "instrument": "phq-9", "answers": answers}
        command = FillMeasure.model_validate(told | changes)
        with self.desk.database.transaction(who) as tx:
            return measures.fill_measure(tx, self.desk.ring, command, actor=who, now=self.now)

    def look(self, alert_id: UUID, actor: Actor | None = None) -> PlanView:
        who = actor or self.desk.practitioner
        command = AcknowledgeAlert(plan_id=self.plan_id, alert_id=alert_id)
        with self.desk.database.transaction(who) as tx:
            return measures.acknowledge_alert(tx, self.desk.ring, command, actor=who, now=self.now)

    def record(
        self,
        decision: Decision = Decision.GO_ON,
        actor: Actor | None = None,
        **changes: Any,
    ) -> PlanView:
        who = actor or self.desk.practitioner
        told = {"id": uuid7(), "plan_id": self.plan_id, "went_well": WELL, "to_change": CHANGE}
        command = RecordReview.model_validate(told | {"decision": decision} | changes)
        with self.desk.database.transaction(who) as tx:
            return reviews.record_review(tx, self.desk.ring, command, actor=who, now=self.now)

    def acknowledge(self, review_id: UUID, actor: Actor | None = None) -> PlanView:
        who = actor or self.desk.client
        command = AcknowledgeReview(plan_id=self.plan_id, review_id=review_id)
        with self.desk.database.transaction(who) as tx:
            return reviews.acknowledge_review(tx, self.desk.ring, command, actor=who, now=self.now)

    def review_begins(self) -> None:
        """The plan is active, and its review under way."""
        plan = self.read(self.desk.practitioner)
        for move in (Move.BEGIN, Move.REVIEW):
            if move in plan.may:
                plan = self.desk.move(plan, move)

    def line(self, actor: Actor) -> PlanLine:
        """The plan in the list of one of the two."""
        with self.desk.database.transaction(actor) as tx:
            if actor == self.desk.client:
                told = reading.list_own_plans(tx, actor=actor, now=self.now)
            else:
                told = reading.list_plans(tx, actor=actor, now=self.now)
        return next(one for one in told.plans if one.id == self.plan_id)

    def hear(self, kind: type[BookingEvent], starts_at: datetime, **changes: Any) -> None:
        """What booking tells of a session of the two."""
        more: dict[type[BookingEvent], dict[str, Any]] = {
            BookingConfirmed: {},
            BookingRescheduled: {"previous_starts_at": NOW},
            BookingCancelled: {"refund_percent": 0, "is_late": False},
        }
        told = {
            "occurred_at": NOW,
            "practice_id": self.desk.practice_id,
            "booking_id": uuid4(),
            "practitioner_id": self.desk.practitioner_id,
            "client_id": self.desk.client_id,
            "starts_at": starts_at,
        }
        fact = kind.model_validate(told | more[kind] | changes)
        actor = service_actor("plans", self.desk.practice_id, "test")
        with self.desk.database.transaction(actor) as tx:
            sessions.hear(tx, fact)
