"""Scores over time as a drawing: where its lines and words stand. The table beside it says all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from services.contracts.plans.measures import Band

Context = dict[str, Any]
WIDTH, HEIGHT = 280, 200
LEFT, RIGHT, TOP, BOTTOM = 104, 264, 16, 176
MOST_LABELLED = 8
"""With more scores than these only the first and the last are written beside their point."""
WORD_WIDTH, WORD_HEIGHT = 18, 14
"""As much room as a written score takes."""


class Scored(NamedTuple):
    """A score, when it was given, and the day as it is written."""

    at: datetime
    score: int
    label: str


def chart(scored: Sequence[Scored], most: int, bands: Sequence[Band]) -> Context | None:
    """The drawing of scores in their order in time; None for fewer than two, which show nothing."""
    if len(scored) < 2:
        return None
    began, ended = scored[0].at, scored[-1].at
    points = _written([_point(one, most, began, ended) for one in scored])
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": RIGHT,
        "top": TOP,
        "bottom": BOTTOM,
        "bands": [_band(one, most) for one in bands],
        "line": " ".join(f"{point['x']},{point['y']}" for point in points),
        "points": points,
        "most": most,
        "first_label": scored[0].label,
        "last_label": scored[-1].label,
    }


def _point(one: Scored, most: int, began: datetime, ended: datetime) -> Context:
    share = (one.at - began) / (ended - began) if ended > began else 0.0
    y = _height(one.score, most)
    return {
        "x": round(LEFT + 8 + share * (RIGHT - LEFT - 16), 1),
        "y": y,
        "label_y": y - 8 if y - 8 > TOP else y + 18,
        "label": str(one.score),
    }


def _written(points: Sequence[Context]) -> list[Context]:
    """The points, with the scores that have room: the last one, the first, then the latest. The
    table says the others."""
    wished = [points[-1], points[0]]
    if len(points) <= MOST_LABELLED:
        wished += points[-2:0:-1]
    kept: list[Context] = []
    for one in wished:
        if not any(_overlap(one, other) for other in kept):
            kept.append(one)
    return [one if one in kept else one | {"label": ""} for one in points]


def _overlap(one: Context, other: Context) -> bool:
    is_beside = abs(one["x"] - other["x"]) < WORD_WIDTH
    return bool(is_beside and abs(one["label_y"] - other["label_y"]) < WORD_HEIGHT)


def _band(band: Band, most: int) -> Context:
    """From half a point below its first score to half a point above its last one."""
    top = _height(min(band.last + 0.5, most), most)
    bottom = _height(max(band.first - 0.5, 0), most)
    return {
        "name": band.name,
        "y": top,
        "height": round(bottom - top, 1),
        "middle": round((top + bottom) / 2 + 4, 1),
    }


def _height(score: float, most: int) -> float:
    return round(BOTTOM - score / most * (BOTTOM - TOP), 1)
