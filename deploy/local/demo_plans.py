"""The demo in plans: written, signed and tried as practitioner and client do it themselves."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from deploy.local.demo import DemoData, DemoPractice, demo_id
from deploy.local.demo.plans import DemoFilling, DemoPlan, DemoTry, demo_plans
from services.common import runtime
from services.common.auth import Actor
from services.contracts.plans.commands import (
    AgreePlan,
    LogExercise,
    MovePlan,
    ProposePlan,
    RevisePlan,
    StartPlan,
)
from services.contracts.plans.content import Focus, Move, PlanContent
from services.contracts.plans.measures import FillMeasure
from services.contracts.plans.views import PlanView
from services.plans.adapters.people import Treated
from services.plans.catalogue import load_templates
from services.plans.operations import exercises, measures, moves, writing
from services.plans.operations.sealing import KeyRing
from services.plans.queries import plans


def load_plans(data: DemoData, practice: DemoPractice, now: datetime) -> None:
    """One practice's plans, a transaction each; one that is there stays as it is."""
    ours = runtime.of_process("plans")
    ring: KeyRing = ours.settings.ring  # type: ignore[attr-defined]
    for plan in demo_plans(data):
        person = plan.practitioner(data)
        if person.practice == practice.slug:
            keeper = _actor(person.account_id, practice.id, frozenset({"practitioner"}))
            with ours.database.transaction(keeper) as tx:
                _Keeping(tx, ring, data, plan, keeper, now).load()


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
        keeper: Actor,
        now: datetime,
    ) -> None:
        self._tx, self._ring, self._plan, self._keeper, self._now = tx, ring, plan, keeper, now
        client = data.client(plan.client)
        assert client.account_id is not None
        assert keeper.practice_id is not None
        self._id = demo_id("plan", plan.client)
        self._treated = Treated(client.id, plan.practitioner(data).id, client.account_id)
        self._client = _actor(client.account_id, keeper.practice_id)

    def load(self) -> None:
        """Everything up to where it stands today."""
        plan = self._plan
        if plans.plan(self._tx, self._id) is not None:
            return
        written = self._write()
        if plan.proposed_days_ago is not None:
            self._propose(written, plan.proposed_days_ago)
        if plan.agreed_days_ago is not None:
            agree = AgreePlan(plan_id=self._id, number=1)
            at = self._at(plan.agreed_days_ago)
            moves.agree_plan(self._tx, self._ring, agree, actor=self._client, now=at)
        if plan.begun_days_ago is not None:
            begin = MovePlan(plan_id=self._id, move=Move.BEGIN)
            at = self._at(plan.begun_days_ago)
            moves.move_plan(self._tx, self._ring, begin, actor=self._keeper, now=at)
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

    def _propose(self, written: PlanView, days_ago: int) -> None:
        propose = ProposePlan(plan_id=self._id, revision=written.revision)
        at = self._at(days_ago)
        moves.propose_plan(self._tx, self._ring, propose, actor=self._keeper, now=at)

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
