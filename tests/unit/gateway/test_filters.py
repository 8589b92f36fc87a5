"""The directory's filters in its address."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.base import Format, PartOfDay
from services.contracts.profiles.directory import Profession
from services.gateway.web.filters import (
    LANGUAGES,
    NARROWING,
    PRICES,
    Filters,
    end_of_week,
    options,
    parse,
    search_of,
)
from services.gateway.web.paging import LONGEST, Trail

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
KNOWN = ({"sleep"}, {"emdr"})
FULL = Filters(
    topic="sleep",
    approach="emdr",
    kind="coach",
    format="online",
    language="de",
    price="GBP-8000",
    part="evening",
    week="this",
)


def test_what_the_address_says_becomes_the_search() -> None:
    """Every filter has its place in the command."""
    search = search_of(FULL, BERLIN, NOW, "cursor")
    assert (search.topic, search.approach, search.language) == ("sleep", "emdr", "de")
    assert (search.profession, search.format) == (Profession.COACH, Format.ONLINE)
    assert (search.currency, search.max_price) == ("GBP", 8000)
    assert (search.part_of_day, search.cursor) == (PartOfDay.EVENING, "cursor")
    assert search.before == datetime(2026, 11, 29, 23, tzinfo=UTC)


def test_an_address_is_read_as_it_was_written() -> None:
    """Back, reload and a shared link show the same list."""
    assert parse(FULL.query(), *KNOWN) == (FULL, [])
    assert parse({}, *KNOWN) == (Filters(), [])


#: Words that filters know, and short ones of letters that addresses and parsers treat apart. No
#: name is drawn twice and no letter from all of Unicode: both cost more than what is tested.
ODD = st.text("aZ0-_ .:%&=+/\t\0\u00e9\u0661\u202e\U0001f642", max_size=12)
WORDS = st.sampled_from(["sleep", "evening", "EUR-6000", "de", "this"]) | ODD
NAMES = [*NARROWING, "topic", "approach", "page", "x"]


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, WORDS)))
def test_any_address_gives_a_search_that_is_allowed(query: dict[str, str]) -> None:
    """What nobody knows is named and passed over, and never reaches a service."""
    filters, unknown = parse(query, *KNOWN)
    search_of(filters, BERLIN, NOW)
    for name in unknown:
        assert query[name].strip()
        assert getattr(filters, name) == ""


@pytest.mark.parametrize("price", list(PRICES))
def test_every_price_on_offer_can_be_searched(price: str) -> None:
    """A currency and an amount in its minor units."""
    search = search_of(Filters(price=price), BERLIN, NOW)
    assert search.currency in ("EUR", "GBP", "AUD")
    assert search.max_price in range(6000, 30000, 100)


def test_prices_name_their_currency() -> None:
    """80 what? The option says it, because the list holds three currencies."""
    labels = {one["label"] for one in options()["prices"]}
    assert {"Any price", "€80", "£80", "A$160"} <= labels


def test_languages_stand_in_the_order_of_their_names() -> None:
    """As people look for them, each one once."""
    names = [one["label"] for one in options()["languages"]][1:]
    assert names == sorted(names)
    assert len(names) == len(set(LANGUAGES))


@pytest.mark.parametrize(
    ("now", "zone", "end"),
    [
        ("2026-11-24T09:00+00:00", "Europe/Berlin", "2026-11-29T23:00+00:00"),
        ("2026-11-29T22:59+00:00", "Europe/Berlin", "2026-11-29T23:00+00:00"),
        ("2026-11-29T23:00+00:00", "Europe/Berlin", "2026-12-06T23:00+00:00"),
        ("2026-11-29T14:00+00:00", "Australia/Sydney", "2026-12-06T13:00+00:00"),
        ("2026-10-21T09:00+00:00", "Europe/Berlin", "2026-10-25T23:00+00:00"),
    ],
)
def test_this_week_ends_with_sunday_of_the_zone(now: str, zone: str, end: str) -> None:
    """Monday is the next week already; the week the clocks change has an hour more."""
    found = end_of_week(ZoneInfo(zone), datetime.fromisoformat(now))
    assert found == datetime.fromisoformat(end)


def test_a_trail_leads_on_and_back() -> None:
    """Each page knows the one before."""
    second = Trail.parse(Trail().onward("a"))
    third = Trail.parse(second.onward("b"))
    assert (third.here, third.label, third.back) == ("b", "Page 3", "a")
    assert (second.back, Trail().label) == ("", "Page 1")


def test_a_trail_does_not_grow_without_end() -> None:
    """Addresses stay short; a page too far to count is not counted wrongly."""
    trail = Trail()
    for number in range(50):
        trail = Trail.parse(trail.onward(f"c{number}"))
    assert (len(trail.cursors), trail.here, trail.label) == (LONGEST, "c49", "")
    assert max(len(cursor) for cursor in Trail.parse("x" * 5000).cursors) == 200
