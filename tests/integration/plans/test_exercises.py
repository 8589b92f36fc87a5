"""Exercises that are tried: logged by the client, read by both, for a plan that holds."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import sleep

import pytest
from uuid_utils.compat import uuid7

from services.common.errors import DifferentContent, NotFound
from services.contracts.plans.commands import MovePlan
from services.contracts.plans.content import Move
from services.contracts.plans.refusals import MoveRefused
from services.plans.operations import moves
from tests.integration.plans.desk import NOW, TRIED, Desk


def test_the_client_logs_and_both_read(desk: Desk) -> None:
    """What happened and how it went, beside the exercise as it was worded then."""
    plan = desk.agreed()
    assert plan.agreed is not None
    words = plan.agreed.content.exercises[0]
    desk.log(plan)
    desk.revise(plan, exercises=[words.model_copy(update={"new_way": "Another way"})])
    for actor in (desk.client, desk.practitioner):
        [entry] = desk.read(plan.id, actor).entries
        assert (entry.exercise, entry.happened, entry.went) == (words, TRIED, 7)


def test_who_may_log_is_told_so(desk: Desk) -> None:
    """The client of a plan that holds, and nobody else."""
    plan = desk.agreed()
    assert desk.read(plan.id, desk.client).may_log
    assert not desk.read(plan.id, desk.practitioner).may_log
    desk.move(plan, Move.END)
    assert not desk.read(plan.id, desk.client).may_log


def test_an_entry_sent_twice_is_one(desk: Desk) -> None:
    """The same form; with other words it is refused."""
    plan, entry_id = desk.agreed(), uuid7()
    first = desk.log(plan, id=entry_id)
    assert desk.log(plan, id=entry_id).entries == first.entries
    with pytest.raises(DifferentContent):
        desk.log(plan, "Something else", id=entry_id)
    assert len(desk.read(plan.id, desk.client).entries) == 1


def test_only_what_was_agreed_is_logged(desk: Desk) -> None:
    """An exercise of nobody, of a proposal, of a plan that is over: nothing is written."""
    plan = desk.agreed()
    with pytest.raises(NotFound):
        desk.log(plan, exercise_id=uuid7())
    proposed = desk.another_client()
    waiting = proposed.propose(proposed.ready())
    assert waiting.open is not None
    with pytest.raises(MoveRefused):
        proposed.log(waiting, exercise_id=waiting.open.content.exercises[0].id)
    desk.move(plan, Move.END)
    with pytest.raises(MoveRefused):
        desk.log(plan)
    assert desk.read(plan.id, desk.client).entries == []


def test_an_entry_that_meets_the_plans_end_is_refused(desk: Desk) -> None:
    """Sent before the end is written, it waits for it and finds the plan over."""
    plan, who = desk.agreed(), desk.practitioner
    command = MovePlan(plan_id=plan.id, move=Move.END)
    with ThreadPoolExecutor(1) as other:
        with desk.database.transaction(who) as tx:
            moves.move_plan(tx, desk.ring, command, actor=who, now=NOW)
            late = other.submit(desk.log, plan)
            sleep(0.5)  # the other one is at the plan by now
        with pytest.raises(MoveRefused):
            late.result()
    assert desk.read(plan.id, desk.client).entries == []


def test_nobody_logs_for_the_client(desk: Desk) -> None:
    """Neither their practitioner nor another client."""
    plan = desk.agreed()
    for account in (desk.practitioner_account, desk.another_client().client_account):
        with pytest.raises(NotFound):
            replace(desk, client_account=account).log(plan)


@pytest.mark.parametrize("went", [-1, 11])
def test_how_it_went_is_from_nought_to_ten(went: int, desk: Desk) -> None:
    """The field is named."""
    with pytest.raises(ValueError, match="went"):
        desk.log(desk.agreed(), went=went)
