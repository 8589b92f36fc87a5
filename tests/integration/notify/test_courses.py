"""The sessions of a course: one mail for all, a link and reminders for each."""

import re
from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest

from services.booking.models import Booking
from services.booking.operations import course_booking, course_ending, series_moves
from services.common.clock import utc_now
from services.common.crypto import token_key
from services.contracts.booking.courses import CancelCourse
from services.contracts.booking.series import MoveScope, MoveSeries, SessionMove
from services.contracts.notify import ResolveLink
from services.contracts.plans.events import PlanStopped
from services.notify.domain.kinds import REMINDERS, Template
from services.notify.operations import links
from tests.integration.booking.course_practice import wish
from tests.integration.notify.world import (
    CLIENT_EMAIL,
    PRACTITIONER_EMAIL,
    World,
    a_weekday_at_ten,
    eventually,
)

pytestmark = pytest.mark.usefixtures("house")
LINK = re.compile(r"https://attune\.example/b/(\S+)")
SESSIONS = 3


def a_course(world: World) -> Sequence[Booking]:
    """A paid session and a course that follows it, of which notify has heard."""
    first_at = a_weekday_at_ten(7)
    first = world.booked.stored(world.book(first_at))
    starts = [first_at + timedelta(weeks=week) for week in range(1, SESSIONS + 1)]
    admin = world.booked.admin
    with world.booked.transaction(admin) as tx:
        asked = wish(world.booked, first, starts)
        _, bookings = course_booking.book_course(tx, asked, actor=admin, now=utc_now())
    assert eventually(lambda: len(world.messages(*REMINDERS)) == 2 * (1 + SESSIONS))
    return bookings


def test_a_course_is_told_once_and_every_session_has_its_link(world: World) -> None:
    """From booking's events to the mailbox: each link opens the booking of its own date."""
    bookings = a_course(world)
    # The paid session and the course: a letter to each of both sides, reminders of every session.
    assert len(world.messages(Template.CONFIRMED)) == 4
    world.deliver()
    course = [mail for mail in world.mails() if "3 appointments" in mail["text"]]
    assert len(world.summaries(CLIENT_EMAIL)) == len(world.summaries(PRACTITIONER_EMAIL)) == 2
    tokens = LINK.findall(course[0]["text"])
    with world.database.plumbing() as tx:
        opened = [
            links.resolve_link(tx, ResolveLink(link_key=token_key(token)), now=utc_now()).booking_id
            for token in tokens
        ]
    assert opened == [booking.id for booking in bookings]


def test_sessions_that_move_together_are_told_once(world: World) -> None:
    """One mail with all new times and links to each side; the reminders move one by one. Where
    the first was moved once more before the mail left, the next one leads it."""
    bookings = a_course(world)
    admin, now = world.booked.admin, utc_now()
    moves = [
        SessionMove(
            booking_id=one.id, from_at=one.starts_at, starts_at=one.starts_at + timedelta(hours=1)
        )
        for one in bookings
    ]
    command = MoveSeries(id=uuid4(), booking_id=bookings[0].id, scope=MoveScope.ALL, moves=moves)
    with world.booked.transaction(admin) as tx:
        series_moves.move_series(tx, command, actor=admin, now=now)
    assert eventually(lambda: len(world.messages(*REMINDERS)) == 2 * (1 + 2 * SESSIONS))
    assert len(world.messages(Template.RESCHEDULED)) == 2
    world.move(bookings[0].id, bookings[0].starts_at + timedelta(hours=3))
    assert eventually(lambda: len(world.messages(Template.RESCHEDULED)) == 4)
    world.deliver()
    [together, alone] = [one for one in world.mails() if "moved" in one["subject"]]
    assert f"{SESSIONS - 1} of your appointments have moved" in together["text"]
    assert len(set(LINK.findall(together["text"]))) == SESSIONS - 1
    assert "Your appointment has moved" in alone["text"]


def test_what_a_client_gives_back_by_ending_a_plan_says_the_share_of_each(world: World) -> None:
    """Half is owed for the first, nothing for the others; one mail says so."""
    bookings = a_course(world)
    stopped = PlanStopped(
        occurred_at=bookings[0].starts_at - timedelta(hours=30),
        practice_id=world.practice_id,
        plan_id=uuid4(),
        practitioner_id=world.booked.practitioner_id,
        client_id=world.client_id,
        course_ids=[bookings[0].course_id],
        from_at=bookings[0].starts_at - timedelta(hours=30),
        is_by_client=True,
    )
    with world.booked.transaction(world.booked.admin) as tx:
        course_ending.stop_plan(tx, stopped, now=utc_now())
    assert eventually(lambda: len(world.messages(Template.CANCELLED)) == 2)
    world.deliver()
    [mail] = [one for one in world.mails() if "cancelled" in one["subject"]]
    assert "50% of the price" in " ".join(mail["text"].split())
    assert mail["text"].count(": nothing is owed") == SESSIONS - 1


def test_a_course_that_the_practice_gives_back_is_told_once(world: World) -> None:
    """One mail with all dates to each side, and no reminder of any is left."""
    bookings = a_course(world)
    admin, now = world.booked.admin, utc_now()
    with world.booked.transaction(admin) as tx:
        command = CancelCourse(course_id=bookings[0].course_id)
        course_ending.cancel_course(tx, command, actor=admin, now=now)
    assert eventually(lambda: len(world.messages(Template.CANCELLED)) == 2)
    assert eventually(lambda: world.states(*REMINDERS).count("cancelled") == 2 * SESSIONS)
    world.deliver()
    [mail] = [one for one in world.mails() if "cancelled" in one["subject"]]
    assert "Cancelled as well:" in mail["text"]
    assert "nothing is owed" in mail["text"]
    assert len(LINK.findall(mail["text"])) == 1
