"""What answers to a questionnaire come to, exactly as it was published.

PHQ-9: the sum of nine items from 0 to 3; 0–4 minimal, 5–9 mild, 10–14 moderate, 15–19 moderately
severe, 20–27 severe (Kroenke, Spitzer, Williams 2001, table 4). GAD-7: the sum of seven; 0–4
minimal, 5–9 mild, 10–14 moderate, 15–21 severe (Spitzer, Kroenke, Williams, Löwe 2006).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.contracts.plans.measures import Band


class Misfit(Exception):
    """The answers are not those of this questionnaire."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Items with answers from 0 to `most_each`, the bands of their sum, and the item that asks
    for help, counted from 1."""

    items: int
    most_each: int
    bands: tuple[Band, ...] = ()
    help_item: int | None = None

    @property
    def most(self) -> int:
        """The highest score."""
        return self.items * self.most_each


def score(scale: Scale, answers: Sequence[int]) -> int:
    """The sum of the answers; raises Misfit where one is missing, too many or out of range."""
    if len(answers) != scale.items or not all(0 <= one <= scale.most_each for one in answers):
        raise Misfit
    return sum(answers)


def band_of(scale: Scale, total: int) -> str:
    """The name of the published range that the score falls in; empty where there are none."""
    return next((one.name for one in scale.bands if one.first <= total <= one.last), "")


def help_asked(scale: Scale, answers: Sequence[int]) -> int:
    """The answer to the item that asks for help: PHQ-9, item 9; 0 where a scale has none."""
    return 0 if scale.help_item is None else answers[scale.help_item - 1]


def asks_for_help(scale: Scale, answers: Sequence[int]) -> bool:
    """Whether crisis help is shown at once: any answer to that item but "Not at all"."""
    return help_asked(scale, answers) > 0


def ends_meet(scale: Scale) -> bool:
    """Whether each possible score lies in exactly one band, and the bands go up."""
    ends = [(band.first, band.last) for band in scale.bands]
    is_whole = bool(ends) and ends[0][0] == 0 and ends[-1][1] == scale.most
    return is_whole and all(
        low <= high and following == high + 1 for (low, high), (following, _) in pairwise(ends)
    )
