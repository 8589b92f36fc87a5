"""Slots as text, against one aware datetime per slot."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.rendering import in_utc
from tests.unit.booking.cases import second

instants = st.one_of(
    st.integers(second("2011-12-25 00:00"), second("2012-01-05 00:00")),
    st.integers(second("2026-03-01 00:00"), second("2026-04-10 00:00")),
    st.integers(second("2026-10-01 00:00"), second("2027-12-01 00:00")),
)
ascending = st.one_of(
    st.lists(instants, unique=True, max_size=40).map(sorted),
    instants.map(lambda start: list(range(start // 300 * 300, start + 3 * 86_400, 1_800))),
)


@given(ascending)
def test_texts_are_those_of_aware_datetimes(slots: list[int]) -> None:
    """Integers of a day give what datetime gives, to the second."""
    aware = [datetime.fromtimestamp(slot, UTC) for slot in slots]
    assert in_utc(slots) == [moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in aware]
