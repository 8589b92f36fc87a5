"""Ids that callers mint: one that was used in another plan is refused at once, and for good."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from services.common.errors import DifferentContent, NotFound
from tests.integration.plans.desk import Desk
from tests.integration.plans.measuring import Measuring

Act = Callable[[Measuring, UUID], object]


def log(both: Measuring, id_: UUID) -> object:
    """An exercise of the plan."""
    return both.desk.log(both.read(both.desk.practitioner), id=id_)


def fill(both: Measuring, id_: UUID) -> object:
    """A measure of the plan."""
    return both.fill(id=id_)


def review(both: Measuring, id_: UUID) -> object:
    """A review of the plan."""
    both.review_begins()
    return both.record(id=id_)


def test_copies_of_one_beginning_are_one_plan(desk: Desk) -> None:
    """Eight at once, as an impatient finger sends them: all are answered with the same plan."""
    once = uuid7()
    with ThreadPoolExecutor(8) as others:
        told = list(others.map(lambda _: desk.start(plan_id=once), range(8)))
    assert {(plan.id, plan.history[-1].number) for plan in told} == {(once, 1)}


@pytest.mark.parametrize("act", [log, fill, review])
def test_an_id_of_another_plan_is_refused(act: Act, desk: Desk) -> None:
    """Of the same client as used for something else; of another client as of nothing that is
    known. Nothing is written, and a second try is answered alike."""
    first, second = Measuring(desk), Measuring(desk)
    other = Measuring(desk.another_client())
    for both in (first, second, other):
        both.agree()
    once = uuid7()
    act(first, once)
    for _ in range(2):
        with pytest.raises(DifferentContent):
            act(second, once)
        with pytest.raises(NotFound):
            act(other, once)
    for both in (second, other):
        plan = both.read(both.desk.practitioner)
        assert (plan.entries, plan.measures[0].fillings, plan.reviews) == ([], [], [])
    act(second, uuid7())
