"""Which messages a fact leads to."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.common.money import Money
from services.contracts.billing import RefundMade
from services.contracts.booking.events import (
    BookingCancelled,
    BookingConfirmed,
    BookingRefused,
    BookingRescheduled,
)
from services.notify.domain.drafts import drafts_of
from services.notify.domain.kinds import REMINDERS, Recipient, Template
from tests.unit.notify.occasions import BOOKING, CLIENT, NOW, PRACTICE, PRACTITIONER, STARTS_AT

OFFSETS = {
    Template.REMINDER_DAY: timedelta(hours=24),
    Template.REMINDER_HOUR: timedelta(hours=1),
}


def of_booking(starts_at: datetime = STARTS_AT) -> dict[str, Any]:
    return {
        "occurred_at": NOW,
        "practice_id": PRACTICE,
        "booking_id": BOOKING,
        "practitioner_id": PRACTITIONER,
        "client_id": CLIENT,
        "starts_at": starts_at,
    }


def told(*drafts: Any) -> list[tuple[Template, Recipient, datetime]]:
    return [(draft.template, draft.recipient, draft.due_at) for draft in drafts]


def test_a_confirmation_tells_both_and_sets_two_reminders() -> None:
    """Both are told at once, the client reminded 24 h and 1 h before."""
    drafts = drafts_of(BookingConfirmed(**of_booking()), OFFSETS, now=NOW)
    assert told(*drafts) == [
        (Template.CONFIRMED, Recipient.CLIENT, NOW),
        (Template.CONFIRMED, Recipient.PRACTITIONER, NOW),
        (Template.REMINDER_DAY, Recipient.CLIENT, STARTS_AT - timedelta(hours=24)),
        (Template.REMINDER_HOUR, Recipient.CLIENT, STARTS_AT - timedelta(hours=1)),
    ]


def test_a_reminder_whose_time_has_passed_is_not_made() -> None:
    """Booked 24 h ahead to the second: the day's reminder would come with the confirmation."""
    fact = BookingConfirmed(**of_booking(NOW + timedelta(hours=24)))
    reminders = [d.template for d in drafts_of(fact, OFFSETS, now=NOW) if d.template in REMINDERS]
    assert reminders == [Template.REMINDER_HOUR]


def test_an_offset_of_zero_means_no_reminder() -> None:
    """A practice's operator may switch a reminder off."""
    offsets = OFFSETS | {Template.REMINDER_HOUR: timedelta(0)}
    drafts = drafts_of(BookingConfirmed(**of_booking()), offsets, now=NOW)
    assert Template.REMINDER_HOUR not in {draft.template for draft in drafts}


def test_a_move_tells_both_and_sets_reminders_of_the_new_start() -> None:
    """The new reminders speak of the new start, and the mail of the previous one."""
    moved = STARTS_AT + timedelta(days=2)
    fact = BookingRescheduled(**of_booking(moved), previous_starts_at=STARTS_AT)
    drafts = drafts_of(fact, OFFSETS, now=NOW)
    assert [d.template for d in drafts] == [Template.RESCHEDULED] * 2 + list(OFFSETS)
    assert drafts[0].previous_starts_at == STARTS_AT
    assert drafts[2].due_at == moved - timedelta(hours=24)
    assert {d.starts_at for d in drafts} == {moved}


def test_a_cancellation_tells_both_how_much_comes_back() -> None:
    """The percentage is booking's; no reminder is made."""
    fact = BookingCancelled(**of_booking(), refund_percent=50, is_late=True)
    drafts = drafts_of(fact, OFFSETS, now=NOW)
    assert [(d.template, d.recipient, d.refund_percent) for d in drafts] == [
        (Template.CANCELLED, Recipient.CLIENT, 50),
        (Template.CANCELLED, Recipient.PRACTITIONER, 50),
    ]


def test_a_hold_that_was_let_go_tells_nobody() -> None:
    """Nobody had an appointment, so no mail says that one is cancelled."""
    fact = BookingCancelled(**of_booking(), refund_percent=100, is_late=False, was_confirmed=False)
    assert drafts_of(fact, OFFSETS, now=NOW) == []


