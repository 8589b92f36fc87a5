"""How far a plan is, in words: with an end, without one, and where nothing is booked."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.contracts.plans.content import PlanState
from services.contracts.plans.sessions import PlanProgress
from services.contracts.plans.views import PlanLine
from services.gateway.web.plan_progress import of_client, progress, under_way
from tests.unit.gateway.test_booking_pages import NOW, SHOWN


def line(told: PlanProgress | None, state: PlanState = PlanState.ACTIVE) -> PlanLine:
    return PlanLine(
        id=uuid4(),
        client_id=uuid4(),
        practitioner_id=uuid4(),
        state=state,
        waits_for=None,
        changed_at=datetime(2093, 11, 24, tzinfo=UTC),
        progress=told,
    )


@pytest.mark.parametrize(
    ("told", "label", "total"),
    [
        (PlanProgress(used=4, total=14), "4 of 14 sessions used", 14),
        (PlanProgress(used=0, total=1), "0 of 1 session used", 1),
        (PlanProgress(used=7, total=6), "7 of 7 sessions used", 7),
        (PlanProgress(used=4), "4 sessions so far", None),
        (PlanProgress(used=1), "1 session so far", None),
    ],
)
def test_progress_is_told_in_words(told: PlanProgress, label: str, total: int | None) -> None:
    """Never more than there are; a plan without an end has no bar."""
    assert progress(line(told)) == {"label": label, "used": told.used, "total": total}


def test_home_tells_of_plans_that_go_on() -> None:
    """Neither of one that has ended nor of one for which nothing is booked."""
    told = PlanProgress(used=4)
    going_on = line(told)
    assert progress(line(None)) is None
    assert under_way([line(None), line(told, PlanState.ENDED), going_on]) == [going_on]
    [shown] = of_client([going_on], {}, SHOWN, NOW)
    assert (shown["who"], shown["url"]) == ("your practitioner", f"/plans/{going_on.id}")
    assert shown["pause_label"] == ""


def test_home_tells_since_when_a_plan_is_paused() -> None:
    """A plan without an end as any other."""
    paused = line(PlanProgress(used=4, paused_from=NOW - timedelta(days=1)))
    [shown] = of_client([paused], {}, SHOWN, NOW)
    assert shown["pause_label"] == "Paused since Sun 22 Nov"
