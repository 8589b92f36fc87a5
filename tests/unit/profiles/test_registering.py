"""How long a registration waits, and whom a guest's record is of."""

from datetime import UTC, datetime, timedelta

import pytest

from services.profiles.domain.registering import alive_since, is_same_address, is_same_name

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_a_registration_waits_for_three_days() -> None:
    """What was written down three days ago or before is over."""
    assert alive_since(NOW) == NOW - timedelta(days=3)


@pytest.mark.parametrize("typed", ["ada@people.example", " Ada@PEOPLE.example "])
def test_an_address_is_the_same_in_any_case(typed: str) -> None:
    """As accounts are found."""
    assert is_same_address(typed, "ada@people.example")
    assert not is_same_address(typed, "ada@other.example")


@pytest.mark.parametrize(
    ("typed", "is_same"),
    [("ada  person", True), (" ADA Person", True), ("Carl Person", False), ("Ada", False)],
)
def test_a_name_is_the_same_however_it_is_spaced_and_cased(typed: str, is_same: bool) -> None:
    """Any other is of somebody for whom they booked: no record changes hands by a likeness."""
    assert is_same_name(typed, "Ada Person") is is_same
