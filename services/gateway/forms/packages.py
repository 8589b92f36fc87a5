"""What is typed to offer a package, and to buy one."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import UUID7, Field, StringConstraints

from services.common.money import Money, exponent
from services.contracts.billing.packages import (
    MOST_MONTHS,
    MOST_OFFERINGS,
    MOST_SESSIONS,
    PackageName,
    RefundRule,
)
from services.contracts.billing.refunds import Agreed
from services.gateway.forms.reading import Flawed, Form, parsed

CHOSEN = "offering-"
NO_PRICE = "Enter a price like 360 or 360.50."
NO_OFFERING = "Choose one offering or more."
PriceText = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^\d{1,7}([.,]\d{1,3})?$")
]


class PackageForm(Form):
    """A package; `form_id` becomes the id of its version, `package` names it."""

    words: ClassVar[Mapping[str, str]] = {
        "name": "Enter a name of at most 80 letters.",
        "offerings": NO_OFFERING,
        "sessions": f"Enter a number of sessions between 2 and {MOST_SESSIONS}.",
        "price": NO_PRICE,
        "valid_months": f"Enter a number of months between 1 and {MOST_MONTHS}.",
        "refund_rule": "Choose what a used session counts.",
    }

    form_id: UUID7
    package: UUID
    after_version: Annotated[int, Field(ge=0)] = 0
    name: PackageName
    offerings: Annotated[list[UUID], Field(min_length=1, max_length=MOST_OFFERINGS)]
    sessions: Annotated[int, Field(ge=2, le=MOST_SESSIONS)]
    price: PriceText
    valid_months: Annotated[int, Field(ge=1, le=MOST_MONTHS)]
    refund_rule: RefundRule

    def money(self, currency: str) -> Money:
        """The price; raises Flawed where it is finer than the currency, or nothing."""
        exact = Decimal(self.price.replace(",", ".")).scaleb(exponent(currency))
        if exact != exact.to_integral_value():
            digits = exponent(currency)
            kept = f"at most {digits} digits" if digits else "no digits"
            raise Flawed({"price": f"A price in {currency} has {kept} after the point."})
        if exact <= 0:
            raise Flawed({"price": "Enter a price above zero."})
        return Money(int(exact), currency)


class StateForm(Form):
    """Whether a package is offered."""

    act: Literal["offer", "retire"]


class BuyForm(Form):
    """Which package is bought; `form_id` becomes the sale's id."""

    form_id: UUID7
    version: UUID


class EndForm(Form):
    """That a package is ended as it was shown; `form_id` becomes the refund's id."""

    form_id: UUID7
    agreed: Agreed


class _Ticked(list[str]):
    """A list among the texts of a form: never blank."""

    def strip(self) -> bool:
        return bool(self)


def package_of(sent: Mapping[str, str]) -> PackageForm:
    """The form with the offerings that were ticked; raises Flawed."""
    ticked = [name.removeprefix(CHOSEN) for name in sent if name.startswith(CHOSEN)]
    told: dict[str, Any] = dict(sent)
    told.pop("offerings", None)
    return parsed(PackageForm, told | ({"offerings": _Ticked(ticked)} if ticked else {}))
