"""Tax ids are checked by form and check digit, offline."""

import pytest

from services.billing.domain.tax_ids import is_abn, is_vat_id, tax_id_of
from services.contracts.billing.invoice_settings import Country

VALID = (
    "ATU13585627",
    "BE0428759497",
    "DE136695976",
    "DK13585628",
    "EE100931558",
    "FI20774740",
    "FR40303265045",
    "FRK7399859412",
    "GB980780684",
    "GBGD001",
    "HR33392005961",
    "HU12892312",
    "IT00743110157",
    "LU15027442",
    "PL8567346215",
    "PT501964843",
    "SE123456789701",
)
UNCHECKED = {"FRK7399859412", "GBGD001"}
"""Of kinds that no check digit is published for."""
CHECKED = [one for one in VALID if one not in UNCHECKED]


@pytest.mark.parametrize("text", VALID)
def test_published_examples_pass(text: str) -> None:
    """One of each country whose check is known here."""
    assert is_vat_id(text)


@pytest.mark.parametrize("text", CHECKED)
def test_another_last_digit_does_not_pass(text: str) -> None:
    """Every single other one: that is what a check digit is for."""
    at = 9 if text.startswith("SE") else len(text) - 1
    others = [f"{text[:at]}{digit}{text[at + 1 :]}" for digit in "0123456789" if digit != text[at]]
    assert [one for one in others if is_vat_id(one)] == []


@pytest.mark.parametrize("text", ["", "DE", "DE12", "XX123456789", "DE13669597X", "IE", "GB12"])
def test_what_has_no_form_does_not_pass(text: str) -> None:
    """Unknown countries, letters, too few digits."""
    assert not is_vat_id(text)


def test_an_abn_passes_by_its_modulus() -> None:
    """The Australian Business Register's own example, and every other last digit."""
    assert is_abn("51824753556")
    assert not any(is_abn(f"5182475355{digit}") for digit in "012345789")
    assert not is_abn("01824753556")


@pytest.mark.parametrize(
    ("text", "country", "kept"),
    [
        ("de 136 695 976", Country.DE, "DE136695976"),
        ("12/345/67890", Country.DE, "12/345/67890"),
        ("980 7806 84", Country.GB, "GB980780684"),
        ("51 824 753 556", Country.AU, "51824753556"),
        ("DE136695977", Country.DE, None),
        ("980 7806 85", Country.GB, None),
        ("51 824 753 557", Country.AU, None),
        ("GB980780684", Country.AU, None),
    ],
)
def test_an_id_is_kept_in_one_form(text: str, country: Country, kept: str | None) -> None:
    """As people type it; None for what cannot be one."""
    assert tax_id_of(text, country) == kept
