"""Which tax a session bears, and how a line is rounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.invoice_words import NOTES, percent_label, tax_note
from services.billing.domain.taxes import STANDARD_RATES, TaxRule, taxed, treatment
from services.common.money import Money
from services.contracts.billing.invoice_settings import Country, ServiceKind

THERAPY, COACHING = ServiceKind.THERAPY, ServiceKind.COACHING


@pytest.mark.parametrize(("country", "rate"), STANDARD_RATES.items())
def test_therapy_is_exempt_and_coaching_is_not(country: Country, rate: int) -> None:
    """The law stands beside what bears no tax, in both languages."""
    therapy = treatment(country, THERAPY, is_small_business=False, took_place=True)
    coaching = treatment(country, COACHING, is_small_business=False, took_place=True)
    assert (therapy.rule, therapy.basis_points) == (TaxRule.THERAPY, 0)
    assert (coaching.rule, coaching.basis_points) == (TaxRule.STANDARD, rate)
    assert tax_note(therapy.rule, country, "de")
    assert tax_note(therapy.rule, country, "en")
    assert tax_note(coaching.rule, country, "en") == ""


@pytest.mark.parametrize(
    ("country", "words"),
    [
        (Country.DE, "§ 4 Nr. 14 UStG"),
        (Country.GB, "VAT Act 1994, Schedule 9, Group 7"),
        (Country.AU, "section 38-10"),
    ],
)
def test_the_law_is_named(country: Country, words: str) -> None:
    """By its paragraph, as tax offices ask."""
    assert all(words in text for text in NOTES[TaxRule.THERAPY, country].values())


def test_a_small_business_charges_no_tax_on_coaching() -> None:
    """Therapy stays therapy."""
    rules = [
        treatment(Country.DE, kind, is_small_business=True, took_place=True).rule
        for kind in (COACHING, THERAPY)
    ]
    assert rules == [TaxRule.SMALL_BUSINESS, TaxRule.THERAPY]


@pytest.mark.parametrize(
    ("country", "rule", "rate"),
    [(Country.DE, TaxRule.DAMAGES, 0), (Country.GB, TaxRule.STANDARD, 2000)],
)
def test_a_fee_for_a_missed_session_is_damages_in_germany(
    country: Country, rule: TaxRule, rate: int
) -> None:
    """Elsewhere it bears what the session would have borne."""
    found = treatment(country, COACHING, is_small_business=False, took_place=False)
    assert (found.rule, found.basis_points) == (rule, rate)


@pytest.mark.parametrize(
    ("amount", "rate", "is_included", "expected"),
    [
        (11900, 1900, True, (10000, 1900, 11900)),
        (10000, 1900, False, (10000, 1900, 11900)),
        (100, 1900, True, (84, 16, 100)),
        (50, 1000, False, (50, 5, 55)),
        (5, 1000, False, (5, 1, 6)),
        (4, 1000, False, (4, 0, 4)),
        (9000, 0, True, (9000, 0, 9000)),
    ],
)
def test_tax_is_rounded_half_up_by_line(
    amount: int, rate: int, is_included: bool, expected: tuple[int, int, int]
) -> None:
    """Half a cent is a cent."""
    found = taxed(Money(amount, "EUR"), rate, is_included=is_included)
    assert (found.net.amount, found.tax.amount, found.gross.amount) == expected


@given(
    amount=st.integers(1, 10_000_000),
    rate=st.sampled_from([0, 1000, 1900, 2000]),
    way=st.booleans(),
)
def test_a_line_adds_up(amount: int, rate: int, way: bool) -> None:
    """Net and tax make gross, the price stays as agreed, and the tax is within half a unit."""
    found = taxed(Money(amount, "EUR"), rate, is_included=way)
    assert found.net + found.tax == found.gross
    assert (found.gross if way else found.net).amount == amount
    assert abs(found.tax.amount * 10_000 - found.net.amount * rate) <= 10_000


def test_percentages_are_short() -> None:
    """Without zeros that say nothing."""
    assert [percent_label(one) for one in (1900, 750, 1025, 0)] == ["19", "7.5", "10.25", "0"]
