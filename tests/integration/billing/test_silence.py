"""Stripe says nothing: the process that also sends the mails does not wait for it row by row."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from uuid_utils.compat import uuid7

from services.billing.adapters.stripe import StripeUnclear
from services.billing.models import DueWork
from services.billing.operations import work
from services.billing.operations.surroundings import Surroundings
from services.common.clock import utc_now
from tests.integration.billing.world import World

PIECES = 4


class Counted:
    """A piece of work that notes when it was begun, and ends as it was told to."""

    def __init__(self, end: Callable[[], None]) -> None:
        self.begun: list[UUID] = []
        self._end = end

    def __call__(
        self, around: Surroundings, practice_id: UUID, subject_id: UUID, now: datetime
    ) -> timedelta | None:
        self.begun.append(subject_id)
        self._end()
        return None


def silence() -> None:
    raise StripeUnclear(is_over=False)


def an_answer_that_is_over() -> None:
    raise StripeUnclear(is_over=True)


@pytest.fixture
def long_ago(world: World) -> datetime:
    """Four pieces of work that were due before anything else was."""
    at = utc_now() - timedelta(days=1)
    with world.database.plumbing() as tx:
        tx.execute(delete(DueWork).where(DueWork.due_at <= at))
        for _ in range(PIECES):
            work.ask(tx, work.MAKE_REFUND, world.practice_id, uuid7(), at)
    return at


def waits(world: World, at: datetime) -> list[float]:
    """For how many seconds each piece waits now, the shortest first."""
    with world.database.plumbing() as tx:
        owed = select(DueWork.due_at).where(DueWork.practice_id == world.practice_id)
        return sorted((due_at - at).total_seconds() for due_at in tx.scalars(owed))


def test_silence_is_met_once_and_the_rest_waits(world: World, long_ago: datetime) -> None:
    """One call of four: the others are given back for a while, none loses a try."""
    step = Counted(silence)
    assert work.work_off(world.around, {work.MAKE_REFUND: step}, lambda: long_ago) == PIECES
    assert len(step.begun) == 1
    pause = work.SILENCE_WAIT.total_seconds()
    assert waits(world, long_ago) == [1, pause, pause, pause]
    assert sorted(row.tries for row in world.due()) == [0, 0, 0, 1]


def test_after_its_time_a_batch_gives_the_rest_back_at_once(
    world: World, long_ago: datetime
) -> None:
    """Slow answers: what was not begun is due again, and mails have their turn between."""
    step = Counted(lambda: None)
    late = iter([long_ago, long_ago + work.WORK / 2, long_ago + work.WORK])
    work.work_off(world.around, {work.MAKE_REFUND: step}, lambda: next(late))
    assert len(step.begun) == 2
    assert waits(world, long_ago) == [0] * (PIECES - 2)


def test_an_unclear_answer_is_no_silence(world: World, long_ago: datetime) -> None:
    """Stripe answered, so the next piece is tried at once: one broken object stops nobody."""
    step = Counted(an_answer_that_is_over)
    work.work_off(world.around, {work.MAKE_REFUND: step}, lambda: long_ago)
    assert len(step.begun) == PIECES


def test_what_was_asked_for_anew_meanwhile_is_not_put_off(world: World, long_ago: datetime) -> None:
    """A webhook comes for a piece that is being given back: it stays due at once."""
    [*_, last] = world.due()
    step = Counted(lambda: ask_again_and_fail(world, last.subject_id, long_ago))
    work.work_off(world.around, {work.MAKE_REFUND: step}, lambda: long_ago)
    with world.database.plumbing() as tx:
        due_at = tx.scalar(select(DueWork.due_at).where(DueWork.subject_id == last.subject_id))
    assert due_at == long_ago


def ask_again_and_fail(world: World, subject_id: UUID, at: datetime) -> None:
    with world.database.plumbing() as tx:
        work.ask(tx, work.MAKE_REFUND, world.practice_id, subject_id, at)
    silence()
