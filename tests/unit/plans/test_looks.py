"""Who looked, by visits: what belongs to one, and pages that leave none out."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.plans.domain.looks import APART, Look, Looker, Visit, page_of, visits

BEGAN = datetime(2093, 1, 5, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MARA = Looker("practitioner", UUID(int=1), False, UUID(int=2), None)
SUPERVISOR = Looker("practitioner", UUID(int=1), True, UUID(int=3), None)
CLIENT = Looker("client", None, False, UUID(int=4), None)
PEOPLE = (MARA, SUPERVISOR, CLIENT)


def look(minute: int, who: Looker = MARA, kind: str = "version", *, is_write: bool = False) -> Look:
    return Look(BEGAN + minute * MINUTE, who, is_write, kind)


def latest_first(looks: list[Look]) -> list[Look]:
    return sorted(looks, key=lambda one: (one.at, one.kind, one.looker), reverse=True)


def test_what_was_opened_in_one_visit_is_one_line() -> None:
    """Each kind once, read and written apart; the visit lasts while looks follow one another."""
    found = visits(
        [
            look(25),
            look(12, kind="note", is_write=True),
            look(12, kind="note"),
            look(0, kind="filling"),
            look(0),
        ]
    )
    [visit] = found
    assert (visit.from_at, visit.until_at) == (BEGAN, BEGAN + 25 * MINUTE)
    assert visit.kinds(is_write=False) == ["filling", "note", "version"]
    assert visit.kinds(is_write=True) == ["note"]


@pytest.mark.parametrize(("minutes", "number"), [(15, 1), (16, 2)])
def test_a_visit_ends_where_nothing_follows_for_a_quarter_of_an_hour(
    minutes: int, number: int
) -> None:
    """To the minute."""
    assert len(visits([look(minutes), look(0)])) == number


def test_each_person_has_visits_of_their_own() -> None:
    """Also who is two: a practitioner, and a supervisor of the same practice."""
    found = visits([look(3, SUPERVISOR), look(2), look(1, CLIENT), look(0, SUPERVISOR)])
    assert [one.looker for one in found] == [SUPERVISOR, MARA, CLIENT]


minutes = st.integers(0, 400)
all_looks = st.lists(st.builds(look, minutes, st.sampled_from(PEOPLE)), max_size=60, unique=True)


@given(all_looks, st.integers(1, 5), st.integers(1, 40))
def test_pages_hold_every_visit_once_as_it_was(looks: list[Look], most: int, at_once: int) -> None:
    """However few looks are read at once, and whatever lies where a page ends: as if all were
    told in one."""
    looks = latest_first(looks)
    told: list[Visit] = []
    before: datetime | None = None
    while True:
        known = [one for one in looks if before is None or one.at < before + APART]
        limit, page = at_once, None
        while page is None:
            page = page_of(known[:limit], before, most, is_cut=len(known) > limit)
            limit *= 4
        told += page.visits
        before = page.earlier
        if before is None:
            break
    whole = visits(looks)
    assert [(one.looker, one.looks) for one in told] == [(one.looker, one.looks) for one in whole]
