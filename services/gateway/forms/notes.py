"""Notes: typed, saved, signed, added to."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import UUID7, Field, ValidationError

from services.contracts.plans.content import Words
from services.contracts.plans.notes import MOST_CHARACTERS, NoteContent, NoteFormat, NoteKind
from services.gateway.forms.reading import Flawed, Form

SECTIONS = ("subjective", "objective", "data", "assessment", "plan", "text")
"""All sections of all formats, in the order in which an editor shows them."""
TOO_MUCH = (
    f"A note holds {MOST_CHARACTERS:,} characters in all, and no control characters. "
    "Please shorten it, or go on in a second note."
)


class DraftForm(Form):
    """A draft as it was typed. `revision`: the one that it replaces; 0 begins the note.

    `booking` or `client` say what a note that is begun is about.
    """

    revision: Annotated[int, Field(ge=0, le=2**31 - 1)]
    kind: NoteKind
    booking: UUID | None = None
    client: UUID | None = None
    format: NoteFormat
    act: Literal["save", "sign"] = "save"


class ReadForm(Form):
    """The note as it was when the page was shown."""

    revision: Annotated[int, Field(ge=1, le=2**31 - 1)]


class AddendumForm(Form):
    """What is added to a signed note."""

    words: ClassVar[Mapping[str, str]] = {"text": "Write what you add."}

    form_id: UUID7
    text: Words


def content_of(sent: Mapping[str, str], form: DraftForm) -> NoteContent:
    """What the note says; raises Flawed for more than it can hold."""
    told = {name: sent.get(name, "") for name in SECTIONS}
    try:
        return NoteContent.model_validate({"format": form.format, **told})
    except ValidationError as flaws:
        places = {str(one["loc"][0]) for one in flaws.errors() if one["loc"]}
        named = [name for name in SECTIONS if name in places]
        raise Flawed(dict.fromkeys(named or ["form"], TOO_MUCH)) from None
