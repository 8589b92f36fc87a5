"""What is due leaves, once: with the real profiles, booking, broker, database and mail server."""

import base64
import os
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from functools import partial

import pytest
from icalendar import Calendar

from deploy.local import environment
from deploy.local.settings import CHECKOUT
from services.common.clock import utc_now
from services.common.money import Money
from services.contracts.billing import RefundMade
from services.contracts.booking import BookingCancelled, BookingConfirmed, BookingRescheduled
from services.notify.adapters.smtp import SmtpPostbox, Undelivered
from services.notify.domain.kinds import REMINDERS, Template
from services.notify.operations import delivery
from tests.integration.notify.world import (
    CLIENT_EMAIL,
    LETTERHEAD,
    PRACTITIONER_EMAIL,
    World,
    a_weekday_at_ten,
    at,
    eventually,
)

ADDRESSES = (CLIENT_EMAIL, PRACTITIONER_EMAIL)
pytestmark = pytest.mark.usefixtures("house")


def told(world: World, to: str = CLIENT_EMAIL) -> list[str]:
    return [mail["subject"] for mail in world.mails(to)]


def header(mail: dict[str, list[list[str]]], name: str) -> str:
    return next(value for key, value in mail["headers"] if key.lower() == name.lower())


def calendar_of(mail: dict[str, list[dict[str, str]]]) -> tuple[str, int]:
    """Method and SEQUENCE of the attached file."""
    (file,) = [part for part in mail["attachments"] if part["name"] == "appointment.ics"]
    calendar = Calendar.from_ical(base64.b64decode(file["base64"]))
    return str(calendar["METHOD"]), int(calendar.walk("VEVENT")[0]["SEQUENCE"])


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


