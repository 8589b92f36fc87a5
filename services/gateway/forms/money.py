"""What the money desk is asked by: filters of its lists, as their addresses have them."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints

from services.common.messages import FIRST_YEAR, LAST_YEAR
from services.common.money import exponent
from services.contracts.billing import PaymentState
from services.contracts.billing.exports import JournalFormat
from services.contracts.billing.practice_payments import ListPracticePayments
from services.contracts.profiles.practices import PracticeView
from services.gateway.forms.reading import Flawed, Form

DAY = timedelta(days=1)
BookDay = Annotated[
    date, Field(ge=date(FIRST_YEAR, 1, 1) + DAY, le=date(LAST_YEAR - 1, 12, 31) - DAY)
]
"""A date whose midnight is within the known years in every zone."""
CROSSED = "The last day lies before the first one."
PLAIN_AMOUNT = StringConstraints(strip_whitespace=True, pattern=r"^\d{1,11}([.,]\d{1,3})?$")
AmountText = Annotated[str, PLAIN_AMOUNT]
STATES: dict[str, list[PaymentState]] = {
    "paid": [PaymentState.SUCCEEDED],
    "partly_refunded": [PaymentState.PARTLY_REFUNDED],
    "refunded": [PaymentState.REFUNDED],
    "waiting": [PaymentState.PREPARED, PaymentState.OPEN],
    "unpaid": [PaymentState.EXPIRED],
}


class PeriodForm(Form):
    """Dates in the practice's zone, both included; either may be missing."""

    words: ClassVar[Mapping[str, str]] = {
        "since": "Enter the first day as a date.",
        "until": "Enter the last day as a date.",
    }

    since: BookDay | None = None
    until: BookDay | None = None

    def bounds(self, zone: ZoneInfo) -> dict[str, datetime | None]:
        """The dates as a half-open span of instants; raises Flawed where they are crossed."""
        if self.since and self.until and self.until < self.since:
            raise Flawed({"until": CROSSED})
        return {
            "from_at": datetime.combine(self.since, time(), zone) if self.since else None,
            "until_at": datetime.combine(self.until + DAY, time(), zone) if self.until else None,
        }


class BalanceForm(Form):
    """The day at whose end balances are wanted; without one, as they stand."""

    words: ClassVar[Mapping[str, str]] = {"on": "Enter the day as a date."}

    on: BookDay | None = None


class JournalForm(Form):
    """The days of a journal, both included, and the form of the file."""

    words: ClassVar[Mapping[str, str]] = {
        "since": "Enter the first day as a date.",
        "until": "Enter the last day as a date.",
        "format": "Choose one of the forms.",
    }

    since: BookDay
    until: BookDay
    format: JournalFormat

    def check(self) -> None:
        """Raises Flawed for crossed days, and for those of two years where a line's date has no
        year."""
        if self.until < self.since:
            raise Flawed({"until": CROSSED})
        if self.format is JournalFormat.DATEV and self.since.year != self.until.year:
            raise Flawed({"until": "A file for DATEV is of one calendar year. Take two files."})


class PaymentsForm(PeriodForm):
    """The filters of the payments; `who` is a part of a client's name, `client` one of them."""

    words: ClassVar[Mapping[str, str]] = {
        **PeriodForm.words,
        "state": "Choose one of the states.",
        "practitioner": "Choose one of the practitioners.",
        "who": "Enter a part of a name.",
        "least": "Enter an amount like 95 or 95.50.",
        "most": "Enter an amount like 95 or 95.50.",
    }

    state: Annotated[str, StringConstraints(pattern=f"^({'|'.join(STATES)})$")] | None = None
    practitioner: UUID | None = None
    client: UUID | None = None
    who: Annotated[str, Field(max_length=200)] | None = None
    least: AmountText | None = None
    most: AmountText | None = None

    def is_narrowing(self) -> bool:
        """Whether any filter is set."""
        return any(value is not None for _, value in self)

    def asked(self, practice: PracticeView, client_ids: list[UUID] | None) -> ListPracticePayments:
        """The question to billing, its dates and amounts as the practice counts them."""
        least, most = (
            _minor_units(name, text, practice.currency)
            for name, text in (("least", self.least), ("most", self.most))
        )
        has_amount = least is not None or most is not None
        return ListPracticePayments(
            **self.bounds(ZoneInfo(practice.time_zone)),
            states=STATES[self.state] if self.state else [],
            practitioner_id=self.practitioner,
            client_ids=client_ids,
            currency=practice.currency if has_amount else None,
            least=least,
            most=most,
            with_sums=self.is_narrowing(),
        )


def _minor_units(name: str, text: str | None, currency: str) -> int | None:
    """ "95.50" as 9550; raises Flawed for more digits than the currency's minor unit has."""
    if text is None:
        return None
    exact = Decimal(text.replace(",", ".")).scaleb(exponent(currency))
    if exact != exact.to_integral_value():
        digits = exponent(currency)
        kept = f"at most {digits} digits" if digits else "no digits"
        raise Flawed({name: f"An amount in {currency} has {kept} after the point."})
    return int(exact)