def test_a_payment_that_came_too_late_is_told_to_the_client_alone() -> None:
    """The practitioner never had the appointment."""
    drafts = drafts_of(BookingRefused(**of_booking()), OFFSETS, now=NOW)
    assert told(*drafts) == [(Template.REFUSED, Recipient.CLIENT, NOW)]


def test_a_refund_is_told_with_its_amount() -> None:
    """Minor units and currency are kept as billing told them."""
    fact = RefundMade(
        occurred_at=NOW,
        practice_id=PRACTICE,
        payment_id=UUID(int=8),
        refund_id=UUID(int=9),
        booking_id=BOOKING,
        money=Money(4500, "EUR"),
    )
    (draft,) = drafts_of(fact, OFFSETS, now=NOW)
    assert (draft.template, draft.money, draft.client_id) == (
        Template.REFUNDED,
        Money(4500, "EUR"),
        None,
    )


def test_the_further_sessions_of_a_course_are_only_reminded_of() -> None:
    """The first one's mail tells of them all; sixteen mails at once would be a flood."""
    fact = BookingConfirmed(**of_booking(), course_id=PRACTICE, is_first=False)
    drafts = drafts_of(fact, OFFSETS, now=NOW)
    assert [draft.template for draft in drafts] == [Template.REMINDER_DAY, Template.REMINDER_HOUR]
    ended = {"refund_percent": 100, "is_late": False, "course_id": PRACTICE, "is_first": False}
    assert drafts_of(BookingCancelled(**of_booking(), **ended), OFFSETS, now=NOW) == []


def test_a_move_that_the_practice_tells_itself_writes_to_the_practitioner_alone() -> None:
    """The client's reminders move all the same: none may speak of a time that is gone."""
    fact = BookingRescheduled(
        **of_booking(), previous_starts_at=STARTS_AT - timedelta(days=2), is_client_told=False
    )
    drafts = drafts_of(fact, OFFSETS, now=NOW)
    assert [(d.template, d.recipient) for d in drafts] == [
        (Template.RESCHEDULED, Recipient.PRACTITIONER),
        (Template.REMINDER_DAY, Recipient.CLIENT),
        (Template.REMINDER_HOUR, Recipient.CLIENT),
    ]


def test_what_moves_together_is_told_with_the_first_and_reminded_of_one_by_one() -> None:
    """Twelve sessions that move are two mails and not twenty-four."""
    others = [UUID(int=11), UUID(int=12)]
    previous = {"previous_starts_at": STARTS_AT - timedelta(days=2)}
    first = BookingRescheduled(**of_booking(), **previous, also=others)
    drafts = drafts_of(first, OFFSETS, now=NOW)
    assert [list(draft.also) for draft in drafts] == [others, others, [], []]
    further = BookingRescheduled(**of_booking(), **previous, is_first=False)
    assert [d.template for d in drafts_of(further, OFFSETS, now=NOW)] == list(OFFSETS)


@pytest.mark.parametrize("kind", [BookingConfirmed, BookingRescheduled, BookingCancelled])
def test_who_treats_is_told_of_no_act_of_their_own(kind: type[Any]) -> None:
    """The client is, unless the practice tells them itself; reminders are set all the same."""
    told_of = of_booking() | {"is_by_practitioner": True}
    if kind is BookingRescheduled:
        told_of |= {"previous_starts_at": NOW}
    if kind is BookingCancelled:
        told_of |= {"refund_percent": 100, "is_late": False}
    drafts = drafts_of(kind(**told_of), OFFSETS, now=NOW)
    assert {draft.recipient for draft in drafts} == {Recipient.CLIENT}
    if kind is BookingRescheduled:
        silent = drafts_of(kind(**told_of, is_client_told=False), OFFSETS, now=NOW)
        assert [one.template for one in silent] == [Template.REMINDER_DAY, Template.REMINDER_HOUR]
