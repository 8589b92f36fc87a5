"""Figures as JSON lines: one object a line, each at once, so that a pipe sees them as they come."""

import json
import os
from collections.abc import Iterable, Mapping
from statistics import median, quantiles

Line = Mapping[str, object]


def print_lines(lines: Iterable[Line]) -> None:
    """Print each line as it is made."""
    for line in lines:
        print(json.dumps(line), flush=True)


def is_met(line: Line) -> bool:
    """Whether a line reached its goal; one without a goal does."""
    return bool(line.get("is_met", True))


def exit_code(lines: Iterable[Line], *, strict: bool) -> int:
    """1 where a goal is missed and that counts."""
    return int(strict and not all(map(is_met, lines)))


def machine() -> Line:
    """How many cores there are and how many programs wanted them: figures are of this moment."""
    load = os.getloadavg()[0]
    return {"bench": "machine", "cores": os.cpu_count(), "load": round(load, 1)}


def percentiles(taken: list[float]) -> dict[str, float]:
    """p50 and p95 in milliseconds, of at least two."""
    return {"p50_ms": round(median(taken), 2), "p95_ms": round(quantiles(taken, n=20)[-1], 2)}
