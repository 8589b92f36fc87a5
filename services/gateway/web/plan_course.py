"""The course of a plan as its pages tell it: dates by phase, price and terms, what became of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.common.auth import Actor
from services.common.errors import NotFound, ServiceUnavailable
from services.contracts.billing import GetPrices, PricesView
from services.contracts.booking.planned import (
    MOST_COURSES,
    PlannedCourseView,
    ShowPlannedCourse,
    WhyRefused,
)
from services.contracts.plans.content import Party
from services.contracts.plans.courses import CourseState, PlanCourse
from services.contracts.plans.sessions import PlanSession
from services.contracts.plans.views import PlanView, VersionView
from services.gateway.backend import Backend
from services.gateway.web import labels, links, plan_pauses, plan_sessions, sessions
from services.gateway.web.plan_sessions import (
    TAKEN_PLACE,
    PlannedSession,
    count_label,
    given_back,
    moment,
    session_name,
    url_of,
)
from services.gateway.web.shorter_plans import shortened_label, surplus
from services.gateway.web.terms import terms_on_account
from services.gateway.web.zones import ShownZone

Context = dict[str, Any]
BEFORE = frozenset({CourseState.CHOSEN, CourseState.AGREED})
"""Dates that are not booked yet."""
FLAWS: dict[WhyRefused, str] = {
    WhyRefused.DATES_GONE: "These dates are gone:",
    WhyRefused.PRICE_CHANGED: "The price has changed since the dates were chosen.",
    WhyRefused.NOT_OFFERED: "These sessions are no longer offered in this way.",
}

ROLLS = "This plan has no end: further sessions are booked by themselves, about twelve weeks ahead."
NONE_ADDED = "Until there are new dates no further ones are added by themselves."
NOT_ADDED: dict[WhyRefused, str] = {
    WhyRefused.DATES_GONE: (
        "The next session has no place{near}. It is tried again every day: make room in your "
        "calendar, or choose the dates yourself."
    ),
    WhyRefused.PRICE_CHANGED: (
        "No further sessions are booked: the price has changed since these dates were agreed on. "
        "Choose new dates, so that your client can agree to the new price."
    ),
    WhyRefused.NOT_OFFERED: (
        "No further sessions are booked: they are no longer offered in this way. Choose new dates."
    ),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What booking and billing know of a plan's dates; None where they could not be asked."""

    course: PlannedCourseView | None
    price_label: str


async def shown_course(backend: Backend, actor: Actor, plan: PlanView) -> Shown:
    """The sessions and the offering of a plan's dates, for `actor` within its practice."""
    current = plan.dates.current
    if current is None:
        return Shown(None, "")
    course, price = await asyncio.gather(
        _course(backend, actor, plan, current), price_label(backend, current.terms.price_id)
    )
    return Shown(course, price)


async def price_label(backend: Backend, price_id: Any) -> str:
    """What a session costs; "" while that cannot be asked."""
    try:
        found = await backend.ask(Actor(), GetPrices(price_ids=[price_id]), PricesView)
    except ServiceUnavailable:
        return ""
    return labels.money_label(found.prices[0].money) if found.prices else ""


async def _course(
    backend: Backend, actor: Actor, plan: PlanView, current: PlanCourse
) -> PlannedCourseView | None:
    asked = (backend.ask(actor, one, PlannedCourseView) for one in _in_parts(plan, current))
    try:
        parts = await asyncio.gather(*asked)
    except (NotFound, ServiceUnavailable):
        return None
    every = (one for part in parts for one in part.bookings)
    bookings = sorted(every, key=lambda one: (one.starts_at, one.id))
    return parts[0].model_copy(update={"bookings": bookings})


def _in_parts(plan: PlanView, current: PlanCourse) -> list[ShowPlannedCourse]:
    """What is asked about a plan's courses, in portions; about the offering also without any."""
    ids = plan.dates.course_ids
    return [
        ShowPlannedCourse(
            practitioner_id=plan.practitioner_id,
            offering_id=current.terms.offering_id,
            course_ids=ids[first : first + MOST_COURSES],
        )
        for first in range(0, max(len(ids), 1), MOST_COURSES)
    ]


def course_context(plan: PlanView, found: Shown, shown: ShownZone, now: datetime) -> Context:
    """All that a plan's page says of its dates."""
    dates, current = plan.dates, plan.dates.current
    base = f"/plans/{plan.id}/dates"
    told: Context = {
        "state": current.state.value if current else "",
        "choice": current.choice if current else None,
        "choose_url": base if dates.may_choose else "",
        "agree_url": f"{base}/agree" if dates.may_agree else "",
        "pause_url": f"{base}/pause" if dates.may_pause else "",
        "drop_url": f"{base}/drop" if _may_drop(plan) else "",
        "series_url": "",
        "ends_sessions": _ends_sessions(plan),
        "surplus": surplus(plan, shown, now),
        "zone_label": shown.name,
        "lines": [],
        "beside": [],
        "progress": None,
        "open_label": "",
        "stopped_label": "",
        "given_back_label": "",
        "shortened_label": "",
        "rolls_label": "",
        "short_label": "",
    }
    if current is None:
        return told
    return told | _about(plan, current, found, shown, now)


