"""A plan in plans and its sessions in booking, and what both services tell each other.

Events are taken from the outboxes' rows and claimed in the inboxes, as the relay and the kit do.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

from services.booking.models import Booking, Session
from services.booking.models import plumbing as of_booking
from services.booking.operations import (
    course_ending,
    course_views,
    planned,
    planned_booking,
    planned_rolling,
)
from services.common import inbox
from services.common.auth import service_actor
from services.common.database import Database
from services.common.messages import Event
from services.common.plumbing import Plumbing
from services.contracts.base import Format
from services.contracts.booking.courses import CoursePhase
from services.contracts.booking.planned import (
    CourseBooked,
    CourseCancelled,
    CourseRefused,
    PlannedPreview,
    PreviewPlannedCourse,
)
from services.contracts.plans.commands import AgreePlan
from services.contracts.plans.courses import (
    AgreeToDates,
    ChooseDates,
    CourseTerms,
    DropDates,
    PausePlan,
    PlanCourse,
)
from services.contracts.plans.events import CourseRanShort, PlanAgreed, PlanStopped
from services.contracts.plans.reviews import Decision, RecordReview
from services.contracts.plans.views import PlanView
from services.plans.models import plumbing as of_plans
from services.plans.operations import course_moves, courses, moves, reviews, rolling
from services.plans.queries.courses import due_to_roll
from tests.integration.booking.practice import NINE, NOW, Practice, at
from tests.integration.plans.desk import Desk

Told = TypeVar("Told", bound=Event)


@dataclass
class Pair:
    """Two people, their plan, their calendar."""

    practice: Practice
    desk: Desk

    def treated(self, starts_at: datetime = NINE) -> "Pair":
        """The client has a firm session, so that a plan can be made with them."""
        self.practice.book_and_pay(starts_at, client_id=self.desk.client_id)
        return self

    def another_client(self, starts_at: datetime) -> "Pair":
        return Pair(self.practice, self.desk.another_client()).treated(starts_at)

    def terms(self, **changed: object) -> CourseTerms:
        told = CourseTerms(
            offering_id=self.practice.offering_id,
            format=Format.ONLINE,
            price_id=self.practice.price_id,
            first_on=at(9, days=7).date(),
            starts_at=time(9),
        )
        return told.model_copy(update=changed)

    def choose(self, plan: PlanView, starts: Sequence[datetime], **changed: object) -> PlanView:
        command = ChooseDates(
            plan_id=plan.id, revision=plan.revision, terms=self.terms(**changed), starts=starts
        )
        return self._as_practitioner(courses.choose_dates, command)

    def drop(self, plan: PlanView) -> PlanView:
        return self._as_practitioner(
            courses.drop_dates, DropDates(plan_id=plan.id, revision=plan.revision)
        )

    def proposed(self, starts: Sequence[datetime], template: str = "coaching") -> PlanView:
        """A plan before the client, with dates."""
        return self.desk.propose(self.choose(self.desk.ready(template), starts))

    def agree(self, plan: PlanView, dates: int | None = 1) -> PlanView:
        number = plan.history[-1].number
        read = plan.dates.surplus
        text = plan.open.text if plan.open else None
        command = AgreePlan(plan_id=plan.id, number=number, text=text, dates=dates, surplus=read)
        return self._as_client(moves.agree_plan, command)

    def agree_to_dates(self, plan: PlanView, choice: int) -> PlanView:
        return self._as_client(courses.agree_to_dates, AgreeToDates(plan_id=plan.id, choice=choice))

    def pause(self, plan: PlanView, from_at: datetime) -> PlanView:
        told = self.desk.read(plan.id, self.desk.practitioner)
        command = PausePlan(plan_id=plan.id, revision=told.revision, from_at=from_at)
        return self._as_practitioner(courses.pause_plan, command)

    def review(self, plan: PlanView, decision: Decision, id_: UUID) -> PlanView:
        command = RecordReview(
            id=id_, plan_id=plan.id, went_well="Much", to_change="", decision=decision
        )
        return self._as_practitioner(reviews.record_review, command)

    def firm(self, plan: PlanView) -> list[datetime]:
        """The starts of all that takes place of the plan."""
        ids = self.desk.read(plan.id, self.desk.practitioner).dates.course_ids
        query = select(Booking.starts_at).where(
            Booking.practice_id == self.practice.id,
            Booking.course_id.in_(ids),
            Booking.state == "confirmed",
        )
        with self.practice.transaction() as tx:
            return list(tx.scalars(query.order_by(Booking.starts_at)))

    def live_sessions(self) -> list[datetime]:
        """The starts of all sessions of the practice that take place."""
        query = select(Session.starts_at).where(
            Session.practice_id == self.practice.id, Session.is_live
        )
        with self.practice.transaction() as tx:
            return list(tx.scalars(query.order_by(Session.starts_at)))

    def current(self, plan: PlanView) -> PlanCourse:
        """The dates as the practitioner reads them."""
        found = self.desk.read(plan.id, self.desk.practitioner).dates.current
        assert found is not None
        return found

    def preview(self, phases: Sequence[CoursePhase], **wish: object) -> PlannedPreview:
        asked = PreviewPlannedCourse(
            practitioner_id=self.practice.practitioner_id,
            client_id=self.desk.client_id,
            phases=list(phases),
        ).model_copy(update=wish)
        actor = self.practice.person(self.practice.practitioner_account, "practitioner")
        with self.practice.transaction(actor) as tx:
            found = planned.preview_planned_course(tx, asked, actor=actor, now=NOW)
        return course_views.planned_preview(found)

    def sessions(self, plan: PlanView) -> list[datetime]:
        """The starts of what is booked for the plan's current choice."""
        query = select(Booking.starts_at).where(
            Booking.practice_id == self.practice.id,
            Booking.course_id == self.current(plan).course_id,
        )
        with self.practice.transaction() as tx:
            return list(tx.scalars(query.order_by(Booking.starts_at)))

    def deliver(self) -> None:
        """Bring every event of the plans of this practice to whom it is for, until all is calm:
        stops before agreements, as no order is promised."""
        for _ in range(2):
            self.deliver_to_booking()
            self.deliver_to_plans()

    def roll(self, now: datetime) -> None:
        """What the service does once a minute, for the plans of this practice."""
        database = self.desk.database
        for practice_id, plan_id in database.rows(due_to_roll(now)):
            if practice_id == self.practice.id:
                with database.transaction(service_actor("plans", practice_id, "roll")) as tx:
                    rolling.roll(tx, practice_id, plan_id, now)

    def deliver_to_booking(self, now: datetime = NOW) -> None:
        """The plans' events, each as if it came at `now`."""
        for event_id, short in self._left(self.desk.database, of_plans, CourseRanShort):
            self._handle(
                self.practice.database,
                of_booking,
                event_id,
                short,
                lambda tx, it: planned_rolling.roll_on(tx, it, now=now),
            )
        for event_id, stopped in self._left(self.desk.database, of_plans, PlanStopped):
            self._handle(
                self.practice.database,
                of_booking,
                event_id,
                stopped,
                lambda tx, it: course_ending.stop_plan(tx, it, now=now),
            )
        for event_id, event in self._left(self.desk.database, of_plans, PlanAgreed):
            self._handle(
                self.practice.database,
                of_booking,
                event_id,
                event,
                lambda tx, it: planned_booking.book_planned_course(tx, it, now=now),
            )

    def deliver_to_plans(self) -> None:
        database = self.desk.database
        for event_id, booked in self._left(self.practice.database, of_booking, CourseBooked):
            self._handle(
                database,
                of_plans,
                event_id,
                booked,
                lambda tx, it: course_moves.settle_booked(tx, it, now=NOW),
            )
        for event_id, refused in self._left(self.practice.database, of_booking, CourseRefused):
            self._handle(
                database,
                of_plans,
                event_id,
                refused,
                lambda tx, it: course_moves.settle_refused(tx, it, now=NOW),
            )
        self.deliver_cancelled()

    def deliver_cancelled(self) -> None:
        """What the practice cancelled in its calendar."""
        for event_id, event in self._left(self.practice.database, of_booking, CourseCancelled):
            self._handle(
                self.desk.database,
                of_plans,
                event_id,
                event,
                lambda tx, it: course_moves.settle_cancelled(tx, it, now=NOW),
            )

    def _left(
        self, database: Database, plumbing: Plumbing, kind: type[Told]
    ) -> list[tuple[UUID, Told]]:
        out = plumbing.outbox
        query = select(out.c.event_id, out.c.body).where(
            out.c.type == kind.type, out.c.body["practice_id"].astext == str(self.practice.id)
        )
        with database.plumbing() as tx:
            rows = list(tx.execute(query.order_by(out.c.id)))
        return [(id_, kind.model_validate(body)) for id_, body in rows]

    def _handle(
        self,
        database: Database,
        plumbing: Plumbing,
        event_id: UUID,
        event: Told,
        run: Callable[[Transaction, Told], None],
    ) -> None:
        with database.transaction(service_actor("test", event.practice_id, event.type)) as tx:
            if inbox.claim(tx, plumbing.inbox, event_id, f"on_{event.type}"):
                run(tx, event)

    def rolled_again(self, event: CourseRanShort) -> None:
        """A message of the same dates under an id of its own."""
        self._handle(
            self.practice.database,
            of_booking,
            uuid4(),
            event,
            lambda tx, it: planned_rolling.roll_on(tx, it, now=NOW),
        )

    def short_events(self) -> list[CourseRanShort]:
        return [event for _, event in self._left(self.desk.database, of_plans, CourseRanShort)]

    def again(self, event: Event) -> None:
        """An event that booking hears under another id: as a lost claim would bring it back."""
        assert isinstance(event, PlanAgreed)
        self._handle(
            self.practice.database,
            of_booking,
            uuid4(),
            event,
            lambda tx, it: planned_booking.book_planned_course(tx, it, now=NOW),
        )

    def agreed_events(self) -> list[PlanAgreed]:
        return [event for _, event in self._left(self.desk.database, of_plans, PlanAgreed)]

    def _as_practitioner(self, run: Callable[..., PlanView], command: Any) -> PlanView:
        return self._run(run, command, self.desk.practitioner)

    def _as_client(self, run: Callable[..., PlanView], command: Any) -> PlanView:
        return self._run(run, command, self.desk.client)

    def _run(self, run: Callable[..., PlanView], command: Any, actor: Any) -> PlanView:
        with self.desk.database.transaction(actor) as tx:
            return run(tx, self.desk.ring, command, actor=actor, now=NOW)
