"""How much one person or address may hold and do, counted in a real Redis; waits that differ."""

import asyncio
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from services.common.errors import Busy, NotFound, Refusal, ServiceUnavailable
from services.contracts.booking.refusals import TooManyHolds
from services.contracts.profiles.accounts import TooManyTries
from services.gateway import errors, limits
from services.gateway.limits import Limits, Subject, mailbox_of
from services.gateway.networks import network_of
from tests.security.holding import KEY, Play, Stage, somebody


def test_one_person_holds_so_many_and_no_more(play: Play) -> None:
    """The next one is refused with the time until it can work; somebody else is not."""

    async def work(stage: Stage) -> None:
        who = [somebody()]
        await stage.hold(who)
        await stage.hold(who)
        with pytest.raises(TooManyHolds) as refused:
            await stage.hold(who)
        assert refused.value.detail == {"retry_after": str(limits.HOLD_SECONDS)}
        assert len(stage.held) == 2
        await stage.hold([somebody()])

    play(work)


def test_each_name_of_a_person_counts(play: Play) -> None:
    """A full address stops other accounts that type it; the refused booking counts nowhere."""

    async def work(stage: Stage) -> None:
        email, one, other = somebody(1), somebody(1), somebody(1)
        await stage.hold([one, email])
        with pytest.raises(TooManyHolds):
            await stage.hold([other, email])
        await stage.hold([other])

    play(work)


def test_who_has_paid_for_all_they_held_books_on(play: Play) -> None:
    """Every name is cleared of what is settled: the first try passes, and not the second."""

    async def work(stage: Stage) -> None:
        who = [somebody(2), somebody(2)]
        for _ in range(2):
            await stage.hold(who)
        stage.now += limits.UNDER_WAY_SECONDS + 1
        stage.held.clear()
        await stage.hold(who)

    play(work)


def test_what_was_paid_or_let_go_makes_room(play: Play) -> None:
    """Booking is asked, once the calls that made them are surely over."""

    async def work(stage: Stage) -> None:
        who = [somebody()]
        for _ in range(2):
            await stage.hold(who)
        stage.now += limits.UNDER_WAY_SECONDS + 1
        with pytest.raises(TooManyHolds):
            await stage.hold(who)
        stage.held.pop()
        await stage.hold(who)
        with pytest.raises(TooManyHolds):
            await stage.hold(who)

    play(work)


def test_calls_at_once_cannot_pass_the_last_place_together(play: Play) -> None:
    """Thirty of them, while booking knows of none yet."""

    async def work(stage: Stage) -> None:
        who = [somebody()]
        came = await asyncio.gather(*(stage.hold(who) for _ in range(30)), return_exceptions=True)
        assert [one for one in came if one is None] == [None, None]
        assert all(isinstance(one, TooManyHolds) for one in came if one is not None)

    play(work)


@pytest.mark.parametrize(("failure", "counts"), [(NotFound(), False), (ServiceUnavailable(), True)])
def test_a_refused_booking_is_not_counted_and_an_unanswered_one_is(
    play: Play, failure: Exception, *, counts: bool
) -> None:
    """Without an answer the seat may be held."""

    async def work(stage: Stage) -> None:
        who = [somebody(1)]
        with pytest.raises(type(failure)):
            await stage.hold(who, failure=failure)
        if counts:
            with pytest.raises(TooManyHolds):
                await stage.hold(who)
        else:
            await stage.hold(who)

    play(work)


def test_bookings_of_a_day_are_bounded_paid_or_not(play: Play) -> None:
    """Each writes to an address; the day passes."""

    async def work(stage: Stage) -> None:
        who = [somebody(10, most_a_day=3)]
        for _ in range(3):
            await stage.hold(who)
            stage.now += 3600
        stage.held.clear()
        with pytest.raises(TooManyHolds) as refused:
            await stage.hold(who)
        assert refused.value.detail == {"retry_after": str(limits.DAY - 3 * 3600)}
        stage.now += limits.DAY - 3 * 3600 + 1
        await stage.hold(who)

    play(work)


def test_no_address_stands_in_redis(play: Play) -> None:
    """Keys are signatures; what they hold are ids."""

    async def work(stage: Stage) -> None:
        name = f"canary-{uuid4().hex}@people.example"
        await stage.hold([Subject(f"email:{name}", 5, 5)])
        await Limits(stage.redis, KEY).count("book", name, 5)
        keys = [key.decode() async for key in stage.redis.scan_iter("*")]
        assert keys
        assert not [key for key in keys if name in key]

    play(work)


def test_without_redis_nobody_is_kept_out() -> None:
    """What it counts is no reason to turn people away."""

    async def work() -> None:
        stage = Stage(Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=1))
        who = [somebody(1)]
        for _ in range(3):
            await stage.hold(who)
        assert len(stage.held) == 3

    asyncio.run(work())


def test_a_window_counts_each_subject_apart(play: Play) -> None:
    """So many in a window, then TooManyTries with the rest of it."""

    async def work(stage: Stage) -> None:
        counted, subject = Limits(stage.redis, KEY), str(uuid4())
        for _ in range(3):
            await counted.count("change", subject, 3, limits.DAY)
        with pytest.raises(TooManyTries) as refused:
            await counted.count("change", subject, 3, limits.DAY)
        assert 0 < int(refused.value.detail["retry_after"]) <= limits.DAY
        await counted.count("change", str(uuid4()), 3, limits.DAY)

    play(work)


@pytest.mark.parametrize(
    ("email", "mailbox"),
    [
        ("Mia@People.example", "mia@people.example"),
        (" mia+1@people.example", "mia@people.example"),
        ("mia+1+2@people.example", "mia@people.example"),
        ('"a@b"@people.example', '"a@b"@people.example'),
    ],
)
def test_one_mailbox_has_one_count(email: str, mailbox: str) -> None:
    """However its address is cased or tagged."""
    assert mailbox_of(email) == mailbox


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_one_household_is_one_address(host: str, network: str) -> None:
    """A /64 of IPv6 holds more addresses than anybody could count."""
    assert network_of(host) == network


@pytest.mark.parametrize("refusal", [Busy(), TooManyTries("", {"retry_after": "40"})])
def test_waits_differ_and_are_never_too_short(refusal: Refusal) -> None:
    """A crowd that was turned away at once does not come back at once."""
    least = int(refusal.detail.get("retry_after", "1"))
    waits = {int(errors.headers_of(refusal)["Retry-After"]) for _ in range(200)}
    assert min(waits) == least
    assert len(waits) > 1
    assert max(waits) <= least + max(errors.SPREAD_SECONDS, least // 10)
