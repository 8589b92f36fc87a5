"""A plan as its pages tell it: states in words, phases with their sessions, who signed when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.contracts.plans.content import (
    Goal,
    Length,
    PlanState,
    Shape,
    Stretch,
    Term,
    VersionState,
)
from services.contracts.plans.rehearsals import RehearsalView
from services.contracts.plans.rhythm import Unit
from services.contracts.plans.views import (
    EntryView,
    PhaseSpan,
    PlanView,
    VersionLine,
    VersionView,
)
from services.gateway.web import labels
from services.gateway.web.measure_context import rhythm_label as rhythm_of_measure
from services.gateway.web.zones import ShownZone

Context = dict[str, Any]
YOU = "You, as the practitioner,"
STATES: dict[PlanState, tuple[str, str]] = {
    PlanState.DRAFT: ("", "Draft"),
    PlanState.AGREED: ("good", "Agreed"),
    PlanState.ACTIVE: ("good", "Active"),
    PlanState.IN_REVIEW: ("warn", "In review"),
    PlanState.ENDED: ("", "Ended"),
}
VERSION_STATES: dict[VersionState, str] = {
    VersionState.DRAFT: "being written",
    VersionState.PROPOSED: "proposed",
    VersionState.RETURNED: "changes asked for",
    VersionState.AGREED: "agreed by both",
}
LENGTHS: dict[Length, str] = {
    Length.SHORT: "Short term",
    Length.MEDIUM: "Medium term",
    Length.LONG: "Long term",
}
TERMS: dict[Term, str] = {Term.SHORT: "Short-term goal", Term.LONG: "Long-term goal"}
OFTEN = {1: "weekly", 2: "every two weeks"}


def status(state: PlanState) -> Context:
    """The state as a badge."""
    kind, label = STATES[state]
    return {"kind": kind, "label": label}


def version(
    told: VersionView,
    practitioner: str,
    shown: ShownZone,
    now: datetime,
    log_urls: Mapping[UUID, str] = MappingProxyType({}),
    rehearsals: Sequence[RehearsalView] = (),
) -> Context:
    """All that a version says, ready to show. `log_urls`: where exercises are logged, by id;
    `rehearsals`: the latest first."""
    content = told.content
    return {
        "number": told.number,
        "text": told.text,
        "title": content.focus.title,
        "problem_area": content.focus.problem_area,
        "reason": content.focus.reason,
        "patterns": content.focus.patterns,
        "goals": goals(content.goals),
        "exercises": [
            {
                "situation": one.situation,
                "new_way": one.new_way,
                "log_url": log_urls.get(one.id, ""),
                "rehearsed": rehearsed(rehearsals, one.id, shown, now),
            }
            for one in content.exercises
        ],
        "phases": phases(told.phases),
        "length_label": LENGTHS[content.length],
        "rhythm_label": rhythm_label(content.shape),
        "review_label": review_label(content.shape),
        "measures": [
            f"{one.name}, {rhythm_of_measure(one.every, one.unit)}" for one in told.measures
        ],
        "source": content.source,
        "signatures": [
            _signature(practitioner, told.practitioner_signed_at, shown, now),
            _signature("The client", told.client_signed_at, shown, now),
        ],
        "wish": told.wish,
    }


def goals(told: Sequence[Goal]) -> list[Context]:
    """Goals with their objectives."""
    return [
        {"term_label": TERMS[goal.term], "text": goal.text, "objectives": goal.objectives}
        for goal in told
    ]


def phases(told: Sequence[PhaseSpan]) -> list[Context]:
    """Phases with the sessions that they take."""
    return [
        {"name": span.name, "sessions_label": _span_label(span), "work": span.work} for span in told
    ]


def rehearsed(
    rehearsals: Sequence[RehearsalView], exercise_id: UUID, shown: ShownZone, now: datetime
) -> Context | None:
    """On which day an exercise was rehearsed last; None where it was not yet."""
    its = (one.rehearsed_at for one in rehearsals if one.exercise_id == exercise_id)
    at = next(its, None)
    return None if at is None else day(at, shown, now)


def day(at: datetime, shown: ShownZone, now: datetime) -> Context:
    """A day in words that follow "on" or "since": "Tue 12 May", and its moment."""
    local, today = (one.astimezone(shown.info).date() for one in (at, now))
    return {"at": labels.instant(at), "label": labels.short_date_label(local, today)}


def history(plan: PlanView, shown: ShownZone, now: datetime) -> list[Context]:
    """The versions, the newest first, each with its page."""
    return [
        {
            "label": f"Version {line.number}",
            "state_label": VERSION_STATES[line.state],
            "at_label": _signed_label(line, shown, now),
            "url": f"/plans/{plan.id}/versions/{line.number}",
        }
        for line in reversed(plan.history)
    ]


def entry(told: EntryView, shown: ShownZone, now: datetime) -> Context:
    """An exercise that was tried."""
    return {
        "situation": told.exercise.situation,
        "new_way": told.exercise.new_way,
        "happened": told.happened,
        "went_label": f"{told.went} of 10",
        "at": labels.instant(told.logged_at),
        "at_label": labels.moment_label(told.logged_at, shown.info, now),
    }


def rhythm_label(shape: Shape) -> str:
    """ "14 sessions, weekly", "24 sessions: 12 weekly, then every two weeks"."""
    total = "Without an agreed end" if shape.sessions is None else _count(shape.sessions)
    if len(shape.rhythm) == 1:
        return f"{total}, {_often(shape.rhythm[0].weeks_apart)}"
    return f"{total}: " + ", then ".join(_stretch_label(one) for one in shape.rhythm)


def _stretch_label(stretch: Stretch) -> str:
    number = "" if stretch.sessions is None else f"{stretch.sessions} "
    return f"{number}{_often(stretch.weeks_apart)}"


def _often(weeks: int) -> str:
    return OFTEN.get(weeks, f"every {weeks} weeks")


def review_label(shape: Shape) -> str:
    """ "A review every 8 sessions"; "" for none."""
    every = shape.review_every
    if every is None:
        return ""
    if shape.review_unit is Unit.WEEKS:
        return "A review every week" if every == 1 else f"A review every {every} weeks"
    return f"A review every {_count(every)}"


def _span_label(span: PhaseSpan) -> str:
    if span.last is None:
        return f"From session {span.first} on"
    is_one = span.first == span.last
    return f"Session {span.first}" if is_one else f"Sessions {span.first} to {span.last}"


def _count(sessions: int) -> str:
    return "1 session" if sessions == 1 else f"{sessions} sessions"


def _signature(who: str, at: datetime | None, shown: ShownZone, now: datetime) -> Context:
    if at is None:
        told = "have not signed yet" if who == YOU else "has not signed yet"
        return {"who": who, "at": None, "at_label": told}
    told = labels.moment_label(at, shown.info, now)
    return {"who": who, "at": labels.instant(at), "at_label": f"signed {told}"}


def _signed_label(line: VersionLine, shown: ShownZone, now: datetime) -> str:
    at = line.client_signed_at or line.practitioner_signed_at
    return "" if at is None else labels.moment_label(at, shown.info, now)
