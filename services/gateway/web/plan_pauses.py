"""Plans that are paused: since when, in words, and what a pause that is asked for would cancel."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.contracts.booking.bookings import BookingView
from services.contracts.booking.planned import PlannedCourseView
from services.contracts.plans.content import PlanState
from services.contracts.plans.courses import CourseState, PlanCourse
from services.contracts.plans.views import PlanLine, PlanView
from services.gateway.web import labels, plan_context
from services.gateway.web.plan_sessions import GIVEN_BACK, TAKEN_PLACE, count_label, moment
from services.gateway.web.zones import ShownZone

Context = dict[str, Any]
NOTHING = "nothing"
NOTHING_OWED = "Nothing is owed for it."
ALL_BACK = "All that was paid comes back."
DONE = {
    0: "Paused. Nothing was booked from that day on, so nothing is cancelled and no mail is sent.",
    1: "Paused. 1 session is cancelled; your client gets a mail. To go on, choose a new date.",
}
DONE_MANY = (
    "Paused. {} sessions are cancelled; your client gets one mail. To go on, choose new dates."
)


def status(
    state: PlanState, paused_from: datetime | None, shown: ShownZone, now: datetime
) -> Context:
    """The state of a plan as a badge; one that is paused says since when."""
    if paused_from is None:
        return plan_context.status(state)
    return {"kind": "warn", "label": pause_label(paused_from, shown, now)}


def of_line(plan: PlanLine) -> datetime | None:
    """From when on a plan in a list is paused; None for one that goes on."""
    return plan.progress.paused_from if plan.progress else None


def is_paused(plan: PlanView, at: datetime) -> bool:
    """Whether nothing takes place from a moment on as the plan stands."""
    paused_from = plan.dates.paused_from
    return paused_from is not None and paused_from <= at


def pause_label(paused_from: datetime, shown: ShownZone, now: datetime) -> str:
    """ "Paused since Tue 1 Dec", or "from" a day that is to come."""
    day, today = (at.astimezone(shown.info).date() for at in (paused_from, now))
    word = "from" if day > today else "since"
    return f"Paused {word} {labels.short_date_label(day, today)}"


def stopped_label(
    current: PlanCourse, course: PlannedCourseView | None, shown: ShownZone, now: datetime
) -> str:
    """From which day on a plan is paused, and whether that cancelled sessions; "" where it goes
    on."""
    end = current.stopped_from
    if end is None:
        return ""
    bookings = course.bookings if course else []
    gone = [at for at in current.starts if at >= end]
    gone += [one.starts_at for one in bookings if one.state in GIVEN_BACK and one.starts_at >= end]
    told = "the sessions after that were cancelled" if gone else "nothing is booked after that"
    return f"{pause_label(end, shown, now)}: {told}."


def context(
    plan: PlanView,
    from_at: datetime,
    going: Sequence[BookingView],
    shown: ShownZone,
    now: datetime,
) -> Context:
    """What a pause from a moment on does: the sessions that it cancels with what is owed or comes
    back, and what stays."""
    current = plan.dates.current
    is_chosen = current is not None and current.state is CourseState.CHOSEN
    return {
        "day_label": labels.full_date_label(from_at.astimezone(shown.info).date()),
        "zone_label": shown.name,
        "paused_label": already_label(plan, from_at, shown, now),
        "count_label": count_label(len(going)),
        "lines": [
            moment(one.starts_at, shown, now)
            | {"owed_label": NOTHING_OWED if one.is_on_account else ALL_BACK}
            for one in going
        ],
        "last_label": _last_label(plan, from_at, shown, now),
        "is_rolling": current is not None and current.rolls_every is not None,
        "is_chosen": is_chosen,
        "seen": as_sent(going),
    }


def already_label(plan: PlanView, from_at: datetime, shown: ShownZone, now: datetime) -> str:
    """Since when a plan is paused to which a pause from a moment on adds nothing; "" for others."""
    paused_from = plan.dates.paused_from
    if paused_from is None or not is_paused(plan, from_at):
        return ""
    return pause_label(paused_from, shown, now)


def as_sent(going: Sequence[BookingView]) -> str:
    """What was seen of the sessions that a pause cancels, as its form sends it back."""
    seen = (f"{one.id}:{labels.instant(one.starts_at)}" for one in going)
    return ",".join(seen) or NOTHING


def done(cancelled: int) -> str:
    """What a pause did that cancelled so many sessions."""
    return DONE.get(cancelled, DONE_MANY.format(cancelled))


def _last_label(plan: PlanView, from_at: datetime, shown: ShownZone, now: datetime) -> str:
    """The last session that still takes place before the pause; "" where none is to come."""
    starts = (one.starts_at for one in plan.dates.sessions if one.state in TAKEN_PLACE)
    last_at = max((at for at in starts if now < at < from_at), default=None)
    return labels.moment_label(last_at, shown.info, now) if last_at else ""
