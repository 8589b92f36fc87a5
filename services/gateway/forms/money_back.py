"""What is typed to give money back, and to answer a dispute."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import UUID7, Field, StringConstraints

from services.common.money import Money, exponent
from services.contracts.billing.disputes import LONGEST_TEXT, Text
from services.contracts.billing.refunds import Agreed, RefundReason, RefundWay, Words
from services.gateway.forms.reading import Flawed, Form

AmountText = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^\d{1,9}([.,]\d{1,3})?$")
]
NO_AMOUNT = "Enter an amount like 95 or 95.50."


class RefundForm(Form):
    """How much goes back, and why."""

    words: ClassVar[Mapping[str, str]] = {
        "way": "Choose how much goes back.",
        "amount": NO_AMOUNT,
        "reason": "Choose a reason.",
        "words": "Please shorten this.",
    }

    form_id: UUID7
    way: RefundWay
    amount: AmountText | None = None
    reason: RefundReason
    words_: Words = Field("", alias="words")

    def money(self, currency: str) -> Money | None:
        """The amount of a part; raises Flawed where it is missing or finer than the currency."""
        if self.way is not RefundWay.PART:
            return None
        if self.amount is None:
            raise Flawed({"amount": NO_AMOUNT})
        return Money(_minor_units(self.amount, currency), currency)


class ConfirmForm(RefundForm):
    """The same once more, with the figures that were shown."""

    agreed: Agreed
    refund: Annotated[int, Field(gt=0)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class TryForm(Form):
    """Which failure was seen."""

    attempt: Annotated[int, Field(ge=1)]


class ElsewhereForm(TryForm):
    """How a failed refund was paid back."""

    words: ClassVar[Mapping[str, str]] = {"how": "Say in a few words how it was paid back."}

    how: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]


class EvidenceForm(Form):
    """The practice's side of a dispute."""

    words: ClassVar[Mapping[str, str]] = {
        "service_date": "Say when the appointment was.",
        "what_happened": "Say what took place.",
        "policy": "Please shorten this.",
        "why_not_back": "Please shorten this.",
    }

    form_id: UUID7
    service_date: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""
    what_happened: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT)
    ]
    policy: Text = ""
    why_not_back: Text = ""


class AcceptForm(Form):
    """That the loss is accepted."""

    form_id: UUID7


def _minor_units(text: str, currency: str) -> int:
    """ "95.50" as 9550; raises Flawed for more digits than the currency has."""
    exact = Decimal(text.replace(",", ".")).scaleb(exponent(currency))
    if exact != exact.to_integral_value():
        digits = exponent(currency)
        kept = f"at most {digits} digits" if digits else "no digits"
        raise Flawed({"amount": f"An amount in {currency} has {kept} after the point."})
    return int(exact)
