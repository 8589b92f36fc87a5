"""Samples of refunds by the practice's will, of disputes, and of a booking's terms."""

from pydantic import BaseModel

from services.common.money import Money
from services.contracts.billing.disputes import (
    AcceptLoss,
    AnswerKind,
    AnswerView,
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
    NotePaidElsewhere,
    PracticeRefund,
    ProposeRefund,
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
from tests.contracts.samples.values import BOOKING, CLIENT, DEADLINE, OCCURRED, PAYMENT, REFUND

EUR = "EUR"
AGREED = "0123456789abcdef" * 4
THIRD = Money(3000, EUR)
SENT_BACK = PracticeRefund(
    id=REFUND,
    payment_id=PAYMENT,
    booking_id=BOOKING,
    client_id=CLIENT,
    money=THIRD,
    percent=50,
    reason=RefundReason.GOODWILL,
    words="The heating was out.",
    state=RefundState.FAILED,
    attempt=1,
    created_at=OCCURRED,
    made_at=DEADLINE,
    failed_at=DEADLINE,
    failure="expired_or_canceled_card",
    elsewhere_words="Bank transfer.",
    can_retry=True,
)
ANSWER = AnswerView(
    kind=AnswerKind.EVIDENCE,
    service_date="24 November 2026",
    what_happened="The client attended the appointment.",
    policy="Shown before paying.",
    why_not_back="Nothing is due.",
    asked_at=OCCURRED,
    sent_at=DEADLINE,
)
DISPUTE = DisputeView(
    id=REFUND,
    payment_id=PAYMENT,
    booking_id=BOOKING,
    client_id=CLIENT,
    money=Money(9500, EUR),
    reason="fraudulent",
    state=DisputeState.UNDER_REVIEW,
    is_inquiry=False,
    has_money=True,
    due_at=DEADLINE,
    opened_at=OCCURRED,
    closed_at=DEADLINE,
    paid_at=OCCURRED,
    answer=ANSWER,
    can_answer=False,
)
COMMANDS: list[BaseModel] = [
    ProposeRefund(payment_id=PAYMENT, way=RefundWay.PART, money=THIRD),
    RefundPayment(
        id=REFUND,
        payment_id=PAYMENT,
        way=RefundWay.PART,
        money=THIRD,
        reason=RefundReason.GOODWILL,
        words="The heating was out.",
        agreed=AGREED,
    ),
    ListRefunds(state=RefundState.FAILED, payment_id=PAYMENT, cursor="b24", limit=10),
    GetRefund(refund_id=REFUND),
    RetryRefund(refund_id=REFUND, attempt=1),
    NotePaidElsewhere(refund_id=REFUND, attempt=1, words="Bank transfer."),
    ListDisputes(is_open=True, payment_id=PAYMENT, cursor="b24", limit=10),
    GetDispute(dispute_id=REFUND),
    SubmitEvidence(
        id=BOOKING,
        dispute_id=REFUND,
        service_date=ANSWER.service_date,
        what_happened=ANSWER.what_happened,
        policy=ANSWER.policy,
        why_not_back=ANSWER.why_not_back,
    ),
    AcceptLoss(id=BOOKING, dispute_id=REFUND),
]
VIEWS: list[BaseModel] = [
    RefundProposal(
        payment_id=PAYMENT,
        booking_id=BOOKING,
        client_id=CLIENT,
        way=RefundWay.POLICY,
        refund=THIRD,
        percent=50,
        captured=Money(9500, EUR),
        back_before=Money(500, EUR),
        left_after=Money(6000, EUR),
        from_booking=THIRD,
        booking_after=Money(6000, EUR),
        from_retained=Money(0, EUR),
        booking_stands=True,
        stripe_fee=Money(168, EUR),
        commission_back=Money(150, EUR),
        balance=Money(-2850, EUR),
        is_at_stripe=True,
        agreed=AGREED,
    ),
    SENT_BACK,
    RefundsPage(refunds=[SENT_BACK], next_cursor="b24"),
    ANSWER,
    DISPUTE,
    DisputesPage(disputes=[DISPUTE], next_cursor="b24"),
]
BOOKING_TERMS: list[BaseModel] = [
    GetTerms(booking_id=BOOKING),
    TermsView(
        booking_id=BOOKING,
        starts_at=OCCURRED,
        ends_at=DEADLINE,
        confirmed_at=OCCURRED,
        state=BookingState.ATTENDED,
        policy=PolicyView(
            version=1,
            tiers=[PolicyTier(hours_before=24, refund_percent=100)],
            reschedule_until_hours=24,
            no_show_percent=0,
        ),
        refund_percent=0,
        time_zone="Europe/Berlin",
    ),
]
