"""Workers that die, meet, or lose their lease: every message leaves, and once."""

import os
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from functools import partial

import pytest

from deploy.local import environment
from deploy.local.settings import CHECKOUT
from services.contracts.booking.events import BookingConfirmed
from services.notify.adapters.smtp import SmtpPostbox
from services.notify.domain.kinds import Template
from services.notify.operations import delivery
from tests.integration.notify.world import (
    CLIENT_EMAIL,
    LETTERHEAD,
    PRACTITIONER_EMAIL,
    World,
    booked,
    eventually,
)

ADDRESSES = (CLIENT_EMAIL, PRACTITIONER_EMAIL)
pytestmark = pytest.mark.usefixtures("house")


def struck(world: World, point: str) -> subprocess.Popen[bytes]:
    """A worker that is killed at a point, or for `never` waits for whoever kills it."""
    told = {
        **os.environ,
        **environment.worker(world.stack),
        "SMTP_URL": f"smtp://127.0.0.1:{world.mailbox.smtp_port}",
        "ATTUNE_PUBLIC_URL": LETTERHEAD.public_url,
    }
    argv = [sys.executable, "-m", "tests.integration.notify.killed_worker", point]
    return subprocess.Popen(argv, env=told, cwd=CHECKOUT)


def test_a_worker_killed_after_sending_leaves_one_twin_at_most(world: World) -> None:
    """The copy has the same Message-ID, and it comes only when the lease is over."""
    booked(world)
    assert struck(world, "after").wait(60) == -signal.SIGKILL
    assert world.deliver() == 0
    world.make_due(Template.CONFIRMED)
    world.deliver()
    copies = Counter(mail["message_id"] for mail in world.mails() + world.mails(PRACTITIONER_EMAIL))
    assert sorted(copies.values()) == [1, 2]
    assert world.states(Template.CONFIRMED) == ["sent", "sent"]


def test_a_worker_killed_before_sending_leaves_no_twin(world: World) -> None:
    """Nothing is missing either."""
    booked(world)
    assert struck(world, "before").wait(60) == -signal.SIGKILL
    world.make_due(Template.CONFIRMED)
    world.deliver()
    assert len(world.mails()) == 1
    assert len(world.mails(PRACTITIONER_EMAIL)) == 1


def take_in_many(world: World, count: int) -> None:
    """So many further confirmations of one booking: two messages each."""
    booked(world)
    (first, *_) = world.messages()
    assert first.starts_at is not None
    for _ in range(count):
        world.take_in(world.fact(BookingConfirmed, first.booking_id, first.starts_at))


def test_workers_killed_again_and_again_lose_nothing(world: World) -> None:
    """122 messages, five kills at any point: none is missing, one twin a kill at most."""
    take_in_many(world, 60)
    kills = 0
    while kills < 5 and world.states(Template.CONFIRMED).count("sent") < 122:
        before = world.states(Template.CONFIRMED).count("sent")
        worker = struck(world, "never")
        try:
            assert eventually(partial(sent_more_than, world, before + 10))
        finally:
            worker.kill()
            worker.wait(10)
        kills += 1
        world.make_due(Template.CONFIRMED)  # time passes: the dead worker's lease is over
    while world.deliver():
        pass
    copies = Counter(mail["message_id"] for to in ADDRESSES for mail in world.summaries(to))
    assert len(copies) == 122
    assert sum(copies.values()) - len(copies) <= kills
    assert world.states(Template.CONFIRMED) == ["sent"] * 122


def sent_more_than(world: World, count: int) -> bool:
    return world.states(Template.CONFIRMED).count("sent") > min(count, 121)


class OncePostbox(SmtpPostbox):
    """Counts what leaves."""

    def __init__(self, url: str, left: list[str]) -> None:
        super().__init__(url)
        self.left = left

    def send(self, mail: EmailMessage, address: str) -> None:
        super().send(mail, address)
        self.left.append(mail["Message-ID"])


def test_four_workers_send_every_message_once(world: World) -> None:
    """40 bookings' messages, claimed at the same time."""
    take_in_many(world, 20)
    left: list[str] = []
    url = f"smtp://127.0.0.1:{world.mailbox.smtp_port}"

    def work(_: int) -> None:
        while delivery.deliver_due(world.desk(OncePostbox(url, left)), limit=3):
            pass

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert len(left) == 42
    assert len(set(left)) == 42


class SlowPostbox(SmtpPostbox):
    """Loses its lease while it connects: another worker takes the message meanwhile."""

    def __init__(self, url: str, world: World) -> None:
        super().__init__(url)
        self.world = world

    def open(self) -> None:
        super().open()
        self.world.make_due(Template.CONFIRMED)
        self.world.deliver()


def test_a_worker_that_lost_its_lease_does_not_send(world: World) -> None:
    """Its intent is refused because somebody else holds the message, or has sent it."""
    booked(world)
    world.deliver(SlowPostbox(f"smtp://127.0.0.1:{world.mailbox.smtp_port}", world))
    assert len(world.mails()) == 1
    assert len(world.mails(PRACTITIONER_EMAIL)) == 1
