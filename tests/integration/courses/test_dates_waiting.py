"""Dates that wait for a client, or were refused, as the lists of plans tell of them."""

from sqlalchemy import func, select

from services.contracts.plans.content import VersionState
from services.contracts.plans.views import PlanLine, PlanView
from services.plans.models import plumbing
from services.plans.operations import reading
from tests.integration.booking.practice import NOW
from tests.integration.courses.pair import Pair
from tests.integration.courses.test_stopping import TUESDAYS, active


def line(pair: Pair, *, is_client: bool = False) -> PlanLine:
    desk = pair.desk
    actor = desk.client if is_client else desk.practitioner
    with desk.database.transaction(actor) as tx:
        read = reading.list_own_plans if is_client else reading.list_plans
        [found] = read(tx, actor=actor, now=NOW).plans
    return found


def mails(pair: Pair, plan: PlanView, of: str = "dates_proposed") -> int:
    """How often a client was to be told that dates of a plan wait, or that a version does."""
    out = plumbing.outbox
    query = select(func.count()).select_from(out).where(out.c.type == of)
    with pair.desk.database.plumbing() as tx:
        return tx.scalar(query.where(out.c.body["plan_id"].astext == str(plan.id))) or 0


def test_dates_alone_wait_for_the_client_and_sessions_without_one_for_the_practitioner(
    pair: Pair,
) -> None:
    """A version with dates is told once it is proposed, new dates once they are chosen."""
    plan = active(pair)
    assert (mails(pair, plan), mails(pair, plan, "plan_proposed")) == (1, 0)
    pair.pause(plan, TUESDAYS[4])
    pair.deliver()
    assert (line(pair).undated, line(pair, is_client=True).undated) == (2, 0)
    read = pair.desk.read(plan.id, pair.desk.practitioner)
    assert read.agreed is not None
    assert read.agreed.state is VersionState.AGREED
    pair.choose(read, TUESDAYS[4:])
    assert mails(pair, plan) == 2
    assert line(pair).undated == 0
    assert line(pair, is_client=True).are_dates_to_agree


def test_a_version_without_dates_is_told_to_the_client_too(pair: Pair) -> None:
    """Once for each proposal, and not again where the same one was sent twice."""
    desk = pair.desk
    ready = desk.ready()
    plan = desk.propose(ready)
    assert desk.propose(ready) == plan
    assert (mails(pair, plan), mails(pair, plan, "plan_proposed")) == (0, 1)
    desk.propose(desk.withdraw(plan))
    assert mails(pair, plan, "plan_proposed") == 2


def test_a_version_that_came_back_waits_for_the_practitioner(pair: Pair) -> None:
    """It is told to them alone."""
    pair.desk.ask_for_changes(pair.proposed(TUESDAYS), "Another hour")
    assert line(pair).is_returned
    assert not line(pair, is_client=True).is_returned


def test_dates_that_could_not_be_booked_wait_for_the_practitioner(pair: Pair) -> None:
    """Somebody else was quicker."""
    plan = pair.proposed(TUESDAYS)
    pair.practice.book_and_pay(TUESDAYS[1])
    pair.agree(plan)
    pair.deliver()
    assert line(pair).are_dates_refused
    assert not line(pair, is_client=True).are_dates_refused
