"""New dates after a pause: as usual means as the plan's own sessions are."""

from datetime import timedelta

from services.contracts.booking.courses import CoursePhase
from services.contracts.booking.series import MoveScope
from tests.integration.booking.practice import at
from tests.integration.courses.pair import Pair
from tests.integration.courses.single import move
from tests.integration.courses.test_rolling_moved import move_together
from tests.integration.courses.test_stopping import TUESDAYS, active

FORTNIGHTLY = [CoursePhase(sessions=2, every_weeks=2, least_days=10, most_days=30)]


def test_as_usual_is_where_the_plans_sessions_were_moved_to_together(pair: Pair) -> None:
    """On the other weekday and at the other hour, in the plan's rhythm after the last session that
    stands, though that one strayed alone; before they were moved, as it was agreed on."""
    plan = active(pair)
    there = TUESDAYS[0] + timedelta(days=1, hours=2)
    wish = {"usual_on": TUESDAYS[0].date(), "usual_at": at(9).time().replace(hour=9)}
    ids = pair.desk.read(plan.id, pair.desk.practitioner).dates.course_ids
    pair.pause(plan, TUESDAYS[3])
    pair.deliver()
    as_agreed = pair.preview(FORTNIGHTLY, follows=ids, **wish)
    assert as_agreed.first_on == TUESDAYS[3].date()
    assert as_agreed.starts_at == wish["usual_at"]
    move_together(pair, TUESDAYS[0], there, MoveScope.ALL)
    last = there + timedelta(weeks=4)
    move(pair, last, last + timedelta(days=1, hours=2))
    found = pair.preview(FORTNIGHTLY, follows=ids, **wish)
    assert found.first_on == (there + timedelta(weeks=6)).date()
    assert found.starts_at == at(11).time().replace(hour=11)


def test_a_plan_that_was_paused_before_it_began_begins_as_it_was_agreed_on(pair: Pair) -> None:
    """No session stands, so its first date is free again and is not passed over."""
    plan = active(pair)
    wish = {"usual_on": TUESDAYS[0].date(), "usual_at": at(9).time().replace(hour=9)}
    ids = pair.desk.read(plan.id, pair.desk.practitioner).dates.course_ids
    pair.pause(plan, TUESDAYS[0])
    pair.deliver()
    assert pair.preview(FORTNIGHTLY, follows=ids, **wish).first_on == TUESDAYS[0].date()
