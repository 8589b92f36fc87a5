"""A practitioner and a client around one plan, on the real database as the runtime role."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.engine import Row
from uuid_utils.compat import uuid7

from services.common.auth import Actor
from services.common.database import Database
from services.contracts.plans.commands import (
    AgreePlan,
    AskForChanges,
    GetPlan,
    LogExercise,
    MovePlan,
    ProposePlan,
    RevisePlan,
    StartPlan,
    WithdrawProposal,
)
from services.contracts.plans.content import Focus, Move
from services.contracts.plans.views import PlanView
from services.plans.adapters.people import Treated
from services.plans.operations import exercises, keys, moves, reading, writing
from services.plans.operations.sealing import KeyRing, new_data_key

NOW = datetime(2093, 11, 23, 7, 0, tzinfo=UTC)
REASON = "Quellwolkenmeer: since the move I sleep badly"
TRIED = "Moorfrosch: I said it, and she laughed"
WISH = "Fewer sessions, Zeisigwiese"
RING = KeyRing({1: new_data_key()}, 1)


def forget_keys(database: Database) -> None:
    """Let charts of earlier tests be out of the way of others' keys."""
    with database.plumbing() as tx:
        tx.execute(text("DELETE FROM plans.chart_keys"))
        tx.execute(text("DELETE FROM plans.encryption_keys"))


@dataclass
class Desk:
    """Two people, their practice, and what each of them does with plans."""

    database: Database
    ring: KeyRing = RING
    practice_id: UUID = field(default_factory=uuid4)
    practitioner_id: UUID = field(default_factory=uuid4)
    client_id: UUID = field(default_factory=uuid4)
    practitioner_account: UUID = field(default_factory=uuid4)
    client_account: UUID | None = field(default_factory=uuid4)

    @property
    def practitioner(self) -> Actor:
        return Actor(
            kind="person",
            account_id=self.practitioner_account,
            practice_id=self.practice_id,
            roles=frozenset({"practitioner"}),
        )

    @property
    def client(self) -> Actor:
        return Actor(kind="person", account_id=self.client_account)

    def another_client(self) -> "Desk":
        """The same practitioner with somebody else."""
        return replace(self, client_id=uuid4(), client_account=uuid4())

    def start(self, template: str = "coaching", plan_id: UUID | None = None) -> PlanView:
        command = StartPlan(id=plan_id or uuid7(), client_id=self.client_id, template=template)
        treated = Treated(self.client_id, self.practitioner_id, self.client_account)
        with self.database.transaction(self.practitioner) as tx:
            return writing.start_plan(
                tx, self.ring, command, treated, actor=self.practitioner, now=NOW
            )

    def revise(self, plan: PlanView, **parts: object) -> PlanView:
        told = {"plan_id": plan.id, "revision": plan.revision} | parts
        command = RevisePlan.model_validate(told)
        with self.database.transaction(self.practitioner) as tx:
            return writing.revise_plan(tx, self.ring, command, actor=self.practitioner, now=NOW)

    def ready(self, template: str = "coaching") -> PlanView:
        """A draft that says all that it must."""
        begun = self.start(template)
        return self.revise(begun, focus=Focus(title="Coaching", reason=REASON))

    def propose(self, plan: PlanView, actor: Actor | None = None) -> PlanView:
        who = actor or self.practitioner
        command = ProposePlan(plan_id=plan.id, revision=plan.revision)
        with self.database.transaction(who) as tx:
            return moves.propose_plan(tx, self.ring, command, actor=who, now=NOW)

    def withdraw(self, plan: PlanView) -> PlanView:
        command = WithdrawProposal(plan_id=plan.id, number=plan.history[-1].number)
        with self.database.transaction(self.practitioner) as tx:
            return moves.withdraw_proposal(tx, self.ring, command, actor=self.practitioner, now=NOW)

    def agree(self, plan: PlanView, actor: Actor | None = None, number: int = 0) -> PlanView:
        who = actor or self.client
        text = plan.open.text if plan.open else None
        command = AgreePlan(plan_id=plan.id, number=number or plan.history[-1].number, text=text)
        with self.database.transaction(who) as tx:
            return moves.agree_plan(tx, self.ring, command, actor=who, now=NOW)

    def ask_for_changes(self, plan: PlanView, wish: str = WISH) -> PlanView:
        text = plan.open.text if plan.open else None
        number = plan.history[-1].number
        command = AskForChanges(plan_id=plan.id, number=number, text=text, wish=wish)
        with self.database.transaction(self.client) as tx:
            return moves.ask_for_changes(tx, self.ring, command, actor=self.client, now=NOW)

    def move(self, plan: PlanView, move: Move, actor: Actor | None = None) -> PlanView:
        who = actor or self.practitioner
        command = MovePlan(plan_id=plan.id, move=move)
        with self.database.transaction(who) as tx:
            return moves.move_plan(tx, self.ring, command, actor=who, now=NOW)

    def log(
        self, plan: PlanView, happened: str = TRIED, went: int = 7, **changes: object
    ) -> PlanView:
        """The client tries the agreed plan's first exercise."""
        known = plan.agreed.content.exercises if plan.agreed else []
        told = {"id": uuid7(), "plan_id": plan.id, "happened": happened, "went": went}
        exercise_id = known[0].id if known else uuid7()
        command = LogExercise.model_validate(told | {"exercise_id": exercise_id} | changes)
        with self.database.transaction(self.client) as tx:
            return exercises.log_exercise(tx, self.ring, command, actor=self.client, now=NOW)

    def read(self, plan_id: UUID, actor: Actor, now: datetime = NOW) -> PlanView:
        with self.database.transaction(actor) as tx:
            asked = GetPlan(plan_id=plan_id)
            return reading.get_plan(tx, self.ring, asked, actor=actor, now=now)

    def agreed(self) -> PlanView:
        """A plan that both signed, as the practitioner reads it."""
        plan = self.propose(self.ready())
        self.agree(plan)
        return self.read(plan.id, self.practitioner)

    def rotate(self, ring: KeyRing) -> int:
        """Put every chart under the current key of another ring, which the desk then has."""
        self.ring = ring
        done = 0
        with self.database.plumbing() as tx:
            while some := keys.rewrap_some(tx, ring):
                done += some
        return done

    def check(self, ring: KeyRing | None = None) -> None:
        """What the service does at its start."""
        with self.database.plumbing() as tx:
            keys.check_keys(tx, ring or self.ring)

    def rows(self, query: str, **values: object) -> list[Row[tuple[object, ...]]]:
        """What the practice's rows say."""
        with self.database.transaction(self.practitioner) as tx:
            return list(tx.execute(text(query), values))
