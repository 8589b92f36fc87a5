"""What is due leaves, once: with the real profiles, booking, broker, database and mail server."""

import base64
import os
import subprocess
import sys
from collections import Counter

import pytest
from icalendar import Calendar

from deploy.local import environment, postgres
from deploy.local.settings import CHECKOUT
from services.common.clock import utc_now
from services.common.money import Money
from services.contracts.billing import RefundMade
from services.contracts.booking.events import BookingCancelled, BookingConfirmed, BookingRescheduled
from services.notify.domain.kinds import REMINDERS, Template
from services.notify.operations import wording
from tests.integration.notify.world import (
    CLIENT_EMAIL,
    PRACTITIONER_EMAIL,
    World,
    a_weekday_at_ten,
    at,
    booked,
    eventually,
    told,
)

pytestmark = pytest.mark.usefixtures("house")


def header(mail: dict[str, list[list[str]]], name: str) -> str:
    return next(value for key, value in mail["headers"] if key.lower() == name.lower())


def calendar_of(mail: dict[str, list[dict[str, str]]]) -> tuple[str, int]:
    """Method and SEQUENCE of the attached file."""
    (file,) = [part for part in mail["attachments"] if part["name"] == "appointment.ics"]
    calendar = Calendar.from_ical(base64.b64decode(file["base64"]))
    return str(calendar["METHOD"]), int(calendar.walk("VEVENT")[0]["SEQUENCE"])


def ended(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process that was told to stop; by force where it does not."""
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)


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


def test_two_quick_moves_are_told_from_the_time_that_was_known(world: World) -> None:
    """The first move's mail is outlived; the second's names the time of the confirmation."""
    booked(world)
    (first, *_) = world.messages()
    world.deliver()
    for hours in (2, 4):
        world.move(first.booking_id, at(a_weekday_at_ten(), hours=hours))
    assert eventually(lambda: len(world.messages(Template.RESCHEDULED)) == 4)
    world.make_due(Template.RESCHEDULED)
    world.deliver()
    (mail,) = [it for it in world.mails() if it["subject"] == "Your appointment has moved"]
    assert first.starts_at is not None
    known = wording.day_and_clock(first.starts_at, "Europe/Berlin")
    assert f"moved from {known}. This is the new time" in " ".join(mail["text"].split())


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


def test_who_was_erased_is_reminded_of_nothing(world: World) -> None:
    """profiles knows no address any more: the reminders end."""
    booked(world)
    world.deliver()
    world.erase_client()
    world.make_due()
    world.deliver()
    assert set(world.states(*REMINDERS)) == {"cancelled"}
    assert len(world.mails()) == 1
    assert world.count_due() == 0


def test_a_name_beyond_ascii_is_reached(world: World) -> None:
    """Its local part needs a mail server with SMTPUTF8 (RFC 6531), as the mailbox is."""
    world.move_client_to("jürgen@müller.example")
    booked(world)
    world.deliver()
    (mail,) = world.mails("xn--mller-kva")
    assert mail["recipients"] == ["jürgen@xn--mller-kva.example"]


def test_no_address_and_no_token_is_kept(world: World) -> None:
    """What notify stores are ids, times and amounts; what it logs as well."""
    booked(world)
    world.deliver()
    (mail,) = world.mails()
    token = mail["text"].split("/b/")[1].split()[0]
    dump = subprocess.run(
        [postgres.programs() / "pg_dump", "--schema=notify", "--data-only",
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
