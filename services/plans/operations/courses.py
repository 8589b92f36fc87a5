"""Choosing the dates of a plan's sessions, taking them back, agreeing to them alone."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.errors import InvalidInput
from services.contracts.plans.content import Party, VersionState
from services.contracts.plans.courses import (
    AgreeToDates,
    ChooseDates,
    CourseState,
    CourseTerms,
    DropDates,
    GetDates,
    PausePlan,
    PlanCourses,
)
from services.contracts.plans.refusals import MoveRefused, PlanChanged
from services.contracts.plans.views import PlanView
from services.plans.domain import course as domain
from services.plans.models import Course
from services.plans.operations import course_moves
from services.plans.operations.access import visible_plan
from services.plans.operations.course_views import (
    booked,
    chosen,
    current,
    plan_courses,
    sessions_of,
    to_place,
    weeks_to_next,
)
from services.plans.operations.moves import Table, sit_down
from services.plans.operations.sealing import KeyRing
from services.plans.operations.views import content_of, standing
from services.plans.operations.writing import new_version, touch
from services.plans.queries import courses, plans

NOT_NOW = "Dates cannot be chosen as the plan stands now."
ANOTHER_LOOK = "Some dates need another look."
LONGEST_DAY = timedelta(hours=25)
"""So far back today may have begun, where clocks are set back in it."""


def choose_dates(
    tx: Session, ring: KeyRing, command: ChooseDates, *, actor: Actor, now: datetime
) -> PlanView:
    """Keep these dates, with the version that is written or for the client alone; the same again
    changes nothing. They take the place of dates that nobody has agreed to yet.

    Raises NotFound, MoveRefused, PlanChanged, and InvalidInput for `starts`; with `after`, the last
    session that is booked, where they come too soon after it.
    """
    table = sit_down(tx, ring, command.plan_id, Party.PRACTITIONER, actor, now)
    before = chosen(table.courses)
    if before is None or not _is_same(before, command):
        _check_revision(table, command.revision)
        _check_choice(table, command)
        _write(table, command, before)
    return table.view()


def drop_dates(
    tx: Session, ring: KeyRing, command: DropDates, *, actor: Actor, now: datetime
) -> PlanView:
    """Take the chosen dates back; where there are none nothing changes.

    Raises NotFound, MoveRefused, PlanChanged.
    """
    table = sit_down(tx, ring, command.plan_id, Party.PRACTITIONER, actor, now)
    if dates := chosen(table.courses):
        _check_revision(table, command.revision)
        if table.versions[-1].state == VersionState.PROPOSED:
            raise MoveRefused(NOT_NOW)
        dates.state = CourseState.DROPPED.value
        touch(table.seen.plan, now)
        tx.flush()
    return table.view()


def agree_to_dates(
    tx: Session, ring: KeyRing, command: AgreeToDates, *, actor: Actor, now: datetime
) -> PlanView:
    """The client agrees to dates of what both signed before; the same again changes nothing.

    Raises NotFound, MoveRefused, PlanChanged.
    """
    table = sit_down(tx, ring, command.plan_id, Party.CLIENT, actor, now)
    last = current(table.courses)
    if last is None or last.choice != command.choice:
        raise PlanChanged("The dates were changed since you read them.")
    if last.state == CourseState.CHOSEN:
        if not domain.may_agree(table.standing, CourseState.CHOSEN, Party.CLIENT):
            raise MoveRefused(NOT_NOW)
        shape = content_of(table.chart, table.last).shape
        found = table.courses, table.sessions
        course_moves.agree(tx, table.seen.plan, *found, table.last.number, shape, now)
        touch(table.seen.plan, now)
        tx.flush()
    return table.view()


def pause_plan(
    tx: Session, ring: KeyRing, command: PausePlan, *, actor: Actor, now: datetime
) -> PlanView:
    """Give the sessions from a moment on back, or from now where today began with it; what is
    paused by then already stays so.

    Raises NotFound, MoveRefused, PlanChanged, and InvalidInput for `from_at` where it lies days
    back, or comes after all that is booked; then with `until`, the latest that it can be.
    """
    table = sit_down(tx, ring, command.plan_id, Party.PRACTITIONER, actor, now)
    found = booked(table.courses, table.sessions)
    from_at = max(command.from_at, now)
    if not domain.is_paused(table.standing, found, from_at):
        if not domain.may_pause(table.standing, found, from_at, Party.PRACTITIONER):
            raise MoveRefused("There are no booked sessions to pause.")
        _check_revision(table, command.revision)
        _check_pause(table, command.from_at)
        course_moves.stop(
            tx, table.seen.plan, table.courses, from_at, by=Party.PRACTITIONER, now=now
        )
        touch(table.seen.plan, now)
        tx.flush()
    return table.view()


def get_dates(tx: Session, command: GetDates, *, actor: Actor, now: datetime) -> PlanCourses:
    """How the booking stands, without a look into the chart; raises NotFound."""
    seen = visible_plan(tx, command.plan_id, actor)
    found = courses.courses(tx, seen.plan)
    stands = standing(seen.plan, plans.versions(tx, seen.plan), found)
    return plan_courses(found, sessions_of(tx, found), stands, None, seen.party, now)


def _is_same(course: Course, command: ChooseDates) -> bool:
    is_one = CourseTerms.model_validate(course.terms) == command.terms
    return is_one and course.starts == command.starts


def _check_revision(table: Table, revision: int) -> None:
    if table.seen.plan.revision != revision:
        raise PlanChanged("This plan was changed in the meantime.")


def _check_choice(table: Table, command: ChooseDates) -> None:
    shape = content_of(table.chart, table.last).shape
    left = to_place(table.courses, table.sessions, shape)
    last = current(table.courses)
    state = CourseState(last.state) if last else None
    if not domain.may_choose(table.standing, state, left, Party.PRACTITIONER):
        raise MoveRefused(NOT_NOW)
    if len(command.starts) != (wanted := domain.count(left)):
        raise InvalidInput("These are not the plan's sessions.", {"starts": f"must be {wanted}"})
    if not domain.are_in_order(command.starts):
        raise InvalidInput(ANOTHER_LOOK, {"starts": domain.CLASH})
    last_at = domain.last_kept(booked(table.courses, table.sessions))
    if last_at is not None and not domain.follows_on(last_at, command.starts):
        told = {"starts": domain.TOO_NEAR, "after": last_at.isoformat()}
        raise InvalidInput(ANOTHER_LOOK, told)


def _check_pause(table: Table, from_at: datetime) -> None:
    """A pause begins today or later, and in what is booked: nothing more is added once it was
    told."""
    if from_at < table.chart.now - LONGEST_DAY:
        raise InvalidInput(ANOTHER_LOOK, {"from_at": "lies in the past"})
    found = booked(table.courses, table.sessions)
    weeks = weeks_to_next(table.courses)
    until = domain.last_pause(found, weeks, table.chart.now)
    if from_at > until:
        told = {"from_at": domain.TOO_LATE, "until": until.isoformat()}
        raise InvalidInput(ANOTHER_LOOK, told)


def _write(table: Table, command: ChooseDates, before: Course | None) -> None:
    """A version that came back with a wish is written anew with the dates, as with any change."""
    plan, tx, now = table.seen.plan, table.chart.tx, table.chart.now
    if before is not None:
        before.state = CourseState.DROPPED.value
        tx.flush()
    if table.last.state == VersionState.RETURNED:
        content = content_of(table.chart, table.last)
        table.versions.append(new_version(table.chart, plan, table.last.number + 1, content))
        tx.add(table.last)
    course = Course(
        practice_id=plan.practice_id,
        plan_id=plan.id,
        choice=table.courses[-1].choice + 1 if table.courses else 1,
        chart_id=plan.chart_id,
        account_id=plan.account_id,
        version=table.last.number,
        state=CourseState.CHOSEN.value,
        terms=command.terms.model_dump(mode="json"),
        starts=command.starts,
        gone=[],
        chosen_at=now,
    )
    tx.add(course)
    table.courses.append(course)
    if table.last.state == VersionState.AGREED:
        course_moves.tell(tx, plan, table.courses, now)
    touch(plan, now)
    tx.flush()
