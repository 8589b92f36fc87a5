"""Refunds and disputes at the money desk: shown before they are done, and nothing clinical sent."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from services.common.clock import utc_now
from services.common.errors import InvalidInput
from services.common.money import Money
from services.contracts.billing.disputes import (
    DisputesPage,
    DisputeState,
    DisputeView,
    GetDispute,
    ListDisputes,
    SubmitEvidence,
)
from services.contracts.billing.refunds import (
    GetRefund,
    ListRefunds,
    NothingToRefund,
    NotRetryable,
    PracticeRefund,
    ProposeRefund,
    RefundChanged,
    RefundPayment,
    RefundProposal,
    RefundReason,
    RefundsPage,
    RefundState,
    RefundWay,
    RetryRefund,
)
from services.contracts.booking.bookings import BookingState
from services.contracts.booking.offerings import PolicyTier, PolicyView
from services.contracts.booking.terms import GetTerms, TermsView
from services.contracts.profiles.accounts import Role
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import fetch
from tests.unit.gateway.test_money_desk import CLIENT, HERE, desk

MONEY = f"/practices/{HERE}/money"
PAYMENT, BOOKING = uuid7(), uuid7()
REFUND = f"{MONEY}/payments/{PAYMENT}/refund"
FORM_ID = str(uuid7())
TYPED = {
    "form_id": FORM_ID, "way": "part", "amount": "30", "reason": "goodwill",
    "words": "The heating was out.",
}  # fmt: skip
AGREED = "a" * 64
CONFIRMED = TYPED | {"refund": "3000", "currency": "EUR", "agreed": AGREED}


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def proposal(command: ProposeRefund, **changes: Any) -> RefundProposal:
    """What billing tells of 95 € that were paid."""
    refund = command.money or eur(9500)
    return RefundProposal(
        payment_id=PAYMENT,
        booking_id=BOOKING,
        client_id=CLIENT,
        way=command.way,
        refund=refund,
        percent=None,
        captured=eur(9500),
        back_before=eur(0),
        left_after=eur(9500) - refund,
        from_booking=refund,
        booking_after=eur(9500) - refund,
        from_retained=eur(0),
        booking_stands=True,
        stripe_fee=eur(168),
        commission_back=eur(150),
        balance=eur(150) - refund,
        agreed=AGREED,
    ).model_copy(update=changes)


def refund(state: RefundState = RefundState.PROMISED, **changes: Any) -> PracticeRefund:
    is_failed = state is RefundState.FAILED
    return PracticeRefund(
        id=uuid7(),
        payment_id=PAYMENT,
        booking_id=BOOKING,
        client_id=CLIENT,
        money=eur(3000),
        percent=None,
        reason=RefundReason.GOODWILL,
        words="=HYPERLINK(1)",
        state=state,
        attempt=1,
        created_at=utc_now(),
        made_at=None,
        failed_at=utc_now() if is_failed else None,
        failure="expired_or_canceled_card" if is_failed else None,
        elsewhere_words=None,
        can_retry=is_failed,
    ).model_copy(update=changes)


def dispute(**changes: Any) -> DisputeView:
    return DisputeView(
        id=uuid7(),
        payment_id=PAYMENT,
        booking_id=BOOKING,
        client_id=CLIENT,
        money=eur(9500),
        reason="fraudulent",
        state=DisputeState.NEEDS_ANSWER,
        is_inquiry=False,
        has_money=True,
        due_at=utc_now() + timedelta(days=9, hours=1),
        opened_at=utc_now(),
        closed_at=None,
        paid_at=utc_now(),
        answer=None,
        can_answer=True,
    ).model_copy(update=changes)


def raising(refusal: Exception) -> Any:
    def answer(_: Any) -> Any:
        raise refusal

    return answer


def app_with(**told: Any) -> Any:
    answers: dict[Any, Any] = {
        ProposeRefund: proposal,
        RefundPayment: lambda _: refund(),
        ListRefunds: lambda _: RefundsPage(refunds=[refund(), refund(RefundState.FAILED)]),
        ListDisputes: lambda _: DisputesPage(disputes=[dispute()]),
    }
    return desk(Role.BILLING, told=answers | told.get("answers", {}))


def sent(app: Any, kind: type[Any]) -> list[Any]:
    return [one for one in app.state.backend.asked if isinstance(one, kind)]


def test_a_refund_is_shown_with_all_that_it_does_and_then_done_as_shown() -> None:
    """Client, booking, Stripe's fee, commission and balance; the confirmation carries the word."""
    app = app_with()
    shown = post_form(app, f"{REFUND}/preview", TYPED)
    assert shown.status_code == 200
    for words in (
        "€30",
        "€65 stay paid",
        "its fee of €1.68",
        "€1.50 of it",
        "Falls by €28.50",
        AGREED,
    ):
        assert words in shown.text
    assert sent(app, RefundPayment) == []
    assert post_form(app, REFUND, CONFIRMED).headers["location"] == f"{MONEY}/refunds"
    [command] = sent(app, RefundPayment)
    assert (command.id, command.money, command.agreed) == (UUID(FORM_ID), eur(3000), AGREED)
    assert command.way is RefundWay.PART


