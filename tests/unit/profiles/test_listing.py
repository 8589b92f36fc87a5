"""From openings to rows of the directory."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.base import Format, PartOfDay
from services.contracts.booking.events import Opening
from services.profiles.domain.listing import ANY, Listed, format_bits, rows, starts

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
ONLINE, IN_PERSON = Format.ONLINE, Format.IN_PERSON
OPENINGS = st.lists(
    st.builds(
        Opening,
        part_of_day=st.sampled_from(PartOfDay),
        next_free_at=st.integers(0, 20).map(lambda hours: NINE + timedelta(hours=hours)),
        formats=st.lists(st.sampled_from(Format), min_size=1, max_size=2, unique=True),
    ),
    max_size=8,
)


def opening(part: PartOfDay, hours: int, *formats: Format) -> Opening:
    return Opening(
        part_of_day=part, next_free_at=NINE + timedelta(hours=hours), formats=list(formats)
    )


def test_formats_that_share_their_soonest_start_share_a_row() -> None:
    """The usual case: one row for each part of day, one for any."""
    told = starts([opening(PartOfDay.MORNING, 1, ONLINE, IN_PERSON)])
    assert [(start.part_of_day, start.formats, start.is_soonest) for start in told] == [
        (ANY, 3, True),
        (PartOfDay.MORNING, 3, True),
    ]


def test_a_format_that_is_free_later_has_a_row_of_its_own() -> None:
    """Who asks for that format sees its own time; who does not sees one card."""
    told = starts(
        [opening(PartOfDay.MORNING, 1, ONLINE), opening(PartOfDay.EVENING, 9, ONLINE, IN_PERSON)]
    )
    assert [
        (start.next_free_at.hour, start.formats, start.is_soonest)
        for start in told
        if start.part_of_day == ANY
    ] == [(10, format_bits([ONLINE]), True), (18, format_bits([IN_PERSON]), False)]


@given(OPENINGS)
def test_every_search_finds_a_practitioner_once_at_the_soonest_time(
    openings: list[Opening],
) -> None:
    """For each part of day and format, any included: what a search of all openings would say."""
    told = starts(openings)
    for part in (ANY, *PartOfDay):
        within = [one for one in openings if part in (ANY, one.part_of_day)]
        for format_ in (None, *Format):
            fitting = [one.next_free_at for one in within if format_ in (None, *one.formats)]
            found = [
                start.next_free_at
                for start in told
                if start.part_of_day == part
                and (
                    start.is_soonest if format_ is None else start.formats & format_bits([format_])
                )
            ]
            assert found == ([min(fitting)] if fitting else [])


def test_each_subject_has_each_start() -> None:
    """Two subjects and two starts (any, morning) are four rows that carry what is filtered by."""
    listed = Listed(
        practitioner_id=UUID(int=1),
        subjects=frozenset({ANY, "topic:sleep"}),
        languages=("de",),
        approach_marks=0,
        profession="coach",
        price_amount=8_000,
        price_currency="EUR",
    )
    made = rows(listed, [opening(PartOfDay.MORNING, 1, ONLINE)])
    assert {(row.subject, row.part_of_day) for row in made} == {
        (subject, part) for subject in (ANY, "topic:sleep") for part in (ANY, "morning")
    }
    assert {(row.price_amount, row.languages, row.profession) for row in made} == {
        (8_000, ("de",), "coach")
    }


def test_no_openings_make_no_rows() -> None:
    """Whoever has no time is nowhere in the directory."""
    assert starts([]) == []
