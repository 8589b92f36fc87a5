"""The sessions of a course: one mail for all, a link and reminders for each."""

import re
from datetime import timedelta

import pytest

from services.booking.operations import course_booking, course_ending
from services.common.clock import utc_now
from services.common.crypto import token_key
from services.contracts.booking.courses import CancelCourse
from services.contracts.notify import ResolveLink
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


def test_a_course_is_told_once_and_every_session_has_its_link(world: World) -> None:
    """From booking's events to the mailbox: each link opens the booking of its own date."""
    first_at = a_weekday_at_ten(7)
    first = world.booked.stored(world.book(first_at))
    starts = [first_at + timedelta(weeks=week) for week in range(1, SESSIONS + 1)]
    admin, now = world.booked.admin, utc_now()
    with world.booked.transaction(admin) as tx:
        asked = wish(world.booked, first, starts)
        _, bookings = course_booking.book_course(tx, asked, actor=admin, now=now)
    # The paid session and the course: a letter to each of both sides, reminders of every session.
    assert eventually(lambda: len(world.messages(*REMINDERS)) == 2 * (1 + SESSIONS))
    assert len(world.messages(Template.CONFIRMED)) == 4
    world.deliver()
    course = [mail for mail in world.mails() if "3 appointments" in mail["text"]]
    assert len(world.summaries(CLIENT_EMAIL)) == len(world.summaries(PRACTITIONER_EMAIL)) == 2
    tokens = LINK.findall(course[0]["text"])
    with world.database.plumbing() as tx:
        opened = [
            links.resolve_link(tx, ResolveLink(link_key=token_key(token)), now=now).booking_id
            for token in tokens
        ]
    assert opened == [booking.id for booking in bookings]


def test_a_course_that_the_practice_gives_back_is_told_once(world: World) -> None:
    """One mail with all dates to each side, and no reminder of any is left."""
    first_at = a_weekday_at_ten(7)
    first = world.booked.stored(world.book(first_at))
    starts = [first_at + timedelta(weeks=week) for week in range(1, SESSIONS + 1)]
    admin, now = world.booked.admin, utc_now()
    with world.booked.transaction(admin) as tx:
        asked = wish(world.booked, first, starts)
        course, _ = course_booking.book_course(tx, asked, actor=admin, now=now)
    assert eventually(lambda: len(world.messages(*REMINDERS)) == 2 * (1 + SESSIONS))
    with world.booked.transaction(admin) as tx:
        command = CancelCourse(course_id=course.id)
        course_ending.cancel_course(tx, command, actor=admin, now=now)
    assert eventually(lambda: len(world.messages(Template.CANCELLED)) == 2)
    assert eventually(lambda: world.states(*REMINDERS).count("cancelled") == 2 * SESSIONS)
    world.deliver()
    [mail] = [one for one in world.mails() if "cancelled" in one["subject"]]
    assert "Cancelled of this course as well:" in mail["text"]
    assert "nothing is owed" in mail["text"]
    assert len(LINK.findall(mail["text"])) == 1
