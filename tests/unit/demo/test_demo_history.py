"""The demo's past is known to those who ask by it whether a client is new."""

from datetime import UTC, date, datetime

from deploy.local.demo import generate_sessions, load_demo
from deploy.local.demo.plans import demo_plans
from deploy.local.demo_history import known

DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_whoever_came_to_a_practice_of_the_demo_is_no_new_client_of_it() -> None:
    """So a form that is published today is asked of none of them."""
    data = load_demo(DAY)
    sessions = list(generate_sessions(data))
    told_of = {data.client(plan.client).id for plan in demo_plans(data)}
    for practice in data.practices:
        its = [one for one in sessions if one.practice == practice.slug]
        rows = list(known(data, practice, its, NOW))
        came = {data.client(one.client).id for one in its if one.state == "attended"}
        assert came
        assert came - told_of <= {
            row["client_id"] for row in rows if row["attendance"] == "attended"
        }


def test_no_session_of_a_plan_is_told_twice() -> None:
    """What a plan counts by comes from its own story alone."""
    data = load_demo(DAY)
    sessions = list(generate_sessions(data))
    of_plans = {one.booking_id for one in sessions if one.of_course}
    assert of_plans
    for practice in data.practices:
        its = [one for one in sessions if one.practice == practice.slug]
        rows = list(known(data, practice, its, NOW))
        assert not of_plans & {row["booking_id"] for row in rows}
        assert len({row["booking_id"] for row in rows}) == len(rows)
