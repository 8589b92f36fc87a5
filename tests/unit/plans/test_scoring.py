"""Scores and bands against the published tables, written out here a second time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.plans.measures import Band
from services.plans.catalogue.instruments import Instrument, load_instruments
from services.plans.domain.scoring import Misfit, Scale, asks_for_help, band_of, ends_meet, score

#: Kroenke, Spitzer, Williams 2001, table 4; Spitzer, Kroenke, Williams, Löwe 2006.
PUBLISHED = {
    "phq-9": {
        "minimal": range(5),
        "mild": range(5, 10),
        "moderate": range(10, 15),
        "moderately severe": range(15, 20),
        "severe": range(20, 28),
    },
    "gad-7": {
        "minimal": range(5),
        "mild": range(5, 10),
        "moderate": range(10, 15),
        "severe": range(15, 22),
    },
}
ITEMS = {"phq-9": 9, "gad-7": 7, "session-rating": 4}
FREQUENCIES = ["Not at all", "Several days", "More than half the days", "Nearly every day"]
INSTRUMENTS = list(load_instruments().values())
EVERY_SCORE = [
    (slug, total, name)
    for slug, bands in PUBLISHED.items()
    for name, totals in bands.items()
    for total in totals
]


def scale_of(slug: str) -> Scale:
    return load_instruments()[slug].scale


def answers_to(scale: Scale, total: int) -> list[int]:
    """Some answers that sum up to it."""
    whole, rest = divmod(total, scale.most_each)
    told = [scale.most_each] * whole + ([rest] if rest else [])
    return told + [0] * (scale.items - len(told))


@pytest.mark.parametrize(("slug", "total", "name"), EVERY_SCORE)
def test_every_score_has_its_published_band(slug: str, total: int, name: str) -> None:
    """All of them, and so each edge of each band from both sides."""
    scale = scale_of(slug)
    assert score(scale, answers_to(scale, total)) == total
    assert band_of(scale, total) == name


@pytest.mark.parametrize("slug", PUBLISHED)
def test_the_published_instruments_have_their_items_and_answers(slug: str) -> None:
    """As many, in the four published frequencies from 0 to 3."""
    instrument = load_instruments()[slug]
    assert (len(instrument.items), instrument.answers) == (ITEMS[slug], FREQUENCIES)
    assert scale_of(slug).most == 3 * ITEMS[slug] == PUBLISHED[slug]["severe"][-1]


def test_the_question_beside_phq_9_is_not_scored() -> None:
    """It has answers of its own; the score is that of nine items alone."""
    instrument = load_instruments()["phq-9"]
    assert instrument.beside is not None
    assert instrument.beside.answers[0] == "Not difficult at all"
    assert instrument.scale.items == 9


def test_our_own_session_rating_has_no_bands_and_says_that_it_is_ours() -> None:
    """Four questions from 0 to 10; nobody published what its scores mean."""
    instrument = load_instruments()["session-rating"]
    assert (len(instrument.items), instrument.scale.most, instrument.bands) == (4, 40, [])
    assert "our own wording" in instrument.source
    assert band_of(instrument.scale, 40) == ""


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda one: one.slug)
def test_every_instrument_names_its_source_and_who_may_use_it(instrument: Instrument) -> None:
    """What is not free to use is not in the catalogue."""
    assert instrument.source
    assert "No permission required" in instrument.permission or "Attune" in instrument.permission


@pytest.mark.parametrize("ninth", range(4))
def test_any_answer_to_item_nine_but_not_at_all_asks_for_help(ninth: int) -> None:
    """Whatever the score is; no other item does, and no other instrument."""
    scale = scale_of("phq-9")
    assert asks_for_help(scale, [0] * 8 + [ninth]) == (ninth > 0)
    assert not asks_for_help(scale, [3] * 8 + [0])
    assert not asks_for_help(scale_of("gad-7"), [3] * 7)


@given(st.sampled_from(INSTRUMENTS), st.data())
def test_a_score_is_the_sum_in_any_order_and_within_its_range(
    instrument: Instrument, data: st.DataObject
) -> None:
    """Which item got which answer does not matter to it; one answer more is one point more."""
    scale = instrument.scale
    one = st.integers(0, scale.most_each)
    answers = data.draw(st.lists(one, min_size=scale.items, max_size=scale.items))
    total = score(scale, answers)
    assert total == sum(answers)
    assert 0 <= total <= scale.most
    assert score(scale, data.draw(st.permutations(answers))) == total
    at = data.draw(st.integers(0, scale.items - 1))
    if answers[at] < scale.most_each:
        assert score(scale, [a + (i == at) for i, a in enumerate(answers)]) == total + 1


@given(st.sampled_from([one for one in INSTRUMENTS if one.bands]), st.data())
def test_a_higher_score_is_never_in_a_lower_band(
    instrument: Instrument, data: st.DataObject
) -> None:
    """Bands go up with the score."""
    names = [band.name for band in instrument.bands]
    low, high = sorted(data.draw(st.tuples(*[st.integers(0, instrument.scale.most)] * 2)))
    assert names.index(band_of(instrument.scale, low)) <= names.index(
        band_of(instrument.scale, high)
    )


@pytest.mark.parametrize("answers", [[0] * 8, [0] * 10, [0] * 8 + [4], [-1] + [0] * 8])
def test_answers_that_do_not_fit_have_no_score(answers: list[int]) -> None:
    """One missing, one too many, one that is none of the four."""
    with pytest.raises(Misfit):
        score(scale_of("phq-9"), answers)


@pytest.mark.parametrize(
    "ends", [[(0, 4), (6, 9)], [(0, 5), (5, 9)], [(1, 9)], [(0, 8)], [(0, 4), (5, 10)]]
)
def test_bands_with_a_gap_or_an_overlap_are_found(ends: list[tuple[int, int]]) -> None:
    """A file that does not cover every score once is refused when it is read."""
    bands = tuple(Band(name=str(first), first=first, last=last) for first, last in ends)
    assert not ends_meet(Scale(3, 3, bands))
    assert ends_meet(Scale(3, 3, (Band(name="all", first=0, last=9),)))
