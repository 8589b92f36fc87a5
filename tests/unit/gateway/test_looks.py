"""Who looked, on the client's page: who it was by name, when, and what was opened."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.contracts.plans.content import Party
from services.contracts.plans.views import VisitView
from services.gateway.web.looks import Names, line
from tests.unit.gateway.test_booking_pages import NOW, SHOWN

MARA, EDDA = UUID(int=1), UUID(int=2)
NAMES = Names({MARA: "Mara Lindenau"}, {EDDA: "Edda Eden"})


def told(**changes: Any) -> dict[str, Any]:
    visit = VisitView(
        from_at=NOW,
        until_at=NOW,
        party=Party.PRACTITIONER,
        practitioner_id=MARA,
        account_id=EDDA,
        is_supervisor=False,
        is_by_link=False,
        read=["version"],
        written=[],
    )
    return line(visit.model_copy(update=changes), NAMES, SHOWN, NOW)


@pytest.mark.parametrize(
    ("changes", "who"),
    [
        ({}, "Mara Lindenau"),
        ({"practitioner_id": UUID(int=9)}, "Your practitioner"),
        ({"is_supervisor": True}, "Edda Eden, as a supervisor"),
        ({"is_supervisor": True, "account_id": UUID(int=9)}, "A supervisor of the practice"),
        ({"party": Party.CLIENT, "practitioner_id": None}, "You"),
        ({"party": Party.CLIENT, "is_by_link": True}, "Somebody with a booking’s link"),
    ],
)
def test_it_says_who_it_was(changes: dict[str, Any], who: str) -> None:
    """A supervisor by name, as long as they work there."""
    assert told(**changes)["who"] == who


@pytest.mark.parametrize(
    ("minutes", "label"),
    [
        (0, "Today, 13:00"),
        (12, "Today, 13:00–13:12"),
        (12 * 60, "Today, 13:00 – Tomorrow, 01:00"),
    ],
)
def test_a_visit_says_from_when_to_when(minutes: int, label: str) -> None:
    """One moment where it was one."""
    assert told(until_at=NOW + timedelta(minutes=minutes))["at_label"] == label


@pytest.mark.parametrize(
    ("read", "written", "what"),
    [
        (["version"], [], "read the plan"),
        (["filling", "version"], [], "read answers to a questionnaire and the plan"),
        (
            ["entry", "review", "version"],
            ["note"],
            "read the log of exercises, a review and the plan; wrote a session note",
        ),
        ([], ["later", "newer"], "wrote a record"),
    ],
)
def test_a_visit_says_what_was_opened(read: list[str], written: list[str], what: str) -> None:
    """In words, each once, and a kind that is not known yet as a record."""
    assert told(read=read, written=written)["what"] == what


def test_an_erasure_is_told_as_what_the_house_did_for_who_discarded() -> None:
    """At its moment nobody was there."""
    look = told(account_id=None, read=[], written=["erased_note"])
    assert look["who"] == "Attune, for Mara Lindenau"
    assert look["what"] == "erased the draft of a session note that was discarded"
