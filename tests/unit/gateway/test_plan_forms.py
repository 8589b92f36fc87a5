"""What is typed into a plan: every error at its field, every length as the field counts it."""

from typing import Any
from uuid import uuid4

import pytest
from pydantic import TypeAdapter, ValidationError

from services.contracts.plans.content import Text, Words
from services.contracts.plans.intake_setup import Body
from services.contracts.plans.notes import Passage
from services.gateway.forms.plan_dates import DatesForm
from services.gateway.forms.plans import focus_of
from services.gateway.forms.reading import Flawed, parsed

OFFERING = uuid4()


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"title": ""}, ["title"]),
        ({"title": "a" * 201}, ["title"]),
        ({"reason": "a" * 2001, "problem_area": "\x07"}, ["problem_area", "reason"]),
        ({"patterns": "\n".join(str(number) for number in range(13))}, ["patterns"]),
        ({"title": "", "patterns": "\x07"}, ["title", "patterns"]),
    ],
)
def test_what_is_wrong_with_a_focus_is_said_at_its_field(
    typed: dict[str, str], fields: list[str]
) -> None:
    """Each of them, and how many patterns there may be."""
    with pytest.raises(Flawed) as flawed:
        focus_of({"title": "Sleeping"} | typed)
    assert list(flawed.value.errors) == fields
    assert "12" in flawed.value.errors.get("patterns", "12")


@pytest.mark.parametrize(("kind", "most"), [(Text, 2000), (Words, 2000), (Passage, 6000)])
def test_a_text_that_fills_its_field_fits(kind: Any, most: int) -> None:
    """A form sends two characters for a line end, of which the field counts one."""
    lines, text = TypeAdapter(kind), "a\n" * (most // 2 - 1) + "aa"
    assert lines.validate_python(text.replace("\n", "\r\n")) == text
    with pytest.raises(ValidationError):
        lines.validate_python(text + "a")


def test_the_body_of_a_text_is_counted_alike() -> None:
    """Eight thousand characters, whatever a line end is sent as."""
    text = "a\r\n" * 3999 + "aa"
    assert len(TypeAdapter(Body).validate_python(text)) == 8000


@pytest.mark.parametrize("what", ["a" * 36, "-" * 36, f"{OFFERING}"[:35] + "-"])
def test_what_only_looks_like_an_offering_is_named(what: str) -> None:
    """Letters and dashes enough, and no id."""
    with pytest.raises(Flawed) as flawed:
        parsed(DatesForm, {"what": f"{what}.online"})
    assert list(flawed.value.errors) == ["what"]
    assert parsed(DatesForm, {"what": f"{OFFERING}.online"}).offering[0] == OFFERING