def ended(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process that was told to stop; by force where it does not."""
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)


def booked(world: World) -> None:
    """A booking whose event came by the broker, so that four messages wait."""
    world.book()
    assert eventually(lambda: len(world.messages()) == 4)


def test_a_booking_reaches_both_by_mail(world: World) -> None:
    """booking confirms, its event arrives, the client gets mail and calendar file."""
    booked(world)
    assert world.deliver() == 2
    (mail,) = world.mails()
    assert mail["subject"] == "Your appointment is confirmed"
    assert "https://attune.example/b/" in mail["text"]
    assert calendar_of(mail) == ("REQUEST", 0)
    message = next(m for m in world.messages(Template.CONFIRMED) if m.recipient == "client")
    assert mail["message_id"] == f"<{message.id}@attune.example>"
    assert header(mail, "X-Request-Id") == message.request_id
    assert told(world, PRACTITIONER_EMAIL) == ["An appointment is confirmed"]
    assert world.states(Template.CONFIRMED) == ["sent", "sent"]
    assert world.deliveries() == [("sent", 250)] * 2
    assert world.count_due() == 2


def test_nothing_leaves_before_its_time(world: World) -> None:
    """Reminders wait for their hour; a second run finds nothing."""
    booked(world)
    world.deliver()
    assert world.deliver() == 0
    assert world.states(*REMINDERS) == ["pending", "pending"]


def test_reminders_leave_when_they_are_due(world: World) -> None:
    """One mail each, in words of their own."""
    booked(world)
    world.make_due(*REMINDERS)
    world.deliver()
    assert sorted(told(world)) == [
        "Your appointment is confirmed",
        "Your appointment starts soon",
        "Your upcoming appointment",
    ]


def test_a_moved_booking_is_told_with_a_higher_sequence(world: World) -> None:
    """And the reminders of the old start never leave, even if they were due."""
    booked(world)
    (first, *_) = world.messages()
    world.deliver()
    world.move(first.booking_id, at(a_weekday_at_ten(), hours=2))
    assert eventually(lambda: len(world.messages(Template.RESCHEDULED)) == 2)
    world.make_due()
    world.deliver()
    mails = {mail["subject"]: mail for mail in world.mails()}
    assert calendar_of(mails["Your appointment has moved"]) == ("REQUEST", 1)
    assert Counter(world.states(*REMINDERS)) == {"cancelled": 2, "sent": 2}


def test_a_cancelled_booking_is_withdrawn_from_calendars(world: World) -> None:
    """METHOD:CANCEL with a SEQUENCE above all that went out; no reminder any more."""
    booked(world)
    (first, *_) = world.messages()
    world.deliver()
    world.give_back(first.booking_id)
    assert eventually(lambda: len(world.messages(Template.CANCELLED)) == 2)
    world.make_due()
    world.deliver()
    mail = world.mails()[-1]
    assert mail["subject"] == "Your appointment is cancelled"
    assert calendar_of(mail) == ("CANCEL", 1)
    assert world.states(*REMINDERS) == ["cancelled"] * 2


def test_a_late_confirmation_does_not_revive_what_is_cancelled(world: World) -> None:
    """Its event came last; booking's state at delivery decides."""
    booked(world)
    (first, *_) = world.messages()
    world.give_back(first.booking_id)
    assert eventually(lambda: len(world.messages(Template.CANCELLED)) == 2)
    start = first.starts_at
    assert start is not None
    world.take_in(world.fact(BookingConfirmed, first.booking_id, start))
    world.make_due()
    world.deliver()
    assert told(world) == ["Your appointment is cancelled"]
    assert set(world.states(*REMINDERS, Template.CONFIRMED)) == {"cancelled"}


def test_a_refund_is_told_with_its_amount(world: World) -> None:
    """The event names no client: booking knows."""
    booked(world)
    (first, *_) = world.messages()
    world.take_in(
        RefundMade(
            occurred_at=utc_now(),
            practice_id=world.practice_id,
            payment_id=first.id,
            refund_id=first.id,
            booking_id=first.booking_id,
            money=Money(9500, "EUR"),
        )
    )
    world.deliver()
    assert "€95.00" in world.mails()[-1]["text"]


def test_who_was_erased_gets_nothing(world: World) -> None:
    """profiles knows no address any more: the messages end."""
    booked(world)
    world.erase_client()
    world.make_due()
    world.deliver()
    assert set(world.states()) == {"cancelled"}
    assert world.mails() == []
    assert world.count_due() == 0


def test_a_name_beyond_ascii_is_reached(world: World) -> None:
    """Its local part needs a mail server with SMTPUTF8 (RFC 6531), as the mailbox is."""
    world.move_client_to("jürgen@müller.example")
    booked(world)
    world.deliver()
    (mail,) = world.mails("xn--mller-kva")
    assert mail["recipients"] == ["jürgen@xn--mller-kva.example"]


def test_a_mailbox_that_says_later_gets_it_later(world: World) -> None:
    """451, twice: the message waits 5 s, then 10 s, and is delivered once."""
    booked(world)
    world.mailbox.call(
        "POST", "/faults", {"kind": "reply", "code": 451, "to": CLIENT_EMAIL, "count": 2}
    )
    for _ in range(2):
        world.deliver()
        assert world.deliver() == 0
        world.make_due(Template.CONFIRMED)
    assert world.states(Template.CONFIRMED).count("failed") == 1
    world.deliver()
    assert told(world) == ["Your appointment is confirmed"]
    assert Counter(world.deliveries()) == {("refused", 451): 2, ("sent", 250): 2}


def test_a_mailbox_that_says_never_is_believed(world: World) -> None:
    """550 parks the message at once; the practitioner's is not held up by it."""
    booked(world)
    world.mailbox.call(
        "POST",
        "/faults",
        {"kind": "reply", "stage": "rcpt", "code": 550, "to": CLIENT_EMAIL, "count": None},
    )
    world.deliver()
    world.deliver()
    assert sorted(world.states(Template.CONFIRMED)) == ["parked", "sent"]
    assert ("refused", 550) in world.deliveries()


def test_a_connection_that_breaks_is_made_anew(world: World) -> None:
    """Nobody can tell whether the first was taken: it is tried again with the same Message-ID."""
    booked(world)
    world.mailbox.call("POST", "/faults", {"kind": "drop", "is_kept": False, "to": CLIENT_EMAIL})
    world.deliver()
    assert ("unclear", None) in world.deliveries()
    world.make_due(Template.CONFIRMED)
    world.deliver()
    assert len(world.mails()) == 1
    assert world.states(Template.CONFIRMED) == ["sent", "sent"]


def test_a_mail_server_that_is_away_costs_no_try(world: World) -> None:
    """Connection refused: all wait a few seconds, none comes closer to being parked."""
    booked(world)
    assert world.deliver(SmtpPostbox("smtp://127.0.0.1:9")) == 0
    assert world.states(Template.CONFIRMED) == ["pending", "pending"]
    assert {m.tries for m in world.messages()} == {0}
    world.make_due(Template.CONFIRMED)
    assert world.deliver() == 2


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


class BrokenPostbox(SmtpPostbox):
    """Never gets anything through."""

    def send(self, mail: EmailMessage, address: str) -> None:
        raise Undelivered(451)


def test_after_twelve_tries_a_message_is_parked(world: World) -> None:
    """And is not claimed any more."""
    booked(world)
    for _ in range(12):
        world.make_due(Template.CONFIRMED)
        world.deliver(BrokenPostbox(f"smtp://127.0.0.1:{world.mailbox.smtp_port}"))
    assert world.states(Template.CONFIRMED) == ["parked", "parked"]
    world.make_due(Template.CONFIRMED)
    assert world.deliver() == 0


def test_no_address_and_no_token_is_kept(world: World) -> None:
    """What notify stores are ids, times and amounts; what it logs as well."""
    booked(world)
    world.deliver()
    (mail,) = world.mails()
    token = mail["text"].split("/b/")[1].split()[0]
    dump = subprocess.run(
        ["/usr/lib/postgresql/15/bin/pg_dump", "--schema=notify", "--data-only",
         world.stack.database_url("owner")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "messages" in dump.stdout, dump.stderr
    logs = (world.stack.run.logs / "notify.log").read_text()
    for secret in (token, CLIENT_EMAIL, PRACTITIONER_EMAIL, "Anna", "Adler"):
        assert secret not in dump.stdout
        assert secret not in logs


def test_celery_delivers_by_the_clock(world: World) -> None:
    """Worker and beat as the product runs them: booked, and the mail is there in seconds."""
    told = {
        **os.environ,
        **environment.worker(world.stack),
        "ATTUNE_TASKS": "notify",
        "SMTP_URL": f"smtp://127.0.0.1:{world.mailbox.smtp_port}",
        "CELERY_BEAT_SCHEDULE_FILE": str(world.stack.run.path / "notify-test-beat"),
    }
    log = (world.stack.run.logs / "notify-worker.log").open("ab")
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "services", *argv],
            env=told,
            cwd=CHECKOUT,
            stdout=log,
            stderr=log,
        )
        for argv in (("worker", "--concurrency=1"), ("beat",))
    ]
    try:
        world.book()
        assert eventually(lambda: len(world.mails()) == 1)
    finally:
        for process in running:
            process.terminate()
        for process in running:
            ended(process)
        log.close()
    (message,) = [m for m in world.messages(Template.CONFIRMED) if m.recipient == "client"]
    logged = (world.stack.run.logs / "notify-worker.log").read_text()
    assert message.request_id in logged
    for secret in (CLIENT_EMAIL, PRACTITIONER_EMAIL, "Anna", "Adler", "/b/"):
        assert secret not in logged


def test_facts_of_unknown_bookings_end(world: World) -> None:
    """booking knows nothing of it: there is nothing to say."""
    start = a_weekday_at_ten()
    gone = world.fact(BookingCancelled, world.client_id, start, refund_percent=0, is_late=True)
    moved = world.fact(BookingRescheduled, world.client_id, start, previous_starts_at=start)
    world.take_in(gone)
    world.take_in(moved)
    world.make_due()
    world.deliver()
    assert set(world.states()) == {"cancelled"}
