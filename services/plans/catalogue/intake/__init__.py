"""What a practice starts its intake from: a short form, and words for its texts."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from services.contracts.plans.intake_setup import SuggestedText
from services.contracts.plans.questionnaire import FormQuestion

FOLDER = Path(__file__).parent


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    questions: list[FormQuestion]


class _Texts(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    texts: list[SuggestedText]


@cache
def first_questions() -> list[FormQuestion]:
    """The form that a practice begins from; raises ValueError for a file that is wrong."""
    return _Form.model_validate(_read("form.toml")).questions


@cache
def suggested_texts() -> list[SuggestedText]:
    """Words for each kind of text; raises ValueError for a file that is wrong."""
    found = _Texts.model_validate(_read("consents.toml")).texts
    return [one.model_copy(update={"body": one.body.strip()}) for one in found]


def _read(name: str) -> dict[str, object]:
    return tomllib.loads((FOLDER / name).read_text("utf-8"))
