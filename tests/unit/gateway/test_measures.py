"""Measures on their pages: answers read from a form, scores drawn, to-dos, numbers to call."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.plans.content import Party, PlanState
from services.contracts.plans.measures import Band, InstrumentView
from services.contracts.plans.rhythm import PlannedMeasure, Unit
from services.contracts.plans.views import PlanLine, PlanView
from services.gateway.forms.measures import answers_of, item_name, measures_of
from services.gateway.forms.reading import Flawed
from services.gateway.web import plan_to_dos
from services.gateway.web.crisis import countries_for
from services.gateway.web.measure_context import measures_and_reviews, rhythm_label
from services.gateway.web.rendering import render
from services.gateway.web.samples.measures import PHQ_9, SESSION_RATING
from services.gateway.web.score_chart import BOTTOM, LEFT, MOST_LABELLED, RIGHT, TOP, Scored, chart
from services.gateway.web.styleguide import SAMPLES
from services.gateway.web.words import CRISIS_COUNTRIES
from services.gateway.web.zones import ShownZone, Source
from services.plans.catalogue.instruments import load_instruments
from tests.contracts.samples.plans import VIEWS
from tests.unit.gateway.sample_pages import sample_html
from tests.unit.gateway.test_booking_pages import SHOWN

BEGAN = datetime(2093, 1, 5, 9, tzinfo=UTC)
CLIENT = UUID(int=5)
A_PLAN = next(one for one in VIEWS if isinstance(one, PlanView))
TWO = InstrumentView(
    slug="two",
    name="Two",
    summary="",
    lead="",
    items=["Trouble falling or staying asleep, or sleeping far too much on most of the days", "B"],
    answers=["no", "some", "yes"],
    hint="",
    beside=None,
    bands=[],
    most=4,
    change=None,
    source="",
    permission="",
)


def test_answers_are_read_in_the_order_of_the_items() -> None:
    """Whatever order the form sends them in; what it sends beside is left alone."""
    assert answers_of({"item-2": "0", "item-1": "2", "item-3": "1"}, TWO) == [2, 0]


@pytest.mark.parametrize("sent", ["", "3", "-1", "1.5", "x", "١٢٣", "99999999"])
def test_an_answer_that_is_none_is_named_by_its_question(sent: str) -> None:
    """Missing, out of range, or no number: the first words of the question say which."""
    with pytest.raises(Flawed) as flawed:
        answers_of({"item-1": sent, "item-2": "1"}, TWO)
    assert list(flawed.value.errors) == [item_name(1)]
    assert "Question 1 has no answer yet: “Trouble falling" in flawed.value.errors["item-1"]
    assert flawed.value.errors["item-1"].endswith(" …”")


def test_a_plan_names_the_instruments_that_have_a_rhythm() -> None:
    """An empty one falls away; what is no number is named, and so is one out of range."""
    sent = {
        "measure-phq-9-every": "2",
        "measure-phq-9-unit": "weeks",
        "measure-gad-7-every": " ",
        "measure-gad-7-unit": "weeks",
        "measure-session-rating-every": "1",
        "measure-session-rating-unit": "sessions",
    }
    assert measures_of(sent) == [
        PlannedMeasure(instrument="phq-9", every=2, unit=Unit.WEEKS),
        PlannedMeasure(instrument="session-rating", every=1, unit=Unit.SESSIONS),
    ]
    for wrong in ("0", "53", "often"):
        with pytest.raises(Flawed) as flawed:
            measures_of(sent | {"measure-phq-9-every": wrong})
        assert list(flawed.value.errors) == ["measure-phq-9-every"]


@pytest.mark.parametrize(
    ("every", "unit", "label"),
    [
        (1, Unit.SESSIONS, "each session"),
        (1, Unit.WEEKS, "every week"),
        (2, Unit.WEEKS, "every 2 weeks"),
        (8, Unit.SESSIONS, "every 8 sessions"),
        (None, None, "not in the plan any more"),
    ],
)
def test_a_rhythm_in_words(every: int | None, unit: Unit | None, label: str) -> None:
    """As both pages and the editor say it."""
    assert rhythm_label(every, unit) == label


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 27)), min_size=2, max_size=40))
def test_every_score_is_drawn_within_the_frame_and_higher_scores_higher(
    told: list[tuple[int, int]],
) -> None:
    """From left to right in time; also several of one moment."""
    scored = [Scored(BEGAN + timedelta(days=day), score, "") for day, score in sorted(told)]
    drawn = chart(scored, 27, [])
    assert drawn is not None
    points = drawn["points"]
    assert all(LEFT <= point["x"] <= RIGHT and TOP <= point["y"] <= BOTTOM for point in points)
    assert [point["x"] for point in points] == sorted(point["x"] for point in points)
    by_score = sorted(zip([one.score for one in scored], [p["y"] for p in points], strict=True))
    assert [y for _, y in by_score] == sorted((y for _, y in by_score), reverse=True)


def test_one_score_is_no_course_and_many_are_not_all_written() -> None:
    """Nothing is drawn of one; of many, the first and the last are written beside their point."""
    scored = [Scored(BEGAN + timedelta(days=day), day, "") for day in range(MOST_LABELLED + 1)]
    assert chart(scored[:1], 27, []) is None
    drawn = chart(scored, 27, [])
    assert drawn is not None
    written = [point["label"] for point in drawn["points"] if point["label"]]
    assert written == ["0", str(MOST_LABELLED)]


def test_scores_that_have_no_room_are_left_to_the_table() -> None:
    """Of answers that came close to one another the last is written, and no number over another."""
    days = (0, 28, 56, 57, 57.1)
    scored = [Scored(BEGAN + timedelta(days=day), 10, "") for day in days]
    drawn = chart(scored, 27, [])
    assert drawn is not None
    assert [point["label"] for point in drawn["points"]] == ["10", "10", "", "", "10"]
    apart = [Scored(BEGAN, 27, ""), Scored(BEGAN, 2, "")]
    drawn = chart(apart, 27, [])
    assert drawn is not None
    assert [point["label"] for point in drawn["points"]] == ["27", "2"]


def test_bands_fill_the_frame_without_a_gap() -> None:
    """The border between two lies between their scores."""
    bands = [Band(name="low", first=0, last=4), Band(name="high", first=5, last=9)]
    drawn = chart([Scored(BEGAN, 1, ""), Scored(BEGAN, 9, "")], 9, bands)
    assert drawn is not None
    low, high = drawn["bands"]
    assert low["y"] + low["height"] == BOTTOM
    assert high["y"] == TOP
    assert high["y"] + high["height"] == pytest.approx(low["y"], abs=0.1)


@pytest.mark.parametrize(
    ("zone", "source", "codes"),
    [
        ("Europe/Berlin", "cookie", ["de"]),
        ("Europe/London", "account", ["gb"]),
        ("Australia/Perth", "account", ["au"]),
        ("America/New_York", "account", ["de", "gb", "au"]),
        ("UTC", "account", ["de", "gb", "au"]),
        ("Europe/Berlin", "practitioner", ["de", "gb", "au"]),
    ],
)
def test_numbers_to_call_are_those_of_where_somebody_is(
    zone: str, source: Source, codes: list[str]
) -> None:
    """All that there are where that is not known, or none of ours is theirs: never none."""
    found = countries_for(ShownZone(ZoneInfo(zone), source))
    assert [one.code for one in found] == codes
    assert {one.code for one in CRISIS_COUNTRIES} == {"de", "gb", "au"}


def line(**changes: object) -> PlanLine:
    told = {
        "id": UUID(int=1),
        "client_id": CLIENT,
        "practitioner_id": UUID(int=2),
        "state": PlanState.ACTIVE,
        "waits_for": None,
        "changed_at": BEGAN,
    }
    return PlanLine.model_validate(told | changes)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"review_due_at": BEGAN + timedelta(days=40)}, "The next review is due on "),
        ({"review_due_at": None, "is_review_awaited": True}, "after your next sessions"),
        ({"review_due_at": BEGAN, "is_review_due": True}, ""),
        ({"review_due_at": None}, ""),
        ({"review_due_at": BEGAN + timedelta(days=40), "state": PlanState.ENDED}, ""),
    ],
)
def test_both_are_told_when_the_next_review_is_due(changes: dict[str, object], told: str) -> None:
    """By its day, or by sessions that are not known yet; one that is due is said elsewhere."""
    usual = {"is_review_due": False, "is_review_awaited": False, "state": PlanState.ACTIVE}
    plan = A_PLAN.model_copy(update=usual | changes)
    label = measures_and_reviews(plan, SHOWN, BEGAN)["next_review_label"]
    assert told in label
    assert bool(label) == bool(told)


def test_what_a_plan_asks_of_its_client() -> None:
    """Nothing, or each thing by itself; no name of a questionnaire stands on a start page."""
    assert plan_to_dos.of_client([line()]) == []
    asked = line(waits_for=Party.CLIENT, measures_due=2, is_review_due=True)
    labels = [one["label"] for one in plan_to_dos.of_client([asked])]
    assert labels == [
        "A plan waits for you",
        "2 questionnaires wait",
        "A review of your plan is due",
    ]
    assert plan_to_dos.in_list(line(measures_due=1), Party.CLIENT) == "to fill in"
    assert plan_to_dos.in_list(line(measures_due=1), Party.PRACTITIONER) == ""


def test_what_needs_a_look_comes_before_reviews() -> None:
    """By the client's name, where it is known."""
    plans = [line(is_review_due=True), line(alerts=1, client_id=UUID(int=6))]
    told = plan_to_dos.of_practitioner(plans, {CLIENT: "Robin"}, SHOWN, BEGAN)
    assert [one["label"] for one in told] == [
        "Answers of a client need your look today",
        "The review with Robin is due",
    ]
    assert [plan_to_dos.asks_practitioner(one) for one in (*plans, line())] == [True, True, False]
    assert plan_to_dos.in_list(plans[1], Party.PRACTITIONER) == "needs your look today"


def test_what_waits_for_the_client_comes_before_all_else_on_their_plan() -> None:
    """The way to fill it in stands once, at the top; what is over is folded."""
    template, context = SAMPLES["plan-long-under-way"]
    html = render(template, context | {"measures": [SESSION_RATING, PHQ_9]})
    assert html.count(PHQ_9["fill_url"]) == 1
    assert html.index('id="due"') < html.index('id="progress"') < html.index('id="measures"')
    assert "6 earlier sessions" in html


def test_no_title_names_a_questionnaire() -> None:
    """Titles stand in lists of windows, in histories and on shared screens."""
    names = [one.name for one in load_instruments().values()]
    for html in map(sample_html, SAMPLES):
        title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
        assert title is not None
        assert not any(name in title[1] for name in names), title[1]
