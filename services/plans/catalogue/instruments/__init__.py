"""The questionnaires that plans can name, word for word as they were published.

One TOML file each beside this module, with its source and who may use it. What counts as an
answer is its position: the first one is worth 0, the next 1 (Kroenke 2001, Spitzer 2006).
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.contracts.base import Line, Slug
from services.contracts.plans.content import Words
from services.contracts.plans.measures import (
    MOST_ITEMS,
    Band,
    Beside,
    ChangeRule,
    InstrumentView,
)
from services.plans.domain.scoring import Scale, ends_meet

FOLDER = Path(__file__).parent


class Instrument(BaseModel):
    """A questionnaire. `position` orders the list; `starts_at_once`: it is due from agreeing to a
    plan, and not only when its rhythm has come round once. `help_item`: the item for any answer
    to which but the first crisis help is shown, counted from 1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slug: Slug
    position: Annotated[int, Field(ge=1)]
    name: Line
    summary: Words
    source: Words
    permission: Words
    lead: Words
    items: Annotated[list[Words], Field(min_length=1, max_length=MOST_ITEMS)]
    answers: Annotated[list[Line], Field(min_length=2, max_length=11)]
    hint: str = ""
    starts_at_once: bool
    help_item: Annotated[int, Field(ge=1)] | None = None
    beside: Beside | None = None
    bands: list[Band] = Field(default_factory=list)
    change: ChangeRule | None = None

    @property
    def scale(self) -> Scale:
        """What scoring needs of it."""
        bands = tuple(self.bands)
        return Scale(len(self.items), len(self.answers) - 1, bands, self.help_item)

    def view(self) -> InstrumentView:
        """As it is filled in and read."""
        told = self.model_dump(exclude={"position", "starts_at_once"})
        return InstrumentView.model_validate(told | {"most": self.scale.most})

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.bands and not ends_meet(self.scale):
            raise ValueError("the bands must cover every score once")
        if self.help_item is not None and self.help_item > len(self.items):
            raise ValueError("there is no such item")
        return self


@cache
def load_instruments(folder: Path = FOLDER) -> dict[str, Instrument]:
    """Every instrument by its slug, in their order; raises ValueError for a file that is wrong."""
    paths = sorted(folder.glob("*.toml"))
    read = [Instrument.model_validate(tomllib.loads(path.read_text("utf-8"))) for path in paths]
    if [one.slug for one in read] != [path.stem for path in paths]:
        raise ValueError("an instrument's slug must be its file's name")
    return {one.slug: one for one in sorted(read, key=lambda one: one.position)}
