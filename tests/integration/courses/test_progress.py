"""How far a plan is, in the lists of both: told by its sessions, without opening the chart."""

from datetime import datetime

from services.contracts.booking.bookings import Attendance
from services.contracts.plans.content import Move
from services.contracts.plans.sessions import PlanProgress
from services.contracts.plans.views import PlanView
from services.plans.operations import reading
from tests.integration.booking.practice import NOW, at
from tests.integration.courses.pair import Pair
from tests.integration.courses.single import give_back, mark, tell
from tests.integration.courses.test_each_session import SOON
from tests.integration.courses.test_rolling import WEEKS, rolling_plan
from tests.integration.courses.test_stopping import TUESDAYS, active


def progress(pair: Pair, plan: PlanView, now: datetime = NOW) -> PlanProgress | None:
    """As both read it, and no look at the chart is written down for it."""
    desk = pair.desk
    looks = desk.rows("SELECT count(*) FROM plans.accesses")
    with desk.database.transaction(desk.client) as tx:
        own = reading.list_own_plans(tx, actor=desk.client, now=now).plans
    with desk.database.transaction(desk.practitioner) as tx:
        kept = reading.list_plans(tx, actor=desk.practitioner, now=now).plans
    found = {one.progress for lines in (own, kept) for one in lines if one.id == plan.id}
    assert desk.rows("SELECT count(*) FROM plans.accesses") == looks
    [told] = found
    return told


def test_a_plan_tells_how_many_of_its_sessions_are_used(pair: Pair) -> None:
    """As they were agreed on, until each is heard of; and then as they became: what was given back
    in time is not used and still to come, what was missed is."""
    plan = active(pair)
    assert progress(pair, plan) == PlanProgress(used=0, total=6, placed=6)
    assert progress(pair, plan, TUESDAYS[1]) == PlanProgress(used=2, total=6, placed=6)
    mark(pair, TUESDAYS[0], Attendance.ATTENDED)
    mark(pair, TUESDAYS[1], Attendance.NO_SHOW)
    give_back(pair, TUESDAYS[2])
    tell(pair)
    assert progress(pair, plan, TUESDAYS[2]) == PlanProgress(used=2, total=6, placed=5)
    assert progress(pair, plan, TUESDAYS[5]) == PlanProgress(used=5, total=6, placed=5)


def test_what_is_given_back_late_is_used_at_once(pair: Pair) -> None:
    """Something is owed for it."""
    plan = active(pair, SOON)
    give_back(pair, SOON[0], percent=50)
    tell(pair)
    assert progress(pair, plan) == PlanProgress(used=1, total=6, placed=6)


def test_a_plan_without_an_end_has_no_total(pair: Pair) -> None:
    """The sessions so far alone."""
    plan = rolling_plan(pair)
    assert progress(pair, plan) == PlanProgress(used=0, total=None, placed=12)
    assert progress(pair, plan, at(9, days=400)) is not None


def test_without_booked_sessions_nothing_is_told(pair: Pair) -> None:
    """A plan that is agreed to and begun by hand, or still to be agreed to."""
    plan = pair.proposed(TUESDAYS)
    assert progress(pair, plan) is None


def test_a_paused_plan_tells_from_when_on(pair: Pair) -> None:
    """In both lists and on its page, without an end too, before booking has heard of it as after;
    not once it has ended."""
    plan = rolling_plan(pair)
    assert pair.desk.read(plan.id, pair.desk.client).dates.paused_from is None
    paused = pair.pause(plan, WEEKS[2])
    assert paused.dates.paused_from == WEEKS[2]
    assert progress(pair, plan) == PlanProgress(used=0, placed=2, paused_from=WEEKS[2])
    pair.deliver()
    assert progress(pair, plan) == PlanProgress(used=0, placed=2, paused_from=WEEKS[2])
    assert pair.desk.read(plan.id, pair.desk.client).dates.paused_from == WEEKS[2]
    pair.desk.move(plan, Move.END)
    told = progress(pair, plan)
    assert told is not None
    assert told.paused_from is None
