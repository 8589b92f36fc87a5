"""Which zone a page shows, and the chooser."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from services.gateway.web.zones import (
    OFTEN_CHOSEN,
    ShownZone,
    choices,
    first_known,
    is_known,
    zone_context,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def shown(chosen: str = "", cookie: str = "", account: str = "") -> ShownZone:
    """The zone of a page of a practitioner in Berlin."""
    return first_known(chosen=chosen, cookie=cookie, account=account, practitioner="Europe/Berlin")


@pytest.mark.parametrize(
    ("told", "zone", "source"),
    [
        ({"chosen": "Asia/Tokyo", "cookie": "Europe/Rome"}, "Asia/Tokyo", "chosen"),
        ({"cookie": "Europe/Rome", "account": "Asia/Tokyo"}, "Europe/Rome", "cookie"),
        ({"account": "Asia/Tokyo"}, "Asia/Tokyo", "account"),
        ({}, "Europe/Berlin", "practitioner"),
    ],
)
def test_the_first_who_says_something_decides(told: dict[str, str], zone: str, source: str) -> None:
    """Address before cookie before account before practitioner."""
    found = shown(**told)
    assert (found.id, found.source) == (zone, source)


@pytest.mark.parametrize(
    "name", ["Mars/Base", "../../etc/passwd", "europe/berlin", "\0", "localtime", "Europe/Berlin "]
)
def test_a_name_that_is_no_zone_is_passed_over(name: str) -> None:
    """It comes from outside, and must neither fail the page nor reach the file system."""
    assert not is_known(name)
    assert shown(chosen=name, cookie=name).source == "practitioner"


def test_only_a_chosen_zone_travels_in_links() -> None:
    """What the browser or the account says anyway need not stand in every address."""
    assert shown(chosen="Asia/Tokyo").in_links == "Asia/Tokyo"
    assert shown(cookie="Asia/Tokyo").in_links == ""


def test_the_chooser_goes_from_west_to_east_with_the_present_time() -> None:
    """So that people find themselves by their clock; the shown zone is always among them."""
    listed = choices(NOW, "Asia/Kathmandu")
    clocks = [NOW.astimezone(ZoneInfo(one["value"])).replace(tzinfo=None) for one in listed]
    assert clocks == sorted(clocks)
    labels = {one["value"]: one["label"] for one in listed}
    assert labels["Europe/Berlin"] == "Berlin (10:00)"
    assert labels["Asia/Kathmandu"] == "Kathmandu (14:45)"
    assert len(listed) == len(OFTEN_CHOSEN) + 1


def test_every_zone_on_offer_exists() -> None:
    """A typing error in the list would break each page that shows times."""
    assert [name for name in OFTEN_CHOSEN if not is_known(name)] == []


def test_the_chooser_keeps_what_the_address_says() -> None:
    """Empty values are left out of the form."""
    told = zone_context(shown(), "/directory", {"topic": "sleep", "part": ""}, NOW)
    assert (told["action"], told["keep"]) == ("/directory", {"topic": "sleep"})
    assert (told["name"], told["source"]) == ("Berlin time", "practitioner")
