"""Free slots of twelve weeks, rendered: `python -m tests.bench.bench_slots [--strict]`.

`served` is all that `list_slots` does, from its command to its answer, over a private PostgreSQL;
`read` knows offering and hours and reads what is taken, `shown` reads nothing. Prints JSON lines.
Each figure is the median of interleaved runs, every ratio within this run.
With --strict the exit code is 1 when a goal is missed; other output is always an error.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date
from itertools import count
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

from services.booking.domain import availability
from services.booking.domain.rendering import in_utc
from services.booking.domain.schedule import Override
from tests.bench.slot_database import Kept, database, keep
from tests.bench.slot_rivals import Bitmap, naive_slots, naive_texts
from tests.bench.slot_workload import NOW, UNTIL, ZONE, Loader, Workload, shown_slots, workload

RUNS = 60
# The naive reference takes a tenth of a second a run.
NAIVE_EVERY = 6


def milliseconds(works: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Return the median of each work's runs, taken in turn so that noise hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for run in range(RUNS):
        for name, work in works.items():
            if name.startswith("naive") and run % NAIVE_EVERY:
                continue
            began = perf_counter()
            work()
            taken[name].append((perf_counter() - began) * 1_000)
    return {name: median(times) for name, times in taken.items()}


def compute(work: Workload) -> list[int]:
    """Find the slots alone."""
    return availability.free_slots(work.rules, work.occupied, now=NOW, from_=NOW, until=UNTIL)


def cold(work: Workload, load: Loader, days: Iterator[int]) -> list[str]:
    """Find and render for a schedule that nobody asked for yet, so that it is expanded first."""
    closed_once = Override(date.fromordinal(next(days)))
    schedule = replace(work.rules.schedule, overrides=(closed_once,))
    return shown_slots(replace(work, rules=replace(work.rules, schedule=schedule)), load)


def check_identical(work: Workload, kept: Kept) -> None:
    """AssertionError unless all that is measured gives the very same output."""
    shown = shown_slots(work, lambda _: work.occupied)
    assert shown == naive_texts(naive_slots(work, ZoneInfo(ZONE))), "naive reference differs"
    assert shown == naive_texts(naive_slots(work, UTC)), "naive reference in UTC differs"
    assert shown == in_utc(Bitmap(work).slots(work.occupied)), "bitmap differs"
    assert shown == shown_slots(work, kept.load), "what the database holds differs"
    assert set(kept.served()) <= set(shown), "the service differs"
    assert len(kept.served()) > len(shown) - 50, "the service leaves days out"


def measure(base: Workload, full: Workload, rows: Kept, full_rows: Kept) -> dict[str, float]:
    """Return the milliseconds of all works, base being 60 + 40 and full 1,000 + 40 events."""
    bitmap, bitmap_full = Bitmap(base), Bitmap(full)
    zone, days = ZoneInfo(ZONE), count(1)
    return milliseconds(
        {
            "read": lambda: shown_slots(base, rows.load),
            "read_1000": lambda: shown_slots(full, full_rows.load),
            "served": rows.served,
            "shown": lambda: shown_slots(base, lambda _: base.occupied),
            "shown_1000": lambda: shown_slots(full, lambda _: full.occupied),
            "cold": lambda: cold(base, lambda _: base.occupied, days),
            "compute": lambda: compute(base),
            "bitmap": lambda: bitmap.slots(base.occupied),
            "compute_1000": lambda: compute(full),
            "bitmap_1000": lambda: bitmap_full.slots(full.occupied),
            "naive": lambda: naive_texts(naive_slots(base, zone)),
            "naive_utc": lambda: naive_texts(naive_slots(base, UTC)),
        }
    )


def report(ms: Mapping[str, float]) -> list[dict[str, object]]:
    """Return one line per goal, and lines without a goal for what stands beside them."""
    return [
        _line("served, naive / ours", ms["naive"] / ms["served"], least=120),
        _line("read and shown, naive / ours", ms["naive"] / ms["read"]),
        _line("shown, naive / ours", ms["naive"] / ms["shown"]),
        _line("compute, ours / bitmap", ms["compute"] / ms["bitmap"], most=2),
        _line("1,000 bookings / base, read and shown", ms["read_1000"] / ms["read"], most=6),
        _line("1,000 bookings / base, shown", ms["shown_1000"] / ms["shown"], most=6),
        _line("1,000 bookings / base, compute", ms["compute_1000"] / ms["compute"]),
        _line("1,000 bookings, ours / bitmap", ms["compute_1000"] / ms["bitmap_1000"]),
        _line("shown, naive in UTC / ours", ms["naive_utc"] / ms["shown"]),
        _line("shown, naive / ours for a new schedule", ms["naive"] / ms["cold"]),
        {"bench": "P1", "what": "milliseconds", **{name: round(t, 3) for name, t in ms.items()}},
    ]


def _line(
    what: str, ratio: float, *, least: float | None = None, most: float | None = None
) -> dict[str, object]:
    line: dict[str, object] = {"bench": "P1", "what": what, "ratio": round(ratio, 2)}
    if least is not None:
        line |= {"goal": f">= {least}", "is_met": ratio >= least}
    if most is not None:
        line |= {"goal": f"<= {most}", "is_met": ratio <= most}
    return line


def main() -> int:
    """Check, measure and print; see the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strict", action="store_true", help="exit 1 when a goal is missed")
    strict = parser.parse_args().strict
    base, full = workload(60, 40), workload(1_000, 40)
    with database() as server:
        rows, full_rows = keep(server, base), keep(server, full)
        check_identical(base, rows)
        check_identical(full, full_rows)
        lines = report(measure(base, full, rows, full_rows))
    for line in lines:
        print(json.dumps(line))
    return int(strict and not all(line.get("is_met", True) for line in lines))


if __name__ == "__main__":
    sys.exit(main())
