"""What a practice asks before a first session: its form and its texts, each in versions."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from services.common.messages import Command, Instant, View
from services.contracts.base import Line
from services.contracts.plans.content import folded, readable
from services.contracts.plans.questionnaire import (
    ConsentKind,
    ConsentTextView,
    FormQuestion,
    Questions,
)

Body = Annotated[
    str,
    BeforeValidator(folded),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=8000),
    AfterValidator(readable),
]
"""The words of a text, with its lines."""


class GetIntakeSetup(Command):
    """The form as it is being edited, what was published, and the texts."""


class GetIntakeForm(Command):
    """One published version of the practice's form."""

    number: Annotated[int, Field(ge=1)]


class SaveIntakeDraft(Command):
    """Write the draft of the form anew. `revision`: the one that was read."""

    revision: int
    questions: Questions


class PublishIntakeForm(Command):
    """Make the draft the next version, which clients are asked from now on."""

    revision: int


class PublishConsentText(Command):
    """Make a text the next version of its kind; every client is asked anew. `id` is minted by
    the caller and names the version."""

    id: UUID
    kind: ConsentKind
    title: Line
    body: Body
    is_required: bool = True


class FormLine(View):
    """A published version in the history of the form."""

    number: int
    published_at: Instant
    question_count: int


class SuggestedText(View):
    """Words to begin a text of a kind from."""

    kind: ConsentKind
    title: str
    body: str


class IntakeSetupView(View):
    """What a practice asks. `revision` is the draft's; `is_changed`: it differs from what is
    published. `texts`: every version, the newest of each kind first."""

    questions: list[FormQuestion]
    revision: int
    is_changed: bool
    versions: list[FormLine]
    texts: list[ConsentTextView]
    suggested: list[SuggestedText]