def test_other_figures_by_now_are_shown_anew() -> None:
    """409 with the new figures, to be confirmed by another click; nothing else was sent."""
    changed = {RefundPayment: raising(RefundChanged("Something has changed."))}
    app = app_with(answers=changed)
    again = post_form(app, REFUND, CONFIRMED)
    assert again.status_code == 409
    assert "has changed since you looked" in again.text
    assert "€65 stay paid" in again.text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "30.001"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"way": "twice"}, "way"),
        ({"reason": "cancelled"}, "reason"),
        ({"reason": "other", "words": ""}, "words"),
        ({"words": "x" * 501}, "words"),
    ],
)
def test_what_does_not_fit_is_named_and_what_was_typed_stays(
    typed: dict[str, str], field: str
) -> None:
    """422 with the field named, on the way to the preview."""
    app = app_with()
    answer = post_form(app, f"{REFUND}/preview", TYPED | typed)
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text
    assert (TYPED | typed)["amount"] in answer.text


def test_too_much_is_said_by_who_knows_how_much_is_left() -> None:
    """Billing's refusal of an amount stands at the amount."""

    def propose(command: ProposeRefund) -> RefundProposal:
        if command.money:
            raise InvalidInput("No.", {"amount": "At most 95 EUR can go back."})
        return proposal(command)

    answer = post_form(app_with(answers={ProposeRefund: propose}), f"{REFUND}/preview", TYPED)
    assert answer.status_code == 422
    assert "At most 95 EUR can go back." in answer.text


def test_a_payment_of_which_nothing_is_left_leads_back_to_it() -> None:
    """Instead of a form that could only be refused."""
    nothing = {ProposeRefund: raising(NothingToRefund("Nothing is left."))}
    answer = fetch(app_with(answers=nothing), REFUND)
    assert answer.headers["location"] == f"{MONEY}/payments/{PAYMENT}"


def test_a_failed_refund_has_its_ways_out() -> None:
    """Why it failed, trying again, and paid back otherwise; one that no longer waits says so."""
    listed = fetch(app_with(), f"{MONEY}/refunds").text
    assert "The card is closed or has expired." in listed
    assert listed.count('/retry"') == listed.count('/elsewhere"') == 1
    failed = refund(RefundState.FAILED)
    gone = {RetryRefund: raising(NotRetryable("No.")), GetRefund: lambda _: failed}
    app = app_with(answers=gone)
    answer = post_form(app, f"{MONEY}/refunds/{failed.id}/retry", {"attempt": "1"})
    assert answer.headers["location"] == f"{MONEY}/refunds"
    told = post_form(app, f"{MONEY}/refunds/{failed.id}/elsewhere", {"attempt": "1", "how": ""})
    assert told.status_code == 422
    assert 'href="#field-how"' in told.text


def test_refunds_as_a_file_hold_no_formula() -> None:
    """Names and words that begin like one are harmless; amounts stay numbers."""
    text = fetch(app_with(), f"{MONEY}/refunds.csv").text
    assert "'=HYPERLINK(1)" in text
    assert ",30.00," in text
    assert fetch(app_with(), f"{MONEY}/disputes.csv").status_code == 200


def test_a_dispute_is_told_with_its_deadline_in_words() -> None:
    """What the client says, and how long there is to answer."""
    listed = fetch(app_with(), f"{MONEY}/disputes").text
    assert "They did not make or allow this payment." in listed
    assert "9 days left" in listed


TERMS = TermsView(
    booking_id=BOOKING,
    starts_at=utc_now() - timedelta(days=3),
    ends_at=utc_now() - timedelta(days=3) + timedelta(minutes=50),
    confirmed_at=utc_now() - timedelta(days=9),
    state=BookingState.ATTENDED,
    policy=PolicyView(
        version=1,
        tiers=[PolicyTier(hours_before=24, refund_percent=100)],
        reschedule_until_hours=24,
    ),
    refund_percent=0,
    time_zone="Europe/Berlin",
)


def test_an_answer_begins_with_facts_and_is_sent_as_it_was_written() -> None:
    """Times, attendance and policy, warned of what does not belong; once, under the form's id."""
    one = dispute()
    told = {GetDispute: lambda _: one, GetTerms: lambda _: TERMS, SubmitEvidence: lambda _: one}
    app = app_with(answers=told)
    page = fetch(app, f"{MONEY}/disputes/{one.id}").text
    assert "An appointment of 50 minutes was booked for" in page
    assert "The client attended the appointment." in page
    assert "no notes, no topics" in page
    typed = {"form_id": FORM_ID, "what_happened": "It took place.", "policy": "Shown before."}
    answer = post_form(app, f"{MONEY}/disputes/{one.id}/evidence", typed)
    assert answer.status_code == 303
    [command] = sent(app, SubmitEvidence)
    assert (command.id, command.what_happened) == (UUID(FORM_ID), "It took place.")
    empty = post_form(app, f"{MONEY}/disputes/{one.id}/evidence", typed | {"what_happened": " "})
    assert empty.status_code == 422
    assert "Shown before." in empty.text
