"""The catalogue's prose, cut into paragraphs; and what a search must keep to."""

import pytest

from services.contracts.profiles.directory import SearchDirectory
from services.profiles.domain import search
from services.profiles.domain.texts import citation, paragraphs


def test_an_empty_line_parts_paragraphs_and_a_line_break_does_not() -> None:
    """Files are wrapped for reading; pages wrap themselves."""
    assert paragraphs("One\nline.\n\n\n  Another\n one.\n") == ["One line.", "Another one."]


@pytest.mark.parametrize("prose", [None, "", " \n\n "])
def test_no_text_is_no_paragraph(prose: str | None) -> None:
    """A section that is left out stays empty."""
    assert paragraphs(prose) == []


def test_a_source_is_told_in_one_line_with_its_year_if_known() -> None:
    """Title, publisher, year."""
    assert citation("Guideline", "NICE", 2022) == "Guideline. NICE, 2022"
    assert citation("Guideline", "NICE", None) == "Guideline. NICE"


def test_a_price_is_an_amount_with_a_currency_or_nothing() -> None:
    """Half of it names the other half."""
    assert search.flaws(SearchDirectory()) == {}
    assert search.flaws(SearchDirectory(max_price=5, currency="EUR")) == {}
    assert search.flaws(SearchDirectory(max_price=5)) == {"currency": "is missing"}
    assert search.flaws(SearchDirectory(currency="EUR")) == {"max_price": "is missing"}
