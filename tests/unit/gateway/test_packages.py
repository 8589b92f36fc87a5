"""Packages at the desk and for clients: forms that keep what was typed, words before deeds."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from uuid_utils.compat import uuid7

from services.common.clock import utc_now
from services.common.errors import InvalidInput
from services.common.money import Money
from services.contracts.billing import PaymentState
from services.contracts.billing.packages import (
    EndLine,
    EndPackage,
    EndProposal,
    GetSale,
    ListPackages,
    ListSales,
    PackageChanged,
    PackageOver,
    PackagesView,
    PackageView,
    ProposeEnd,
    RefundRule,
    SalesPage,
    SalesSum,
    SaleState,
    SaleView,
    SavePackage,
)
from services.contracts.billing.refunds import RefundChanged
from services.contracts.booking.billed import (
    ListPracticeOfferings,
    PracticeOffering,
    PracticeOfferingsView,
)
from services.contracts.profiles.accounts import Role
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import fetch
from tests.unit.gateway.test_money_desk import CLIENT, HERE, NELL, desk

PACKAGES = f"/practices/{HERE}/money/packages"
OFFERING, OTHERS, PACKAGE, SALE = uuid4(), uuid4(), uuid7(), uuid7()
NOW = utc_now()
TYPED = {
    "form_id": str(uuid7()), "package": str(PACKAGE), "after_version": "0", "name": "Five",
    "sessions": "5", "price": "425,50", "valid_months": "12", "refund_rule": "single_price",
    f"offering-{OFFERING}": "yes",
}  # fmt: skip


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def package(**changes: Any) -> PackageView:
    told: dict[str, Any] = {
        "id": PACKAGE, "version_id": uuid7(), "version": 3, "practice_id": HERE,
        "practitioner_id": NELL, "offering_ids": [OFFERING], "name": "Five", "sessions": 5,
        "price": eur(42_550), "singles_from": eur(47_500), "singles_to": eur(60_000),
        "valid_months": 12, "refund_rule": RefundRule.PACKAGE_PRICE, "is_active": True,
    }  # fmt: skip
    return PackageView(**(told | changes))


def sale(**changes: Any) -> SaleView:
    told: dict[str, Any] = {
        "id": SALE, "practice_id": HERE, "practitioner_id": NELL, "client_id": CLIENT,
        "payment_id": uuid4(), "package_id": PACKAGE, "offering_ids": [OFFERING], "name": "=Five",
        "state": SaleState.ACTIVE, "payment_state": PaymentState.SUCCEEDED, "sessions": 5,
        "used": 2, "left": 3, "price": eur(42_500), "refunded": eur(0), "owed": eur(25_500),
        "refund_rule": RefundRule.PACKAGE_PRICE, "created_at": NOW, "bought_at": NOW,
        "expires_at": NOW + timedelta(days=365), "ended_at": None,
    }  # fmt: skip
    return SaleView(**(told | changes))


def proposal(**changes: Any) -> EndProposal:
    def line(**said: Any) -> EndLine:
        known: dict[str, Any] = {
            "booking_id": uuid4(), "used_at": NOW, "starts_at": NOW, "is_kept": False,
            "is_to_come": False, "counts": eur(9_000), "single": eur(9_000),
        }  # fmt: skip
        return EndLine(**(known | said))

    told: dict[str, Any] = {
        "sale_id": SALE, "client_id": CLIENT, "name": "Five", "sessions": 5, "left": 2,
        "rule": RefundRule.SINGLE_PRICE, "price": eur(42_500),
        "lines": [line(), line(is_kept=True), line(is_to_come=True)],
        "counted": eur(27_000), "refund": eur(15_500), "stripe_fee": eur(663),
        "commission_back": eur(775), "is_at_stripe": True, "agreed": "a" * 64,
    }  # fmt: skip
    return EndProposal(**(told | changes))


def at_desk(told: dict[Any, Any] | None = None) -> Any:
    """The desk of a practice with one package of Nell's; some commands answered otherwise."""
    offered = [
        PracticeOffering(id=OFFERING, practitioner_id=NELL, name="Hour", minutes=50),
        PracticeOffering(id=OTHERS, practitioner_id=uuid4(), name="Hour", minutes=50),
    ]
    answers: dict[Any, Any] = {
        ListPackages: lambda _: PackagesView(packages=[package()]),
        ListPracticeOfferings: lambda _: PracticeOfferingsView(offerings=offered),
        SavePackage: lambda _: package(),
        GetSale: lambda _: sale(),
        ListSales: lambda _: SalesPage(
            sales=[sale()], sums=[SalesSum(count=1, sold=eur(42_500), owed=eur(25_500))]
        ),
        ProposeEnd: lambda _: proposal(),
        EndPackage: lambda _: sale(state=SaleState.ENDED),
    }
    return desk(Role.BILLING, told=answers | (told or {}))


def refusing(refusal: Exception) -> Any:
    """An answer that is a refusal."""

    def refuse(_: object) -> None:
        raise refusal

    return refuse


