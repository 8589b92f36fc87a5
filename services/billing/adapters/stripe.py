"""Stripe: direct charges on the practices' own accounts, through its own library.

What Stripe is told is neutral: "Appointment" and ids, because that somebody books is health data.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import requests
import stripe
from requests.utils import get_environ_proxies

from services.billing.domain.facts import (
    ChargeFacts,
    CheckoutFacts,
    CheckoutOrder,
    RefundFacts,
    RefundOrder,
    SettlementFacts,
)
from services.common import crash_points
from services.common.money import Money

DESCRIPTION = "Appointment"
BALANCE = "payment_intent.latest_charge.balance_transaction"
REFUND_BALANCES = ["balance_transaction", "failure_balance_transaction"]
STRIPE = "https://api.stripe.com"
CLOCK_SKEW = timedelta(minutes=5)
_TRANSIENT = {409, 429}


class StripeUnclear(Exception):
    """Stripe did not answer, or not clearly: the call may have been executed.

    `is_over`: an answer kept under the idempotency key came back, so no call is under way.
    """

    def __init__(self, is_over: bool) -> None:
        super().__init__(is_over)
        self.is_over = is_over


class StripeRefused(Exception):
    """Stripe understood and will not; `code` is Stripe's word for why. Nothing was executed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class StripeKeyTaken(Exception):
    """The idempotency key was used with other parameters: that call is under way, or over."""


class Stripe:
    """Calls with a time limit in seconds each; repeats carry the same idempotency key."""

    def __init__(self, api_key: str, base: str | None, *, seconds: float, retries: int) -> None:
        self._client = stripe.StripeClient(
            api_key,
            base_addresses={"api": base} if base else {},
            # One session for all workers: the library's own is one for each thread, and a
            # worker is a fresh green thread, so that every call would begin a connection.
            http_client=stripe.RequestsClient(timeout=seconds, session=_session(base)),
            max_network_retries=retries,
        )

    @property
    def client(self) -> stripe.StripeClient:
        """Stripe's own library, for what stands in a file of its own."""
        return self._client

    def open_checkout(
        self, account: str, order: CheckoutOrder, email: str | None = None
    ) -> CheckoutFacts:
        """Open a payment page, with the payer's address filled in where it is known.

        Raises StripeUnclear, StripeRefused, and StripeKeyTaken where the order was sent before
        with another address.
        """
        options: Any = {"stripe_account": account, "idempotency_key": order.idempotency_key}
        with clear():
            page = _page(order) | ({"customer_email": email} if email else {})
            # As plain data: a page just opened has no charge, and an object of the library for
            # each of its parts takes as long as the rest of our side.
            made = self._client.raw_request("post", "/v1/checkout/sessions", **page, **options)
            return _opened(made.data)

    def checkout(self, account: str, session_id: str) -> CheckoutFacts:
        """A payment page as it is now, with its charge."""
        with clear():
            return _checkout(
                self._client.v1.checkout.sessions.retrieve(
                    session_id, {"expand": [BALANCE]}, {"stripe_account": account}
                )
            )

    def find_checkout(
        self, account: str, payment_id: UUID, since: datetime
    ) -> CheckoutFacts | None:
        """The page that was opened for a payment after `since`, where no answer told its id."""
        first = int((since - CLOCK_SKEW).timestamp())
        params: Any = {"created": {"gte": first}, "limit": 100}
        with clear():
            pages = self._client.v1.checkout.sessions.list(params, {"stripe_account": account})
            for found in pages.auto_paging_iter():
                if label_of(found, "payment_id") == str(payment_id):
                    return self.checkout(account, found.id)
        return None

    def expire_checkout(self, account: str, session_id: str) -> None:
        """End a page; one that is paid or over is left as it is."""
        with clear():
            try:
                self._client.v1.checkout.sessions.expire(
                    session_id, {}, {"stripe_account": account}
                )
            except stripe.InvalidRequestError as refusal:
                if refusal.http_status != 400:
                    raise

    def refund(self, account: str, order: RefundOrder) -> RefundFacts:
        """Send money back. Raises StripeUnclear, StripeRefused."""
        params: Any = {
            "payment_intent": order.payment_intent_id,
            "amount": order.money.amount,
            "reason": "requested_by_customer",
            "metadata": {
                "refund_id": str(order.refund_id),
                "payment_id": str(order.payment_id),
            },
            "expand": REFUND_BALANCES,
        }
        if order.with_commission:
            params["refund_application_fee"] = True
        options: Any = {"stripe_account": account, "idempotency_key": order.idempotency_key}
        with clear():
            return refund_facts(self._client.v1.refunds.create(params, options))

    def find_refund(
        self, account: str, payment_intent_id: str, refund_id: UUID
    ) -> RefundFacts | None:
        """The refund that was made for ours, where no answer told its id; one that failed is
        none."""
        params: Any = {
            "payment_intent": payment_intent_id,
            "limit": 100,
            "expand": ["data.balance_transaction"],
        }
        with clear():
            made = self._client.v1.refunds.list(params, {"stripe_account": account})
            for found in made.auto_paging_iter():
                if label_of(found, "refund_id") == str(refund_id) and not _is_failed(found):
                    return refund_facts(found)
        return None

    def known_refund(self, account: str, stripe_refund_id: str) -> RefundFacts:
        """A refund as it is now."""
        params: Any = {"expand": REFUND_BALANCES}
        with clear():
            return refund_facts(
                self._client.v1.refunds.retrieve(
                    stripe_refund_id, params, {"stripe_account": account}
                )
            )


