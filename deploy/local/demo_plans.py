"""The demo in plans: written, signed, booked and tried as practitioner and client do it."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from deploy.local.demo import DemoData, DemoPractice, DemoSession, demo_id
from deploy.local.demo.plans import DemoFilling, DemoPlan, DemoRehearsal, DemoTry, demo_plans
from deploy.local.demo.sessions import plan_id_of
from deploy.local.demo_courses import offering_of, told_of
from services.common import runtime
from services.common.auth import Actor
from services.contracts.base import Format
from services.contracts.booking.events import BookingConfirmed
from services.contracts.booking.planned import CourseBooked
from services.contracts.plans.commands import (
    AgreePlan,
    LogExercise,
    ProposePlan,
    RevisePlan,
    StartPlan,
)
from services.contracts.plans.content import Focus, PlanContent
from services.contracts.plans.courses import ChooseDates, CourseTerms
from services.contracts.plans.events import DatesProposed, PlanProposed
from services.contracts.plans.measures import FillMeasure
from services.contracts.plans.rehearsals import MarkRehearsed
from services.contracts.plans.views import PlanView, VersionView
from services.plans.adapters.people import Treated
from services.plans.catalogue import load_templates
from services.plans.models import plumbing
from services.plans.operations import (
    beside,
    course_moves,
    courses,
    exercises,
    measures,
    moves,
    sessions,
    writing,
)
from services.plans.operations.sealing import KeyRing
from services.plans.queries import plans

WAITING = (DatesProposed.type, PlanProposed.type)
SKIPS = 3
"""Weeks in a row without a session: holidays and time off."""


def load_plans(
    data: DemoData, practice: DemoPractice, its: list[DemoSession], now: datetime
) -> None:
    """One practice's plans with their courses, a transaction each; one that is there stays as it
    is. `its` sessions by start."""
    ours = runtime.of_process("plans")
    ring: KeyRing = ours.settings.ring  # type: ignore[attr-defined]
    for plan in demo_plans(data):
        person = plan.practitioner(data)
        if person.practice == practice.slug:
            keeper = _actor(person.account_id, practice.id, frozenset({"practitioner"}))
            with ours.database.transaction(keeper) as tx:
                of_course = [one for one in its if one.of_course and one.client == plan.client]
                _Keeping(tx, ring, data, plan, of_course, keeper, now).load()


def _actor(account_id: UUID, practice_id: UUID, roles: frozenset[str] = frozenset()) -> Actor:
    return Actor("person", account_id, practice_id, roles, issuer="demo")


class _Keeping:
    """A plan with who keeps it, as far as its days tell."""

    def __init__(
        self,
        tx: Session,
        ring: KeyRing,
        data: DemoData,
        plan: DemoPlan,
        course: list[DemoSession],
        keeper: Actor,
        now: datetime,
    ) -> None:
        self._tx, self._ring, self._plan, self._keeper, self._now = tx, ring, plan, keeper, now
        self._data, self._course = data, course
        client = data.client(plan.client)
        assert client.account_id is not None
        assert keeper.practice_id is not None
        self._id = plan_id_of(plan.client)
        self._treated = Treated(client.id, plan.practitioner(data).id, client.account_id)
        self._client = _actor(client.account_id, keeper.practice_id)

    def load(self) -> None:
        """Everything up to where it stands today."""
        plan = self._plan
        if plans.plan(self._tx, self._id) is not None:
            return
        written = self._write()
        read = None
        if plan.proposed_days_ago is not None:
            read = self._propose(written, plan.proposed_days_ago)
        if plan.agreed_days_ago is not None:
            assert read is not None
            self._agree(self._at(plan.agreed_days_ago), read)
        for rehearsed in plan.rehearsed:
            self._rehearse(rehearsed)
        for tried in plan.tried:
            self._try(tried)
        for filled in plan.filled:
            self._fill(filled)

    def _write(self) -> PlanView:
        at = self._at(self._plan.started_days_ago)
        start = StartPlan(
            id=self._id, client_id=self._treated.client_id, template=self._plan.template
        )
        begun = writing.start_plan(
            self._tx, self._ring, start, self._treated, actor=self._keeper, now=at
        )
        revise = self._revision(begun, _content(begun))
        return writing.revise_plan(self._tx, self._ring, revise, actor=self._keeper, now=at)

    def _revision(self, begun: PlanView, content: PlanContent) -> RevisePlan:
        focus = Focus(
            title=content.focus.title,
            problem_area=self._plan.problem_area,
            reason=self._plan.reason,
            patterns=list(self._plan.patterns),
        )
        goals = list(self._plan.goals) or content.goals
        return RevisePlan(
            plan_id=self._id,
            revision=begun.revision,
            focus=focus,
            goals=goals,
            measures=self._plan.measures,
        )

    def _propose(self, written: PlanView, days_ago: int) -> VersionView | None:
        """The version that is put before the client."""
        at = self._at(days_ago)
        if self._course:
            written = self._choose_dates(written, at)
        propose = ProposePlan(plan_id=self._id, revision=written.revision)
        told = moves.propose_plan(self._tx, self._ring, propose, actor=self._keeper, now=at)
        return told.open

    def _choose_dates(self, written: PlanView, at: datetime) -> PlanView:
        first = self._course[0]
        local = first.starts_at.astimezone(
            self._data.zone_of(self._data.practitioner(first.practitioner))
        )
        offering = offering_of(self._data, first)
        choose = ChooseDates(
            plan_id=self._id,
            revision=written.revision,
            terms=CourseTerms(
                offering_id=offering.id,
                format=Format(first.format),
                price_id=offering.price_id,
                first_on=local.date(),
                starts_at=local.time(),
                skip_weeks=SKIPS,
            ),
            starts=[one.starts_at for one in self._course],
        )
        return courses.choose_dates(self._tx, self._ring, choose, actor=self._keeper, now=at)

    def _agree(self, at: datetime, read: VersionView) -> None:
        """The client signs, and the plan hears of each of its sessions what booking has told."""
        dates = 1 if self._course else None
        agree = AgreePlan(plan_id=self._id, number=1, text=read.text, dates=dates)
        moves.agree_plan(self._tx, self._ring, agree, actor=self._client, now=at)
        self._forget_mails()
        if self._course:
            course_moves.settle_booked(self._tx, self._booked(at), now=at)
        for session in self._course:
            for fact, _ in told_of(self._data, session):
                if isinstance(fact, BookingConfirmed):
                    sessions.hear(self._tx, fact)
                else:
                    sessions.hear_who_came(self._tx, fact)

    def _forget_mails(self) -> None:
        """What was agreed some time ago waits for nobody: no mail says today that it does."""
        its = plumbing.outbox.c
        of_plan = its.body["plan_id"].astext == str(self._id)
        self._tx.execute(delete(plumbing.outbox).where(its.type.in_(WAITING), of_plan))

    def _booked(self, at: datetime) -> CourseBooked:
        assert self._keeper.practice_id is not None
        assert self._course[0].course_id is not None
        return CourseBooked(
            occurred_at=at,
            practice_id=self._keeper.practice_id,
            plan_id=self._id,
            choice=1,
            course_id=self._course[0].course_id,
            starts=[one.starts_at for one in self._course],
        )

    def _rehearse(self, rehearsed: DemoRehearsal) -> None:
        session = self._course[rehearsed.session - 1]
        mark = MarkRehearsed(
            booking_id=session.booking_id,
            exercise_id=self._exercise(rehearsed.exercise),
            is_rehearsed=True,
        )
        beside.mark_rehearsed(self._tx, self._ring, mark, actor=self._keeper, now=session.ends_at)

    def _try(self, tried: DemoTry) -> None:
        log = LogExercise(
            id=demo_id("entry", f"{self._plan.client}/{tried.days_ago}"),
            plan_id=self._id,
            exercise_id=self._exercise(tried.exercise),
            happened=tried.happened,
            went=tried.went,
        )
        at = self._at(tried.days_ago)
        exercises.log_exercise(self._tx, self._ring, log, actor=self._client, now=at)

    def _fill(self, filled: DemoFilling) -> None:
        key = f"{self._plan.client}/{filled.instrument}/{filled.days_ago}"
        command = FillMeasure(
            id=demo_id("filling", key),
            plan_id=self._id,
            instrument=filled.instrument,
            answers=filled.answers,
        )
        at = self._at(filled.days_ago)
        measures.fill_measure(self._tx, self._ring, command, actor=self._client, now=at)

    def _exercise(self, position: int) -> UUID:
        """The id that the plan's first draft gave to an exercise of its template."""
        return load_templates()[self._plan.template].content(self._id).exercises[position].id

    def _at(self, days_ago: int) -> datetime:
        return self._now - timedelta(days=days_ago)


def _content(plan: PlanView) -> PlanContent:
    assert plan.open is not None
    return plan.open.content
