"""Plans as they are told: to the client what was put before them, to the practitioner all."""

from collections.abc import Sequence

from pydantic import BaseModel
from sqlalchemy.orm import Session

from services.contracts.plans.content import Exercise, Party, PlanContent, PlanState, VersionState
from services.contracts.plans.courses import CourseState
from services.contracts.plans.rehearsals import RehearsalView
from services.contracts.plans.sessions import PlanProgress
from services.contracts.plans.views import (
    EntryView,
    PhaseSpan,
    PlanLine,
    PlanView,
    VersionLine,
    VersionView,
)
from services.plans.domain.course import may_agree
from services.plans.domain.lifecycle import (
    LIVING,
    UNDER_WAY,
    Standing,
    may_log,
    may_record_review,
    moves_of,
    waits_for,
)
from services.plans.domain.progress import pause_told, undated
from services.plans.domain.shape import spans
from services.plans.models import Course, Entry, Plan, Version
from services.plans.operations.access import Seen
from services.plans.operations.charts import OpenChart
from services.plans.operations.course_views import plan_courses, sessions_of
from services.plans.operations.measure_views import measured, named, review_views
from services.plans.queries import courses, plans, rehearsals
from services.plans.queries.measures import NOTHING, Waiting

VERSION, WISH, ENTRY = "version", "wish", "entry"
SEALED_ONCE = 1
"""The version of what is never written again."""


class Wish(BaseModel):
    """What a client asked to be different."""

    text: str


class Tried(BaseModel):
    """An exercise as it was worded, what happened, and how it went."""

    exercise: Exercise
    happened: str
    went: int


def open_version(versions: Sequence[Version]) -> Version | None:
    """The last version, where it is not the agreed one."""
    last = versions[-1]
    return None if last.state == VersionState.AGREED else last


def standing(plan: Plan, versions: Sequence[Version], found: Sequence[Course] = ()) -> Standing:
    """Where the plan stands, for the rules. `found`: its choices of dates, where they matter."""
    last = open_version(versions)
    is_being_booked = any(one.state == CourseState.AGREED for one in found)
    return Standing(
        PlanState(plan.state), VersionState(last.state) if last else None, is_being_booked
    )


def plan_view(chart: OpenChart, seen: Seen, versions: Sequence[Version]) -> PlanView:
    """The plan as who sees it may read it."""
    plan, party = seen.plan, seen.party
    shown = [one for one in versions if is_shown(one, party)]
    agreed = [one for one in shown if one.state == VersionState.AGREED]
    on_table = open_version(versions)
    is_open_shown = on_table is not None and is_shown(on_table, party)
    told_agreed = version_view(chart, agreed[-1]) if agreed else None
    told_open = version_view(chart, on_table) if on_table and is_open_shown else None
    newest, found = told_open or told_agreed, courses.courses(chart.tx, plan)
    known = sessions_of(chart.tx, found)
    stands = standing(plan, versions, found)
    round_ = measured(chart, plan, party, told_agreed.content.measures if told_agreed else [])
    return PlanView(
        id=plan.id,
        practice_id=plan.practice_id,
        client_id=plan.client_id,
        practitioner_id=plan.practitioner_id,
        party=party,
        state=PlanState(plan.state),
        revision=plan.revision,
        has_account=plan.account_id is not None,
        agreed=told_agreed,
        open=told_open,
        history=[_line(one) for one in shown],
        may=moves_of(stands, party),
        entries=[entry_view(chart, one) for one in plans.entries(chart.tx, plan)],
        may_log=may_log(PlanState(plan.state), party),
        measures=round_.measures,
        alerts=round_.alerts,
        is_review_due=round_.is_review_due,
        review_due_at=round_.review_due_at,
        is_review_awaited=round_.is_review_awaited,
        reviews=review_views(chart, plan),
        may_record_review=may_record_review(PlanState(plan.state), party),
        dates=plan_courses(
            found, known, stands, newest.content.shape if newest else None, party, chart.now
        ),
        rehearsals=rehearsal_views(chart.tx, plan),
    )


def rehearsal_views(tx: Session, plan: Plan) -> list[RehearsalView]:
    """In which sessions the plan's exercises were rehearsed, the latest first."""
    return [
        RehearsalView(exercise_id=one, booking_id=where, rehearsed_at=at)
        for one, where, at in rehearsals.rehearsals(tx, plan)
    ]


def is_shown(version: Version, party: Party) -> bool:
    """A draft stays with the practitioner."""
    return party is Party.PRACTITIONER or version.state != VersionState.DRAFT


def content_of(chart: OpenChart, version: Version) -> PlanContent:
    """What a version says."""
    return chart.unseal(version.sealed, PlanContent, VERSION, version.id, version.sealed_revision)


def wish_of(chart: OpenChart, version: Version) -> str:
    """What the client asked to be different; empty where they did not."""
    if version.wish is None:
        return ""
    return chart.unseal(version.wish, Wish, WISH, version.id, version.number).text


def version_view(chart: OpenChart, version: Version) -> VersionView:
    """One version with what it says."""
    content = content_of(chart, version)
    phases = [
        PhaseSpan(name=span.phase.name, first=span.first, last=span.last, work=span.phase.work)
        for span in spans(content.shape)
    ]
    return VersionView(
        number=version.number,
        text=version.sealed_revision,
        state=VersionState(version.state),
        content=content,
        phases=phases,
        practitioner_signed_at=version.practitioner_signed_at,
        client_signed_at=version.client_signed_at,
        wish=wish_of(chart, version),
        measures=named(content.measures),
    )


def tried(chart: OpenChart, entry: Entry) -> Tried:
    """What an entry says."""
    return chart.unseal(entry.sealed, Tried, ENTRY, entry.id, SEALED_ONCE)


def entry_view(chart: OpenChart, entry: Entry) -> EntryView:
    """An entry with what it says."""
    told = tried(chart, entry)
    return EntryView(id=entry.id, logged_at=entry.logged_at, **dict(told))


def plan_line(
    plan: Plan,
    last_state: str,
    waiting: Waiting = NOTHING,
    alerts: int = 0,
    *,
    runs_short: bool = False,
    progress: PlanProgress | None = None,
    dates: CourseState | None = None,
    party: Party = Party.CLIENT,
) -> PlanLine:
    """The plan in a list, with how much of it waits. `dates`: where its last choice of them stands;
    `party`: who reads it."""
    last, state = VersionState(last_state), PlanState(plan.state)
    on_table = None if last is VersionState.AGREED else last
    stands, is_kept = Standing(state, on_table), party is Party.PRACTITIONER
    if progress is not None:
        paused_from = pause_told(state, dates, progress.paused_from)
        progress = progress.model_copy(update={"paused_from": paused_from})
    return PlanLine(
        id=plan.id,
        client_id=plan.client_id,
        practitioner_id=plan.practitioner_id,
        state=state,
        waits_for=waits_for(stands),
        changed_at=plan.changed_at,
        measures_due=waiting.measures,
        is_review_due=waiting.reviews > 0,
        alerts=alerts,
        runs_short=runs_short,
        progress=progress,
        are_dates_to_agree=may_agree(stands, dates, Party.CLIENT),
        are_dates_refused=is_kept and state in UNDER_WAY and dates is CourseState.REFUSED,
        undated=undated(state, dates, progress, party),
        is_returned=is_kept and state in LIVING and on_table is VersionState.RETURNED,
    )


def _line(version: Version) -> VersionLine:
    return VersionLine(
        number=version.number,
        state=VersionState(version.state),
        practitioner_signed_at=version.practitioner_signed_at,
        client_signed_at=version.client_signed_at,
    )
