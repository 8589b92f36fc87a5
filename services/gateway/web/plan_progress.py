"""How far plans are, in a line: on the client's home and in the lists of plans."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from services.contracts.plans.content import PlanState
from services.contracts.plans.views import PlanLine
from services.gateway.web import plan_pauses, roster
from services.gateway.web.plan_sessions import count_label
from services.gateway.web.zones import ShownZone

Context = dict[str, Any]


def progress(plan: PlanLine) -> Context | None:
    """ "4 of 14 sessions used"; without an end "4 sessions so far"; None where none is booked."""
    told = plan.progress
    if told is None:
        return None
    if told.total is None:
        return {"label": f"{count_label(told.used)} so far", "used": told.used, "total": None}
    total = max(told.total, told.used)
    label = f"{told.used} of {count_label(total)} used"
    return {"label": label, "used": told.used, "total": total}


def under_way(plans: Iterable[PlanLine]) -> list[PlanLine]:
    """The plans that have not ended and whose sessions are booked."""
    return [one for one in plans if one.progress and one.state is not PlanState.ENDED]


def of_client(
    plans: Sequence[PlanLine], cards: roster.Roster, shown: ShownZone, now: datetime
) -> list[Context]:
    """Each plan with whom it is, how far, and since when it is paused."""
    return [
        {
            "who": roster.named(cards.get(one.practitioner_id), one.practitioner_id)["name"],
            "url": f"/plans/{one.id}",
            "progress": progress(one),
            "pause_label": _pause_label(one, shown, now),
        }
        for one in plans
    ]


def _pause_label(plan: PlanLine, shown: ShownZone, now: datetime) -> str:
    paused_from = plan_pauses.of_line(plan)
    return plan_pauses.pause_label(paused_from, shown, now) if paused_from else ""
