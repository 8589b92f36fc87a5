"""What mails say of the sessions of a course."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.contracts.booking.bookings import BookingState, BookingView
from services.notify.domain.kinds import Recipient, Template
from services.notify.operations.letters import write
from tests.unit.notify.occasions import LETTERHEAD, STARTS_AT, booking, occasion

COURSE = uuid4()


def test_a_course_is_told_in_one_letter_with_a_link_for_each_session() -> None:
    """All dates, each with its own link; that the practice sends its invoice, not that it is
    paid."""
    first = booking(course_id=COURSE, is_on_account=True)
    others = [booking(id=uuid4(), starts_at=STARTS_AT + timedelta(weeks=n)) for n in (1, 2)]
    told: dict[str, Any] = {"booking": first, "others": others, "other_tokens": ["t1", "t2"]}
    letter = write(occasion(**told), LETTERHEAD)
    for text in (letter.text, letter.html):
        assert "3 appointments" in text
        assert "invoice" in text
        assert "It is paid" not in text
        assert all(f"/b/{token}" in text for token in ("t0k3n", "t1", "t2"))
        assert text.count(":00") >= 4


def test_sessions_that_were_added_say_so_and_until_when() -> None:
    """Nobody pressed for them: the letter says why they are there, and what to do against it."""
    others = [booking(id=uuid4(), starts_at=STARTS_AT + timedelta(weeks=n)) for n in (1, 2, 3)]
    told: dict[str, Any] = {"booking": booking(course_id=COURSE, is_on_account=True)}
    told |= {"others": others, "other_tokens": ["t1", "t2", "t3"], "is_added": True}
    letter = write(occasion(**told), LETTERHEAD)
    for text in (" ".join(letter.text.split()), letter.html):
        assert "go on as agreed: 4 more are booked for you, until Tuesday, 15 December" in text
        assert "If you want to stop" in text
        assert "plan" not in text.replace("attune.example", "")


def test_practitioners_are_told_the_dates_of_a_course_and_no_link() -> None:
    """Their notice names nobody, as ever."""
    others = [booking(id=uuid4(), starts_at=STARTS_AT + timedelta(weeks=1))]
    told: dict[str, Any] = {
        "booking": booking(course_id=COURSE, is_on_account=True),
        "others": others,
    }
    letter = write(occasion(recipient=Recipient.PRACTITIONER, **told), LETTERHEAD)
    for text in (letter.text, letter.html):
        assert "2 appointments with you" in text
        assert "/b/" not in text


@pytest.mark.parametrize(("percent", "words"), [(100, "nothing is owed"), (50, "50% of the price")])
def test_a_cancelled_session_of_a_course_speaks_of_the_invoice(percent: int, words: str) -> None:
    """Nothing was paid here, so nothing comes back."""
    told: dict[str, Any] = {
        "booking": booking(course_id=COURSE, is_on_account=True),
        "refund_percent": percent,
    }
    letter = write(occasion(Template.CANCELLED, **told), LETTERHEAD)
    for text in (letter.text, letter.html):
        assert words in text
        assert "comes back" not in text


def test_sessions_that_were_given_back_together_each_say_what_comes_of_it() -> None:
    """Also those that were given back late: with the mail that leads it is the only one."""
    told: dict[str, Any] = {
        "booking": booking(course_id=COURSE, state=BookingState.LATE_CANCELLED),
        "refund_percent": 50,
        "others": [
            given_back(1, 0),
            given_back(2, 50),
            given_back(3, 100),
            given_back(4, 25, is_on_account=True),
            given_back(5, 100, is_on_account=True),
        ],
    }
    letter = write(occasion(Template.CANCELLED, **told), LETTERHEAD)
    for text in (letter.text, letter.html):
        assert "Tue 1 Dec, 14:00: charged in full" in text
        assert "Tue 8 Dec, 14:00: 50% comes back" in text
        assert "Tue 15 Dec, 14:00: all of it comes back" in text
        assert "Tue 22 Dec, 14:00: 75% of the price may be owed" in text
        assert "Tue 29 Dec, 14:00: nothing is owed" in text


def given_back(weeks: int, percent: int, **changes: object) -> BookingView:
    state = BookingState.CANCELLED if percent == 100 else BookingState.LATE_CANCELLED
    starts_at = STARTS_AT + timedelta(weeks=weeks)
    return booking(id=uuid4(), starts_at=starts_at, state=state, refund_percent=percent, **changes)


def test_sessions_that_moved_together_are_told_in_one_letter() -> None:
    """All new times, each with its own link; to the practitioner without."""
    others = [booking(id=uuid4(), starts_at=STARTS_AT + timedelta(weeks=n)) for n in (1, 2)]
    told: dict[str, Any] = {"booking": booking(course_id=COURSE, is_on_account=True)}
    told |= {"others": others, "previous_starts_at": STARTS_AT - timedelta(days=1)}
    letter = write(occasion(Template.RESCHEDULED, other_tokens=["t1", "t2"], **told), LETTERHEAD)
    for text in (letter.text, letter.html):
        assert "3 of your appointments have moved" in text
        assert "moved from Mon 23 Nov, 14:00" in text
        assert all(f"/b/{token}" in text for token in ("t0k3n", "t1", "t2"))
        assert "Tue 8 Dec, 14:00" in text
    notice = write(occasion(Template.RESCHEDULED, Recipient.PRACTITIONER, **told), LETTERHEAD)
    for text in (notice.text, notice.html):
        assert "3 appointments with you have moved" in text
        assert "Tue 8 Dec, 14:00" in text
        assert "/b/" not in text
