"""The test cards and what each of them does (https://docs.stripe.com/testing)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from deploy.local.stripe_twin.errors import Object, StripeError

Outcome = Literal["succeeds", "authenticates", "declines"]


@dataclass(frozen=True)
class Decline:
    """Why a card says no, in Stripe's codes and words."""

    code: str
    message: str
    decline_code: str | None = None


@dataclass(frozen=True)
class Card:
    """A card as typed; `outcome` is what paying with it does."""

    number: str
    brand: str
    outcome: Outcome
    label: str
    decline: Decline | None = None
    exp_month: int = 12
    exp_year: int = 2034
    dispute: str | None = None
    """Why the client disputes the charge as soon as it is made."""

    @property
    def last4(self) -> str:
        """The four digits that may be shown."""
        return self.number[-4:]

    @property
    def spaced(self) -> str:
        """The number in groups of four."""
        return " ".join(self.number[i : i + 4] for i in range(0, len(self.number), 4))


_DECLINED = Decline("card_declined", "Your card was declined.", "generic_decline")
_POOR = Decline("card_declined", "Your card has insufficient funds.", "insufficient_funds")
_EXPIRED = Decline("expired_card", "Your card has expired.")
_CVC = Decline("incorrect_cvc", "Your card's security code is incorrect.")
_NOT_A_TEST_CARD = Decline(
    "card_declined",
    "Your card was declined. Your request was in test mode, but used a non test card.",
    "test_mode_live_card",
)
AUTHENTICATION_FAILED = Decline(
    "payment_intent_authentication_failure",
    "We are unable to authenticate your payment method. Please choose a different payment method"
    " and try again.",
)

REFUND_FAILS = "5126"
"""The last digits of the card whose refunds the bank sends back."""

TEST_CARDS = (
    Card("4242424242424242", "visa", "succeeds", "Payment succeeds"),
    Card("5555555555554444", "mastercard", "succeeds", "Payment succeeds (Mastercard)"),
    Card("4000002500003155", "visa", "authenticates", "Asks for 3-D Secure"),
    Card("4000000000000002", "visa", "declines", "Card is declined", _DECLINED),
    Card("4000000000009995", "visa", "declines", "Insufficient funds", _POOR),
    Card("4000000000000069", "visa", "declines", "Card has expired", _EXPIRED),
    Card("4000000000000127", "visa", "declines", "Wrong security code", _CVC),
    Card("4000000000000259", "visa", "succeeds", "Disputed as fraudulent", dispute="fraudulent"),
    Card(
        "4000000000002685",
        "visa",
        "succeeds",
        "Disputed as not received",
        dispute="product_not_received",
    ),
    Card("4000000000001976", "visa", "succeeds", "The bank inquires", dispute="inquiry"),
    Card("400000000000" + REFUND_FAILS, "visa", "succeeds", "Its refunds fail later"),
)
_BY_NUMBER = {card.number: card for card in TEST_CARDS}


def card_of(text: str) -> Card:
    """The card of a typed number. Raises StripeError (402) when it cannot be a card number."""
    number = "".join(text.split()).replace("-", "")
    if not number.isascii() or not number.isdigit() or not _is_luhn(number):
        raise StripeError(
            402,
            "Your card number is invalid.",
            kind="card_error",
            code="incorrect_number",
            param="number",
        )
    unknown = Card(number, "visa", "declines", "No test card", _NOT_A_TEST_CARD)
    return _BY_NUMBER.get(number, unknown)


def _is_luhn(number: str) -> bool:
    """ISO/IEC 7812-1 annex B."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return 12 <= len(digits) <= 19 and (sum(digits[0::2]) + doubled) % 10 == 0


def payment_error(decline: Decline, *, charge: str | None, method: Object | None) -> Object:
    """`last_payment_error` of a PaymentIntent."""
    error: Object = {
        "type": "card_error" if decline is not AUTHENTICATION_FAILED else "invalid_request_error",
        "code": decline.code,
        "message": decline.message,
    }
    if decline.decline_code:
        error["decline_code"] = decline.decline_code
    if charge:
        error["charge"] = charge
    if method:
        error["payment_method"] = method
    return error