def is_signed(payload: str, signature: str, secret: str) -> bool:
    """Whether the header signs exactly this body; its age and shape are judged elsewhere."""
    try:
        stripe.WebhookSignature.verify_header(payload, signature, secret)
    except stripe.SignatureVerificationError:
        return False
    return True


@contextmanager
def clear() -> Iterator[None]:
    """Tell apart what Stripe refused and what nobody knows: raises StripeRefused, StripeUnclear.

    Every call stands in one, which makes it a crash point.
    """
    try:
        with crash_points.around("call"):
            yield
    except stripe.StripeError as error:
        status = error.http_status
        if isinstance(error, stripe.IdempotencyError) and status not in _TRANSIENT:
            raise StripeKeyTaken from error
        headers = {str(key).lower(): value for key, value in (error.headers or {}).items()}
        if status is None or status >= 500 or status in _TRANSIENT:
            raise StripeUnclear(headers.get("idempotent-replayed") == "true") from error
        raise StripeRefused(error.code or type(error).__name__) from error


def label_of(found: Any, key: str) -> str | None:
    """What one of its objects has under a key of our metadata."""
    labels = found.metadata
    return str(labels[key]) if labels and key in labels else None


def _page(order: CheckoutOrder) -> Any:
    ids = {"payment_id": str(order.payment_id), "booking_id": str(order.booking_id)}
    intent: dict[str, Any] = {"description": DESCRIPTION, "metadata": ids}
    if order.commission.amount:
        intent["application_fee_amount"] = order.commission.amount
    item = {
        "quantity": 1,
        "price_data": {
            "currency": order.price.currency.lower(),
            "unit_amount": order.price.amount,
            "product_data": {"name": DESCRIPTION},
        },
    }
    return {
        "mode": "payment",
        "line_items": [item],
        "payment_intent_data": intent,
        "client_reference_id": str(order.booking_id),
        "metadata": ids,
        "success_url": order.success_url,
        "cancel_url": order.cancel_url,
        "expires_at": int(order.expires_at.timestamp()),
    }


def _session(base: str | None) -> requests.Session:
    """A session that has read the environment's proxies once, and not at each call."""
    session = requests.Session()
    session.proxies.update(get_environ_proxies(base or STRIPE))
    session.trust_env = False
    return session


def _opened(session: Mapping[str, Any]) -> CheckoutFacts:
    return CheckoutFacts(
        id=session["id"],
        status=session["status"],
        url=session["url"],
        expires_at=datetime.fromtimestamp(session["expires_at"], UTC),
        charge=None,
    )


def _checkout(session: Any) -> CheckoutFacts:
    charge = None
    if session.payment_status == "paid" and not isinstance(session.payment_intent, str):
        charge = _charge(session.payment_intent)
    return CheckoutFacts(
        id=session.id,
        status=session.status,
        url=session.url,
        expires_at=datetime.fromtimestamp(session.expires_at, UTC),
        charge=charge,
    )


def _charge(intent: Any) -> ChargeFacts | None:
    charge = intent.latest_charge if intent is not None else None
    if charge is None or isinstance(charge, str) or not charge.captured:
        return None
    return ChargeFacts(
        id=charge.id,
        payment_intent_id=intent.id,
        captured=Money(charge.amount_captured, charge.currency.upper()),
        is_disputed=bool(charge.disputed),
        is_refunded=charge.amount_refunded > 0,
        settlement=settlement(charge.balance_transaction),
    )


def settlement(balance: Any) -> SettlementFacts | None:
    """What a balance transaction moved; None where it is not told."""
    if balance is None or isinstance(balance, str):
        return None
    commission = sum(fee.amount for fee in balance.fee_details if fee.type == "application_fee")
    return SettlementFacts(
        money=Money(balance.amount, balance.currency.upper()),
        stripe_fee=balance.fee - commission,
        commission=commission,
    )


def refund_facts(refund: Any) -> RefundFacts:
    """A refund of Stripe's in our words."""
    return RefundFacts(
        id=refund.id,
        is_failed=_is_failed(refund),
        settlement=settlement(refund.balance_transaction),
        failure=str(getattr(refund, "failure_reason", None) or "unknown"),
        returned=settlement(getattr(refund, "failure_balance_transaction", None)),
    )


def _is_failed(refund: Any) -> bool:
    return refund.status in ("failed", "canceled")
