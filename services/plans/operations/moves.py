"""Moving a plan: proposed, taken back, agreed, returned, begun, reviewed, ended.

Each may be repeated: what is done already answers with the plan as it stands.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.common import outbox
from services.common.auth import Actor
from services.contracts.plans.commands import (
    AgreePlan,
    AskForChanges,
    MovePlan,
    ProposePlan,
    WithdrawProposal,
)
from services.contracts.plans.content import Move, Party, PlanState, Shape, VersionState
from services.contracts.plans.events import PlanProposed
from services.contracts.plans.refusals import (
    ClientHasNoAccount,
    MoveRefused,
    PlanChanged,
    PlanIncomplete,
)
from services.contracts.plans.views import PlanView
from services.plans.domain.lifecycle import NotAllowed, Standing, advance, is_of
from services.plans.domain.shape import missing
from services.plans.models import Course, Version, plumbing
from services.plans.operations import course_moves
from services.plans.operations.access import Seen, chart_for, lock_visible
from services.plans.operations.charts import OpenChart
from services.plans.operations.course_views import Sessions, chosen, sessions_of
from services.plans.operations.rounds import restate
from services.plans.operations.sealing import KeyRing
from services.plans.operations.views import WISH, Wish, content_of, plan_view, standing, wish_of
from services.plans.operations.writing import touch
from services.plans.queries import courses, plans

REACHED = {
    Move.BEGIN: PlanState.ACTIVE,
    Move.REVIEW: PlanState.IN_REVIEW,
    Move.GO_ON: PlanState.ACTIVE,
    Move.END: PlanState.ENDED,
}


@dataclass(frozen=True, slots=True)
class Table:
    """A locked plan with its versions, the last of which is the one that is moved, its choices of
    dates, and what is known of the sessions that came of them."""

    seen: Seen
    chart: OpenChart
    versions: list[Version]
    courses: list[Course]
    sessions: Sessions

    @property
    def standing(self) -> Standing:
        return standing(self.seen.plan, self.versions, self.courses)

    @property
    def last(self) -> Version:
        return self.versions[-1]

    def numbered(self, number: int) -> Version:
        """The version that was read; raises PlanChanged where it is not the last any more."""
        if self.last.number != number:
            raise PlanChanged("There is a newer version of this plan.")
        return self.last

    def read(self, text: int | None) -> None:
        """Raises PlanChanged where the last version does not say any more what was read: one that
        was taken back is written on under its number."""
        if self.last.sealed_revision != text:
            raise PlanChanged("This plan was changed since you opened it. Please read it again.")

    def move(self, move: Move, change: Callable[[Version], None] | None = None) -> None:
        """Make the move, and what it changes in the last version; raises MoveRefused."""
        plan = self.seen.plan
        try:
            after = advance(self.standing, move, self.seen.party)
        except NotAllowed:
            raise MoveRefused("This is not possible as the plan stands now.") from None
        if change is not None:
            change(self.last)
        plan.state = after.state.value
        touch(plan, self.chart.now)
        self.chart.tx.flush()
        if move in (Move.AGREE, Move.GO_ON, Move.END):
            restate(self.chart, plan, self.versions)

    def end(self) -> None:
        """It is over: the sessions to come are given back. Raises MoveRefused."""
        self.move(Move.END)
        tx, now = self.chart.tx, self.chart.now
        course_moves.stop(tx, self.seen.plan, self.courses, now, by=self.seen.party, now=now)

    def view(self) -> PlanView:
        return plan_view(self.chart, self.seen, self.versions)


def propose_plan(
    tx: Session, ring: KeyRing, command: ProposePlan, *, actor: Actor, now: datetime
) -> PlanView:
    """The practitioner signs. Raises NotFound, PlanIncomplete, ClientHasNoAccount, PlanChanged,
    MoveRefused."""
    table = sit_down(tx, ring, command.plan_id, Party.PRACTITIONER, actor, now)
    plan, version = table.seen.plan, table.last
    is_done = version.state == VersionState.PROPOSED and plan.revision == command.revision + 1
    if not is_done:
        if plan.revision != command.revision:
            raise PlanChanged("This plan was changed in the meantime.")
        if plan.account_id is None:
            raise ClientHasNoAccount("This client has no account to read and sign a plan with.")
        content = content_of(table.chart, version)
        stale = course_moves.flaws(table.courses, table.sessions, content)
        if flaws := missing(content) | stale:
            raise PlanIncomplete("Something is missing before you can propose this plan.", flaws)
        table.move(Move.PROPOSE, lambda one: _sign(one, now))
        plan.first_proposed_at = plan.first_proposed_at or now
        _tell(table, plan.account_id)
    return table.view()


def withdraw_proposal(
    tx: Session, ring: KeyRing, command: WithdrawProposal, *, actor: Actor, now: datetime
) -> PlanView:
    """Back to the desk. Raises NotFound, PlanChanged, MoveRefused."""
    table = sit_down(tx, ring, command.plan_id, Party.PRACTITIONER, actor, now)
    if table.numbered(command.number).state != VersionState.DRAFT:
        table.move(Move.WITHDRAW, _take_back)
    return table.view()


def agree_plan(
    tx: Session, ring: KeyRing, command: AgreePlan, *, actor: Actor, now: datetime
) -> PlanView:
    """The client signs what they read, and the dates with it: those are booked then, or refused.

    Raises NotFound, PlanChanged, MoveRefused.
    """
    table = sit_down(tx, ring, command.plan_id, Party.CLIENT, actor, now)
    if table.numbered(command.number).state != VersionState.AGREED:
        table.read(command.text)
        course_moves.check_read(table.courses, command.dates)
        shape = content_of(table.chart, table.last).shape
        found = table.courses, table.sessions
        course_moves.check_surplus(*found, shape, command.surplus, now)
        course_moves.agree(tx, table.seen.plan, *found, command.number, shape, now)
        table.move(Move.AGREE, lambda one: _countersign(one, shape, now))
    return table.view()


def ask_for_changes(
    tx: Session, ring: KeyRing, command: AskForChanges, *, actor: Actor, now: datetime
) -> PlanView:
    """The client gives it back with a wish. Raises NotFound, PlanChanged, MoveRefused."""
    table = sit_down(tx, ring, command.plan_id, Party.CLIENT, actor, now)
    version = table.numbered(command.number)
    if version.state != VersionState.RETURNED or wish_of(table.chart, version) != command.wish:
        table.read(command.text)
        table.move(Move.ASK_FOR_CHANGES, lambda one: _give_back(table.chart, one, command.wish))
    return table.view()


def move_plan(
    tx: Session, ring: KeyRing, command: MovePlan, *, actor: Actor, now: datetime
) -> PlanView:
    """Begin, review, go on, end; with the end the sessions to come are given back.

    Raises NotFound, MoveRefused.
    """
    if command.move not in REACHED:
        raise MoveRefused("This move has a command of its own.")
    table = _table(tx, ring, command.plan_id, actor, now)
    if not is_of(command.move, table.seen.party):
        raise MoveRefused("This is for the other one of you to do.")
    if table.seen.plan.state != REACHED[command.move]:
        if command.move is Move.END:
            table.end()
        else:
            table.move(command.move)
    return table.view()


def sit_down(
    tx: Session, ring: KeyRing, plan_id: UUID, party: Party, actor: Actor, now: datetime
) -> Table:
    """The table for a move that one party alone may make, repeated or not; MoveRefused."""
    table = _table(tx, ring, plan_id, actor, now)
    if table.seen.party is not party:
        raise MoveRefused("This is for the other one of you to do.")
    return table


def _table(tx: Session, ring: KeyRing, plan_id: UUID, actor: Actor, now: datetime) -> Table:
    seen = lock_visible(tx, plan_id, actor)
    versions = list(plans.versions(tx, seen.plan))
    found = list(courses.courses(tx, seen.plan))
    chart = chart_for(tx, ring, seen, now=now)
    return Table(seen, chart, versions, found, sessions_of(tx, found))


def _tell(table: Table, account_id: UUID) -> None:
    """The client gets one mail: of the dates that they are asked to agree to, else of a version."""
    tx, plan, now = table.chart.tx, table.seen.plan, table.chart.now
    if chosen(table.courses) is not None:
        course_moves.tell(tx, plan, table.courses, now)
        return
    proposed = PlanProposed(
        occurred_at=now,
        practice_id=plan.practice_id,
        plan_id=plan.id,
        version_id=table.last.id,
        account_id=account_id,
    )
    outbox.emit(tx, plumbing.outbox, proposed)


def _sign(version: Version, now: datetime) -> None:
    version.state = VersionState.PROPOSED.value
    version.practitioner_signed_at = now


def _take_back(version: Version) -> None:
    version.state = VersionState.DRAFT.value
    version.practitioner_signed_at = None


def _countersign(version: Version, shape: Shape, now: datetime) -> None:
    version.state = VersionState.AGREED.value
    version.sessions = shape.sessions
    version.client_signed_at = now


def _give_back(chart: OpenChart, version: Version, wish: str) -> None:
    sealed = chart.seal(Wish(text=wish), WISH, version.id, version.number)
    version.wish, version.state = sealed, VersionState.RETURNED.value
