"""Amounts over time as a drawing: where its bars and words stand. The table beside it says all."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from services.common.money import Money
from services.gateway.web.labels import money_label

Context = dict[str, Any]
WIDTH, HEIGHT = 280, 176
TOP, BOTTOM = 24, 152
SHARE = 0.7
"""Of its place a bar fills so much."""


class Bar(NamedTuple):
    """What a step of the period brought; `label` names the step."""

    label: str
    money: Money


def chart(bars: Sequence[Bar]) -> Context | None:
    """The drawing of steps in their order, losses below the line; None for fewer than two, or for
    nothing at all, which show nothing."""
    amounts = [one.money.amount for one in bars]
    if len(bars) < 2 or not any(amounts):
        return None
    most, least = max(0, *amounts), min(0, *amounts)
    scale = (BOTTOM - TOP) / (most - least)
    zero, place = TOP + most * scale, WIDTH / len(bars)
    best = max(bars, key=lambda one: one.money.amount)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "zero": round(zero, 1),
        "bars": [_bar(at, one, zero, scale, place) for at, one in enumerate(bars)],
        "most_label": f"most: {money_label(best.money)}",
        "first_label": bars[0].label,
        "last_label": bars[-1].label,
    }


def _bar(at: int, bar: Bar, zero: float, scale: float, place: float) -> Context:
    height = abs(bar.money.amount) * scale
    is_loss = bar.money.amount < 0
    return {
        "x": round(at * place + place * (1 - SHARE) / 2, 1),
        "y": round(zero if is_loss else zero - height, 1),
        "width": round(place * SHARE, 1),
        "height": round(height, 1),
        "is_loss": is_loss,
    }