def _about(
    plan: PlanView, current: PlanCourse, found: Shown, shown: ShownZone, now: datetime
) -> Context:
    version, listed = _version_of(plan), plan_sessions.planned_sessions(plan.dates, found.course)
    lines = plan_sessions.lines(plan, version, listed, shown, now)
    beside: list[Context] = []
    if current.state in BEFORE:
        lines, beside = _chosen_lines(plan, version, current.starts, shown, now), lines
    return {
        "offering_label": _offering_label(found.course, current),
        "price_label": found.price_label,
        "terms": terms_on_account(found.course.offering.policy) if found.course else [],
        "lines": lines,
        "beside": beside,
        "series_url": _series_url(plan, listed, now),
        "flaw": FLAWS[current.flaw] if current.flaw else "",
        "gone": [labels.moment_label(at, shown.info, now) for at in current.gone],
        "rolls_label": _rolls_label(version, current, listed, shown, now),
        "short_label": _short_label(plan, current, shown, now),
        "stopped_label": plan_pauses.stopped_label(current, found.course, shown, now),
        "given_back_label": _given_back_label(plan, current, found.course, shown, now),
        "shortened_label": shortened_label(plan, current, shown, now),
        "count_label": count_label(len(lines) if current.state in BEFORE else _counted(listed)),
        "open_label": _open_label(plan, current),
        "progress": plan_sessions.progress(plan, version, listed, shown, now),
    }


def _version_of(plan: PlanView) -> VersionView | None:
    """The version whose phases the dates go through."""
    is_with_open = plan.dates.current and plan.dates.current.state is CourseState.CHOSEN
    return (plan.open if is_with_open else None) or plan.agreed or plan.open


def _chosen_lines(
    plan: PlanView,
    version: VersionView | None,
    starts: Sequence[datetime],
    shown: ShownZone,
    now: datetime,
) -> list[Context]:
    return [
        moment(at, shown, now)
        | {"name": session_name(version, number), "status": None, "url": "", "is_past": False}
        for number, at in enumerate(starts, plan.dates.placed_before + 1)
    ]


def _series_url(plan: PlanView, listed: Sequence[PlannedSession], now: datetime) -> str:
    """Where the practitioner moves the sessions to come, from the next one on; "" where none is."""
    is_firm = plan.party is Party.PRACTITIONER
    to_come = (one for one in listed if is_firm and one.starts_at > now and one.can_move)
    if (following := next(to_come, None)) is None:
        return ""
    return links.with_query(f"{url_of(plan, following.id)}/series", {"back": f"/plans/{plan.id}"})


def _rolls_label(
    version: VersionView | None,
    current: PlanCourse,
    listed: Sequence[PlannedSession],
    shown: ShownZone,
    now: datetime,
) -> str:
    """That a plan goes on by itself, from the proposal on, and until when all is booked."""
    if current.state is CourseState.CHOSEN:
        return ROLLS if version and version.content.shape.sessions is None else ""
    if current.state is not CourseState.BOOKED or not current.rolls_every:
        return ""
    taking_place = (one.starts_at for one in listed if one.state in TAKEN_PLACE)
    last_at = max(taking_place, default=current.starts[-1])
    told = f"{ROLLS} Booked until {_date(last_at, shown, now)}"
    if current.added_at is None:
        return f"{told}."
    added = count_label(len(current.starts))
    return f"{told}; the last {added} were added on {_date(current.added_at, shown, now)}."


def _date(at: datetime, shown: ShownZone, now: datetime) -> str:
    return labels.short_date_label(*(one.astimezone(shown.info).date() for one in (at, now)))


def _short_label(plan: PlanView, current: PlanCourse, shown: ShownZone, now: datetime) -> str:
    """Why the next session of a plan without an end is not booked, for who can help it; "" where
    all is well."""
    is_told = plan.party is Party.PRACTITIONER and current.state is CourseState.BOOKED
    if not is_told or current.runs_short is None:
        return ""
    near = ", ".join(labels.moment_label(at, shown.info, now) for at in current.gone)
    return NOT_ADDED[current.runs_short].format(near=f" near {near}" if near else "")


def _given_back_label(
    plan: PlanView,
    current: PlanCourse,
    course: PlannedCourseView | None,
    shown: ShownZone,
    now: datetime,
) -> str:
    """Which sessions were given back while others of the plan stand, where they were last; "" where
    none stand, for then it is paused."""
    end = current.stopped_from
    if end is None or not any(_stands(one, end) for one in plan.dates.sessions):
        return ""
    starts = given_back(course, current, end) or [at for at in current.starts if at >= end]
    gone = [labels.moment_label(at, shown.info, now) for at in starts]
    were = "session of {} was" if len(gone) == 1 else "sessions of {} were"
    told = f"The {were.format('; '.join(gone))} cancelled; the others take place."
    return f"{told} {NONE_ADDED}" if current.rolls_every else told


def _stands(one: PlanSession, end: datetime) -> bool:
    return one.starts_at >= end and one.counts and one.state in TAKEN_PLACE


def _counted(listed: Sequence[PlannedSession]) -> int:
    return sum(one.counts for one in listed)


def _open_label(plan: PlanView, current: PlanCourse) -> str:
    """How many sessions of a plan with an end have no date while the others are booked; "" where
    each has one."""
    is_booked = current.state is CourseState.BOOKED and current.rolls_every is None
    left = sum(one.sessions or 0 for one in plan.dates.to_place)
    if not is_booked or not left or current.runs_short:
        return ""
    return f"{count_label(left)} of this plan {'has' if left == 1 else 'have'} no date."


def _ends_sessions(plan: PlanView) -> bool:
    """Whether the plan's end gives sessions back: of any course that was, or is being, booked."""
    current = plan.dates.current
    return bool(plan.dates.course_ids or (current and current.state is CourseState.AGREED))


def _may_drop(plan: PlanView) -> bool:
    current = plan.dates.current
    return plan.dates.may_choose and current is not None and current.state is CourseState.CHOSEN


def _offering_label(course: PlannedCourseView | None, current: PlanCourse) -> str:
    if course is None:
        return labels.format_label(current.terms.format)
    label = sessions.offering_label(course.offering.name, course.offering.minutes)
    return f"{label}, {labels.format_words(current.terms.format)}"
