"""One id sent several times counts once, whatever becomes of which copy."""

from contextlib import AsyncExitStack

import pytest
from uuid_utils.compat import uuid7

from services.common.errors import NotFound, Refusal
from services.contracts.booking.refusals import TooManyHolds
from tests.security.holding import Play, Stage, somebody


def test_a_refused_copy_takes_no_count_away(play: Play) -> None:
    """The same id under another name, refused: the seat that it holds stays counted."""

    async def work(stage: Stage) -> None:
        there, held = somebody(1), uuid7()
        await stage.hold([somebody(), there], held)
        with pytest.raises(NotFound):
            await stage.hold([somebody(), there], held, NotFound("somebody else's"))
        with pytest.raises(TooManyHolds):
            await stage.hold([somebody(), there])

    play(work)


@pytest.mark.parametrize("refused_first", [True, False])
@pytest.mark.parametrize("refused_ends_first", [True, False])
def test_a_refused_copy_takes_no_count_from_one_under_way(
    play: Play, *, refused_first: bool, refused_ends_first: bool
) -> None:
    """Two copies of one id at once, one refused and one not: whichever of them came first and
    whichever ends first, the seat that the other one takes is counted."""

    async def work(stage: Stage) -> None:
        who, id_ = [somebody(1)], uuid7()
        refused, good = AsyncExitStack(), AsyncExitStack()
        for call in (refused, good) if refused_first else (good, refused):
            await call.enter_async_context(stage.counted(who, id_))
        for call in (refused, good) if refused_ends_first else (good, refused):
            await end(call, NotFound("no such price") if call is refused else None)
        with pytest.raises(TooManyHolds):
            await stage.hold(who)

    play(work)


async def end(call: AsyncExitStack, refusal: Refusal | None) -> None:
    """End a booking under way: it was refused, or not."""
    if refusal is None:
        await call.aclose()
        return
    with pytest.raises(type(refusal)):
        async with call:
            raise refusal


def test_copies_that_are_all_refused_leave_no_count(play: Play) -> None:
    """Whoever ends last takes it along."""

    async def work(stage: Stage) -> None:
        who, id_ = [somebody(1)], uuid7()
        copies = [AsyncExitStack() for _ in range(3)]
        for call in copies:
            await call.enter_async_context(stage.counted(who, id_))
        for call in copies:
            await end(call, NotFound("no such price"))
        await stage.hold(who)

    play(work)


def test_a_copy_refused_much_later_takes_no_count_away(play: Play) -> None:
    """What is known of the calls under an id lapses; what they took does not."""

    async def work(stage: Stage) -> None:
        who, id_ = [somebody(1)], uuid7()
        await stage.hold(who, id_)
        await stage.redis.delete(f"holding:{id_}")
        with pytest.raises(NotFound):
            await stage.hold(who, id_, NotFound("other content"))
        with pytest.raises(TooManyHolds):
            await stage.hold(who)

    play(work)


def test_the_same_booking_sent_again_counts_once(play: Play) -> None:
    """A lost answer is no second hold, also when nothing more may be held."""

    async def work(stage: Stage) -> None:
        who, first = [somebody()], uuid7()
        await stage.hold(who, first)
        await stage.hold(who)
        await stage.hold(who, first)

    play(work)