def test_what_is_offered_stands_beside_what_it_costs_singly() -> None:
    """With its offerings by name, and how its rest goes back."""
    page = fetch(at_desk(), PACKAGES).text
    for words in ("€425.50", "€475 to €600 singly", "Hour", "with Nell", "12 months", "On offer"):
        assert words in page


def test_a_package_is_saved_as_it_was_typed() -> None:
    """A decimal comma is one, too; the version that was seen goes along."""
    app = at_desk()
    assert post_form(app, PACKAGES, TYPED | {"after_version": "3"}).status_code == 303
    [command] = [one for one in app.state.backend.asked if isinstance(one, SavePackage)]
    assert (command.price, command.after_version) == (eur(42_550), 3)
    assert (command.practitioner_id, command.offering_ids) == (NELL, [OFFERING])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"price": "425.555"}, "at most 2 digits"),
        ({"price": "0"}, "above zero"),
        ({"price": "much"}, "like 360"),
        ({"sessions": "1"}, "between 2 and 100"),
        ({"valid_months": "61"}, "between 1 and 60"),
        ({"name": ""}, "a name of at most"),
        ({"refund_rule": "none"}, "what a used session counts"),
        ({f"offering-{OTHERS}": "yes"}, "one person"),
    ],
)
def test_what_does_not_fit_is_named_and_the_rest_is_kept(
    changes: dict[str, str], words: str
) -> None:
    """422, at its field."""
    answer = post_form(at_desk(), PACKAGES, TYPED | changes)
    assert answer.status_code == 422
    assert words in answer.text
    if "name" not in changes:
        assert 'value="Five"' in answer.text
    assert TYPED["form_id"] in answer.text


def test_without_an_offering_there_is_no_package() -> None:
    """Said at the list of them."""
    typed = {name: text for name, text in TYPED.items() if not name.startswith("offering-")}
    answer = post_form(at_desk(), PACKAGES, typed)
    assert (answer.status_code, "Choose one offering" in answer.text) == (422, True)


def test_who_comes_second_sees_the_package_as_it_is_by_now() -> None:
    """409, with a fresh id, so that it can be saved again."""
    app = at_desk({SavePackage: refusing(PackageChanged("meanwhile"))})
    answer = post_form(app, PACKAGES, TYPED)
    assert answer.status_code == 409
    assert "Somebody changed this package meanwhile" in answer.text
    assert TYPED["form_id"] not in answer.text


def test_a_refusal_of_billing_is_told_at_its_field() -> None:
    """A price in another currency, for example."""
    refusal = InvalidInput("No.", {"price": "must be in CHF"})
    answer = post_form(at_desk({SavePackage: refusing(refusal)}), PACKAGES, TYPED)
    assert (answer.status_code, "This price must be in CHF." in answer.text) == (422, True)


def test_what_is_sold_is_listed_with_its_sums_and_taken_along_harmlessly() -> None:
    """A name that is a formula is text in the file."""
    page = fetch(at_desk(), f"{PACKAGES}/sales?state=active").text
    for words in ("€255", "2 of 5", "1 package", "In use"):
        assert words in page
    [_, line] = fetch(at_desk(), f"{PACKAGES}/sales.csv").text.splitlines()
    assert "'=Jana" in line
    assert "'=Five" in line
    assert "425" in line


def test_the_rest_is_explained_line_by_line_before_anything_is_done() -> None:
    """What was paid, what each used session counts and why, and what goes back."""
    app = at_desk()
    page = fetch(app, f"{PACKAGES}/sales/{SALE}/end").text
    for words in (
        "Nothing has happened yet",
        "Each used session counts at its single price",
        "Cancelled too late, so it stays used",
        "Is booked and still to come",
        "€425",
        "€270",
        "€155",
        "One of these sessions is still to come",
        "€7.75 of it come back to you",
    ):
        assert words in page
    assert not any(isinstance(one, EndPackage) for one in app.state.backend.asked)


def test_the_end_is_confirmed_as_it_was_shown_and_shown_anew_where_it_changed() -> None:
    """The form carries the word for the figures; other figures are 409, and nothing is done."""
    typed = {"form_id": str(uuid7()), "agreed": "a" * 64}
    app = at_desk()
    assert post_form(app, f"{PACKAGES}/sales/{SALE}/end", typed).status_code == 303
    [command] = [one for one in app.state.backend.asked if isinstance(one, EndPackage)]
    assert (str(command.id), command.agreed) == (typed["form_id"], "a" * 64)
    changed = at_desk({EndPackage: refusing(RefundChanged("other figures"))})
    answer = post_form(changed, f"{PACKAGES}/sales/{SALE}/end", typed)
    assert (answer.status_code, "These are the new figures" in answer.text) == (409, True)
    over = at_desk({ProposeEnd: refusing(PackageOver("It is over."))})
    assert fetch(over, f"{PACKAGES}/sales/{SALE}/end").status_code == 303
