"""Slots as text, against one aware datetime per slot."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.rendering import SlotDay, by_local_date, in_utc, in_zone
from tests.unit.booking.cases import second
from tests.unit.booking.strategies import NIGHTS

zones = st.sampled_from([*sorted(NIGHTS), "America/Los_Angeles", "Asia/Kolkata", "Asia/Tokyo"])
instants = st.one_of(
    st.integers(second("2011-12-25 00:00"), second("2012-01-05 00:00")),
    st.integers(second("2026-03-01 00:00"), second("2026-04-10 00:00")),
    st.integers(second("2026-10-01 00:00"), second("2027-12-01 00:00")),
)
ascending = st.one_of(
    st.lists(instants, unique=True, max_size=40).map(sorted),
    instants.map(lambda start: list(range(start // 300 * 300, start + 3 * 86_400, 1_800))),
)


@given(ascending, zones)
def test_texts_are_those_of_aware_datetimes(slots: list[int], zone: str) -> None:
    """Integer offsets per segment give what zoneinfo gives, to the second."""
    aware = [datetime.fromtimestamp(slot, UTC) for slot in slots]
    assert in_utc(slots) == [moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in aware]
    local = [moment.astimezone(ZoneInfo(zone)) for moment in aware]
    assert in_zone(slots, zone) == [moment.isoformat() for moment in local]


@given(ascending, zones)
def test_days_are_those_that_the_viewer_sees(slots: list[int], zone: str) -> None:
    """Grouped by the viewer's date in order of time; nothing is lost, no day is empty."""
    days: dict[str, SlotDay] = {}
    for slot in slots:
        moment = datetime.fromtimestamp(slot, UTC)
        local = moment.astimezone(ZoneInfo(zone))
        on = local.date().isoformat()
        day = days.setdefault(on, SlotDay(on, [], []))
        day.starts_at.append(moment.strftime("%Y-%m-%dT%H:%M:%SZ"))
        day.shown.append(local.isoformat())
    assert by_local_date(slots, zone) == list(days.values())


def test_the_repeated_hour_tells_its_passes_apart() -> None:
    """The same reading twice, with another offset; one date."""
    first = second("2026-10-25 00:30")
    (day,) = by_local_date([first, first + 3_600], "Europe/Berlin")
    assert day.on == "2026-10-25"
    assert day.starts_at == ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]
    assert day.shown == ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]


def test_a_viewer_far_away_sees_other_dates() -> None:
    """An evening in Berlin is the next morning in Sydney."""
    slot = second("2026-06-10 18:00", "Europe/Berlin")
    assert [day.on for day in by_local_date([slot], "Australia/Sydney")] == ["2026-06-11"]


def test_an_unknown_zone_is_refused_by_name_even_without_slots() -> None:
    """A zone comes from a browser and is checked before it is used."""
    with pytest.raises(ValueError, match=r"^zone:"):
        by_local_date([], "Mars/Olympus")
    with pytest.raises(ValueError, match=r"^zone:"):
        in_zone([0], "../../etc/localtime")
