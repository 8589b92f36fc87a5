"""Plans that get shorter than what is booked for them: which sessions go, and which went."""

from datetime import datetime
from typing import Any

from services.contracts.plans.content import Party
from services.contracts.plans.courses import CourseState, PlanCourse
from services.contracts.plans.views import PlanView
from services.gateway.web import labels
from services.gateway.web.plan_sessions import count_label
from services.gateway.web.zones import ShownZone

Context = dict[str, Any]


def surplus(plan: PlanView, shown: ShownZone, now: datetime) -> Context | None:
    """The sessions for which the version on the table has no place, each with its day; None where
    none go."""
    going = plan.dates.surplus
    if plan.open is None or not going:
        return None
    whose = "you agree" if plan.party is Party.CLIENT else "your client agrees"
    last = "one is" if len(going) == 1 else f"{len(going)} are"
    return {
        "label": (
            f"This version has {count_label(plan.open.content.shape.sessions or 0)}, and "
            f"{plan.dates.placed} are booked. Once {whose}, the last {last} cancelled, and nothing "
            "is owed for what is cancelled:"
        ),
        "lines": [labels.moment_label(at, shown.info, now) for at in going],
        "seen": ",".join(at.isoformat() for at in going),
    }


def shortened_label(plan: PlanView, current: PlanCourse, shown: ShownZone, now: datetime) -> str:
    """Since which day sessions were cancelled because the plan has none left for it; "" where it
    has, for then it is paused."""
    total = plan.agreed.content.shape.sessions if plan.agreed else None
    end = current.stopped_from
    is_stopped = current.state is CourseState.STOPPED and end is not None
    if not is_stopped or end is None or total is None or plan.dates.placed < total:
        return ""
    since = labels.day_label(end, shown.info, now)
    return f"The plan has {count_label(total)} now: those from {since} on were cancelled."
