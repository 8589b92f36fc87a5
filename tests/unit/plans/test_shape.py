"""Sessions fall into phases without gap or overlap, and what does not add up is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.plans.content import Phase, PlanContent, Shape, Stretch
from services.plans.catalogue import load_templates
from services.plans.domain.shape import misfits, missing, spans

WEEKLY = [Stretch(weeks_apart=1)]


def shape(
    sessions: int | None,
    phases: list[int | None],
    rhythm: list[Stretch] | None = None,
    review_every: int | None = None,
) -> Shape:
    """A shape with phases of those lengths."""
    named = [Phase(name=f"Phase {at}", sessions=one) for at, one in enumerate(phases)]
    return Shape(
        sessions=sessions, phases=named, rhythm=rhythm or WEEKLY, review_every=review_every
    )


def ranges(told: Shape) -> list[tuple[int, int | None]]:
    """First and last session of each phase."""
    return [(span.first, span.last) for span in spans(told)]


@pytest.mark.parametrize(
    ("sessions", "middle"),
    [(12, (4, 9)), (13, (4, 10)), (14, (4, 11)), (15, (4, 12)), (16, (4, 13))],
)
def test_interpersonal_therapy_opens_in_three_sessions_and_ends_in_the_last_three(
    sessions: int, middle: tuple[int, int]
) -> None:
    """Every length of the short term form, 12 to 16."""
    template = load_templates()["interpersonal-therapy-short"]
    told = template.shape.model_copy(update={"sessions": sessions})
    assert misfits(told) == {}
    assert ranges(told) == [(1, 3), middle, (sessions - 2, sessions)]


def test_an_open_ended_plan_has_a_last_phase_without_an_end() -> None:
    """As long as both want."""
    assert ranges(shape(None, [8, None])) == [(1, 8), (9, None)]


@given(
    before=st.lists(st.integers(1, 20), max_size=2),
    rest=st.integers(1, 20),
    after=st.lists(st.integers(1, 20), max_size=2),
)
def test_phases_cover_every_session_once(before: list[int], rest: int, after: list[int]) -> None:
    """Whatever lengths fit: from 1 to the last, each after the one before."""
    total = sum(before) + rest + sum(after)
    told = shape(total, [*before, None, *after])
    assert misfits(told) == {}
    found = ranges(told)
    covered = [number for first, last in found for number in range(first, (last or 0) + 1)]
    assert covered == list(range(1, total + 1))


@pytest.mark.parametrize(
    ("told", "part", "words"),
    [
        (shape(10, [3, 3]), "phases", "make 6 sessions, the plan 10"),
        (shape(6, [3, None, 3]), "phases", "leave no session over"),
        (shape(10, [None, None]), "phases", "Only one phase"),
        (shape(None, [None, 3]), "phases", "last phase"),
        (shape(10, [10], [Stretch(weeks_apart=1, sessions=4)]), "rhythm", "make 4 sessions"),
        (
            shape(10, [10], [Stretch(weeks_apart=1), Stretch(weeks_apart=2, sessions=2)]),
            "rhythm",
            "Only the last part",
        ),
        (shape(None, [None], [Stretch(weeks_apart=1, sessions=4)]), "rhythm", "Without an end"),
        (shape(6, [6], review_every=7), "review_every", "after the last session"),
    ],
)
def test_what_does_not_add_up_is_named(told: Shape, part: str, words: str) -> None:
    """One part, in words that say how."""
    flaws = misfits(told)
    assert list(flaws) == [part]
    assert words in flaws[part]


def test_every_template_adds_up_and_names_its_source() -> None:
    """What practitioners begin with is sound; the reason is theirs to write."""
    found = load_templates()
    assert list(found) == [
        *("interpersonal-therapy-short", "medium-term", "open-ended", "coaching")
    ]
    for template in found.values():
        assert misfits(template.shape) == {}
        assert len(template.source) > 40


def test_a_plan_without_reason_or_goals_is_not_ready() -> None:
    """Both parts are named; with them nothing is missing."""
    shaped = load_templates()["coaching"]
    content = PlanContent(
        template="coaching",
        length=shaped.length,
        source="",
        focus=shaped.focus,
        shape=shaped.shape,
    )
    assert list(missing(content)) == ["reason", "goals"]
    reason = shaped.focus.model_copy(update={"reason": "I want to decide."})
    ready = content.model_copy(update={"focus": reason, "goals": shaped.goals})
    assert missing(ready) == {}
