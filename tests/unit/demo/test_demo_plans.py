"""The demo's plans fit to its people and templates."""

import shutil
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from deploy.local.demo import DemoDataError, DemoSession, generate_sessions, load_demo
from deploy.local.demo.loading import DEMO_FOLDER
from deploy.local.demo.notes import NEWEST_UNWRITTEN, demo_notes
from deploy.local.demo.plans import demo_plans
from deploy.local.demo.sessions import plan_id_of
from deploy.local.demo_courses import courses_of
from services.contracts.plans.courses import course_id_of
from services.plans.catalogue import load_templates
from services.plans.catalogue.instruments import load_instruments
from services.plans.domain import scoring

DAYS = (date(2026, 11, 23), date(2026, 3, 30), date(2026, 12, 22), date(2028, 2, 29))
DEMO = load_demo(date(2026, 11, 23))


def starts_of(sessions: list[DemoSession]) -> list[tuple[datetime, datetime]]:
    """Each start with the next."""
    return list(pairwise(one.starts_at for one in sessions))


def test_who_signs_in_as_client_has_a_plan_under_way_with_the_practitioner_of_the_demo() -> None:
    """Both pages of a plan have something to show to the logins that are printed."""
    people = {login.kind: login.person for login in DEMO.logins}
    own = next(plan for plan in demo_plans(DEMO) if plan.client == people["client"])
    assert own.agreed_days_ago is not None
    assert own.practitioner(DEMO).slug == people["practitioner"]
    assert len(own.tried) >= 3


def test_every_step_comes_after_the_one_before() -> None:
    """Nothing is agreed before it was proposed, nor tried before it was agreed."""
    for plan in demo_plans(DEMO):
        days = [plan.started_days_ago, plan.proposed_days_ago, plan.agreed_days_ago]
        days += [one.days_ago for one in plan.tried]
        reached = [day for day in days if day is not None]
        assert reached == sorted(reached, reverse=True)
        assert days[: len(reached)] == reached


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_the_plan_that_was_agreed_has_a_course_with_sessions_that_were_and_that_are_to_come(
    today: date,
) -> None:
    """As many as its template says, in order, in weeks of their own, one of them missed; all were
    booked on the day of the agreement and are the course that the agreement becomes."""
    demo = load_demo(today)
    [own] = [plan for plan in demo_plans(demo) if plan.agreed_days_ago is not None]
    its = [one for one in generate_sessions(demo) if one.of_course]
    shape = load_templates()[own.template].shape
    assert len(its) == shape.sessions
    assert {one.client for one in its} == {own.client}
    assert all(after - before >= timedelta(days=6) for before, after in starts_of(its))
    states = Counter(one.state for one in its)
    assert states["attended"] >= 5
    assert states["confirmed"] >= 3
    assert states["no_show"] == 1
    assert {one.course_id for one in its} == {course_id_of(plan_id_of(own.client), 1, 1)}
    agreed_on = today - timedelta(days=own.agreed_days_ago or 0)
    assert {(one.booked_at + timedelta(hours=4)).date() for one in its} == {agreed_on}
    assert its[own.rehearsed[0].session - 1].state == "attended"
    [course] = courses_of(demo, list(generate_sessions(demo)))
    assert course.sessions == len(its)


def test_every_exercise_that_was_tried_is_one_of_the_template() -> None:
    """A position beyond its end would stop the start with demo data."""
    for plan in demo_plans(DEMO):
        known = len(load_templates()[plan.template].exercises)
        assert all(one.exercise < known for one in plan.tried)


def test_what_was_filled_in_fits_its_instrument_and_shows_a_course_without_an_alert() -> None:
    """Charts have something to show, and nobody is alarmed by a demo."""
    own = next(plan for plan in demo_plans(DEMO) if plan.filled)
    counts = Counter(one.instrument for one in own.filled)
    assert counts == {"phq-9": 5, "gad-7": 5}
    planned = {one.instrument for one in own.measures or []}
    for one in own.filled:
        scale = load_instruments()[one.instrument].scale
        assert one.instrument in planned
        assert scoring.score(scale, one.answers) > 0
        assert not scoring.asks_for_help(scale, one.answers)
    for instrument in counts:
        totals = [sum(one.answers) for one in own.filled if one.instrument == instrument]
        assert totals == sorted(totals, reverse=True)


def test_most_past_sessions_have_their_notes_and_a_few_wait() -> None:
    """Of who signs in as practitioner: the latest wait, the one before them is a draft."""
    sessions = list(generate_sessions(DEMO))
    since = datetime(2026, 8, 25, tzinfo=UTC)
    notes = list(demo_notes(DEMO, sessions, since))
    assert len(notes) > 30
    assert [one.is_draft for one in notes] == [False] * (len(notes) - 1) + [True]
    last = notes[-1].session
    later = [
        one
        for one in sessions
        if one.practitioner == last.practitioner
        and one.state == "attended"
        and one.starts_at > last.starts_at
    ]
    assert len(later) == NEWEST_UNWRITTEN


@pytest.mark.parametrize(
    ("text", "other", "field"),
    [
        ("jana-ohlendorf", "nobody", "nobody"),
        ('template = "medium-term"', 'template = "forever"', "karim-benslimane.template"),
        ("went = 4", "went = 11", "went"),
    ],
)
def test_a_plan_that_does_not_fit_names_its_field(
    tmp_path: Path, text: str, other: str, field: str
) -> None:
    """Who edits the demo is told where to look."""
    copy = Path(shutil.copytree(DEMO_FOLDER, tmp_path / "demo"))
    told = (copy / "plans.toml").read_text("utf-8")
    (copy / "plans.toml").write_text(told.replace(text, other, 1), encoding="utf-8")
    with pytest.raises(DemoDataError, match=field):
        demo_plans(DEMO, copy)
