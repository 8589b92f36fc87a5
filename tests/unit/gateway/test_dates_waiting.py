"""Dates that wait, were refused or are missing, and a plan that came back: told where one looks."""

from datetime import timedelta

import pytest

from services.contracts.plans.content import Party
from services.contracts.plans.sessions import PlanProgress
from services.contracts.plans.views import PlanLine
from services.gateway.web import plan_to_dos
from tests.unit.gateway.test_booking_pages import NOW, SHOWN
from tests.unit.gateway.test_measures import CLIENT, line

SHORT = PlanProgress(used=1, total=6, placed=4)
PAUSED = PlanProgress(used=1, placed=4, paused_from=NOW - timedelta(days=4))


def test_a_client_is_told_of_dates_that_wait_for_them() -> None:
    """On their home and in their plans; no practitioner is asked for it."""
    waiting = line(are_dates_to_agree=True)
    [told] = plan_to_dos.of_client([waiting])
    assert told["label"] == "New dates wait for you"
    assert told["url"] == f"/plans/{waiting.id}#answer"
    assert plan_to_dos.in_list(waiting, Party.CLIENT) == "dates to agree to"
    assert plan_to_dos.in_list(waiting, Party.PRACTITIONER) == ""
    assert not plan_to_dos.asks_practitioner(waiting)


@pytest.mark.parametrize(
    ("asked", "label", "in_list"),
    [
        (
            line(are_dates_refused=True),
            "The dates for Robin could not be booked",
            "dates to choose",
        ),
        (line(undated=2, progress=SHORT), "2 sessions with Robin have no date", "dates to choose"),
        (line(undated=1, progress=SHORT), "1 session with Robin has no date", "dates to choose"),
        (
            line(progress=PAUSED),
            "Paused since Thu 19 Nov: the plan with Robin",
            "dates to choose",
        ),
        (
            line(undated=2, progress=PAUSED.model_copy(update={"total": 6})),
            "Paused since Thu 19 Nov: the plan with Robin",
            "dates to choose",
        ),
        (line(is_returned=True), "Robin asks for changes to the plan", "changes asked for"),
    ],
)
def test_a_practitioner_is_told_what_waits_for_them(
    asked: PlanLine, label: str, in_list: str
) -> None:
    """In their day by the client's name, and in their plans in a few words; in no client's."""
    [told] = plan_to_dos.of_practitioner([asked], {CLIENT: "Robin"}, SHOWN, NOW)
    assert told["label"] == label
    assert told["url"].startswith(f"/plans/{asked.id}")
    assert plan_to_dos.in_list(asked, Party.PRACTITIONER) == in_list
    assert plan_to_dos.asks_practitioner(asked)
    assert plan_to_dos.of_client([asked]) == []
    assert plan_to_dos.in_list(asked, Party.CLIENT) == ""
