"""Mails about packages, from billing's transaction to the mailbox."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import ServiceUnavailable
from services.common.rpc.client import Caller
from services.contracts.billing.package_mails import PackageBought, PackageEnded, SaleForMail
from services.notify.domain.kinds import MessageState, PackageMail
from services.notify.operations import delivery, facts
from tests.integration.notify.package_shelf import NAME, PRICE, PackageShelf
from tests.integration.notify.world import CLIENT_EMAIL, World, eventually

BOUGHT, ENDED = "Your payment has arrived", "Something you bought has ended"
LAPSES = "Something you bought ends soon"


@pytest.fixture
def shelf(
    world: World, house: None, serving: Callable[..., None], caller: Callable[[str], Caller]
) -> PackageShelf:
    """billing answers calls, and its events leave."""
    serving("billing")
    return PackageShelf(world, caller("gateway"))


def heard(world: World, count: int) -> bool:
    """Whether so many messages are there by now."""
    return eventually(lambda: len(world.messages()) == count)


def subjects(world: World) -> list[str]:
    """What the client got, the oldest first."""
    return [one["subject"] for one in world.mails()]


def test_who_buys_a_package_is_told_what_and_until_when(shelf: PackageShelf) -> None:
    """One mail, at once, without the package's name, which may tell what the sessions are for."""
    sale_id, world = shelf.sell(), shelf.world
    assert heard(world, 2)
    world.deliver()
    assert subjects(world) == [BOUGHT]
    (mail,) = world.mails()
    for told in ("5 sessions", "€400.00", "Dr Ruth Adler", "Berlin time"):
        assert told in mail["text"]
        assert told in mail["html"]
    assert f"https://attune.example/billing/packages/{sale_id}" in mail["text"]
    assert NAME not in str(mail)
    assert "office@practice.example" in str(mail)
    assert world.states(PackageMail.BOUGHT) == [MessageState.SENT]


def test_what_is_told_twice_is_written_once(shelf: PackageShelf) -> None:
    """By the same event or by another one about the same sale, and after its mail has left."""
    sale_id, world = shelf.sell(), shelf.world
    assert heard(world, 2)
    world.deliver()
    told = {"occurred_at": utc_now(), "practice_id": world.practice_id, "sale_id": sale_id}
    more = {"client_id": world.client_id, "money": PRICE}
    fact = PackageBought(**told | more, expires_at=utc_now() + timedelta(days=300))
    event_id = uuid4()
    for one in (event_id, event_id, uuid4()):
        with world.database.transaction(world.actor) as tx:
            facts.take_in_package(tx, fact, event_id=one, now=utc_now())
    world.deliver()
    assert (len(world.messages()), subjects(world)) == (2, [BOUGHT])


def test_what_lapses_is_told_thirty_days_before(shelf: PackageShelf) -> None:
    """With the sessions that are left by then."""
    sale_id, world = shelf.sell(), shelf.world
    assert heard(world, 2)
    due_in = shelf.due_at(PackageMail.LAPSES) - utc_now()
    assert timedelta(days=334) < due_in < timedelta(days=337)
    shelf.use(sale_id, 2)
    shelf.pass_time()
    world.deliver()
    assert sorted(subjects(world)) == sorted([BOUGHT, LAPSES])
    (mail,) = [one for one in world.mails() if one["subject"] == LAPSES]
    assert "you still have 3 sessions of what you bought" in mail["text"]


def test_what_was_bought_for_a_month_of_thirty_days_is_not_told_of_again(
    shelf: PackageShelf,
) -> None:
    """From the fifth of April until the fifth of May: the mail of buying says it all."""
    at = utc_now().replace(year=utc_now().year + 1, month=4, day=5)
    shelf.sell(1, at)
    assert heard(shelf.world, 1)
    assert [one.template for one in shelf.world.messages()] == [PackageMail.BOUGHT]


@pytest.mark.parametrize("end", ["used up", "ended", "disputed"])
def test_of_what_cannot_be_used_any_more_nobody_hears_that_it_lapses(
    shelf: PackageShelf, end: str
) -> None:
    """It is looked up when the mail would leave, whatever was heard before."""
    sale_id, world = shelf.sell(), shelf.world
    assert heard(world, 2)
    if end == "used up":
        shelf.use(sale_id, 5)
    elif end == "ended":
        shelf.end(sale_id)
    else:
        shelf.dispute(sale_id)
    shelf.pass_time()
    world.deliver()
    assert LAPSES not in subjects(world)
    assert world.states(PackageMail.LAPSES) == [MessageState.CANCELLED]


def test_who_is_paid_back_reads_what_the_practice_was_shown(shelf: PackageShelf) -> None:
    """The figures of the page that ended it: what goes back, and what is kept."""
    sale_id, world = shelf.sell(), shelf.world
    assert heard(world, 2)
    world.deliver()
    shelf.use(sale_id, 2)
    shown = shelf.end(sale_id)
    assert (shown.refund.amount, shown.counted.amount) == (22_000, 18_000)
    assert heard(world, 3)
    world.deliver()
    assert subjects(world) == [BOUGHT, ENDED]
    text = world.mails()[1]["text"]
    for told in ("€220.00", "€180.00", "€400.00", "3 sessions", "counts at its single price"):
        assert told in text


def test_once_it_is_ended_nobody_is_told_that_it_was_bought(shelf: PackageShelf) -> None:
    """The mail of its end is all that leaves, once, however often that is heard."""
    sale_id, world = shelf.sell(), shelf.world
    assert heard(world, 2)
    shelf.end(sale_id)
    assert heard(world, 3)
    told = {"occurred_at": utc_now(), "practice_id": world.practice_id, "sale_id": sale_id}
    fact = PackageEnded(**told, client_id=world.client_id, money=PRICE)
    with world.database.transaction(world.actor) as tx:
        facts.take_in_package(tx, fact, event_id=uuid4(), now=utc_now())
    world.deliver()
    assert subjects(world) == [ENDED]


class Away:
    """billing's stand-in while it does not answer."""

    def get(self, sale_id: UUID, actor: Actor) -> SaleForMail:
        raise ServiceUnavailable("billing does not answer")


def test_while_billing_is_away_the_mail_waits_and_no_try_counts(shelf: PackageShelf) -> None:
    """It is not to blame, and leaves as soon as billing answers."""
    shelf.sell()
    world = shelf.world
    assert heard(world, 2)
    delivery.deliver_due(replace(world.desk(), sales=Away()))
    (waiting,) = world.messages(PackageMail.BOUGHT)
    assert (waiting.state, waiting.tries) == (MessageState.PENDING, 0)
    shelf.pass_time()
    world.deliver()
    assert BOUGHT in subjects(world)


def test_who_is_erased_gets_nothing(shelf: PackageShelf) -> None:
    """The address is asked when the mail would leave."""
    shelf.sell()
    assert heard(shelf.world, 2)
    shelf.world.erase_client()
    shelf.world.deliver()
    assert shelf.world.mails(CLIENT_EMAIL) == []
    assert shelf.world.states(PackageMail.BOUGHT) == [MessageState.CANCELLED]
