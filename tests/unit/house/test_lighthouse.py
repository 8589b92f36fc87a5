"""What `make lighthouse` tells of a page, without Lighthouse: its arithmetic and its refusals."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.bench.report import exit_code
from tests.e2e.lighthouse import (
    BOOKING,
    GOALS,
    METRICS,
    OPEN,
    OWN,
    PAGES,
    TOLD,
    Due,
    LighthouseFailed,
    Look,
    asked,
    line,
    lines,
)

SLOTS = Due("slots", "/practitioners/somebody/times?offering=1")


def report(performance: float | None = 0.97, **differing: Any) -> dict[str, Any]:
    """The parts of a Lighthouse report that are read."""
    categories = {name: {"score": 1} for name in TOLD} | {"performance": {"score": performance}}
    return {
        "finalDisplayedUrl": "http://127.0.0.1:8000/practitioners/somebody/times?offering=1",
        "categories": categories,
        "audits": {audit: {"numericValue": 12.3456} for audit in METRICS.values()},
        "environment": {"benchmarkIndex": 2100.5},
    } | differing


def looks(*performances: float) -> list[Look]:
    """One look for each performance."""
    return [Look.of(report(one), SLOTS.path) for one in performances]


def test_the_median_of_three_looks_counts() -> None:
    """One look beside a busy program says nothing of the page, and neither does a lucky one."""
    told = line(SLOTS, looks(0.99, 0.58, 0.91), load=0.44)
    assert told["performance"] == 91
    assert told["performance_of_looks"] == [99, 58, 91]
    assert (told["is_met"], told["missed"], told["load"]) == (True, [], 0.4)
    assert told["goals"] == {"performance": 90, "accessibility": 95}


def test_of_two_looks_the_lower_counts() -> None:
    """Nothing is rounded in our own favour."""
    assert line(SLOTS, looks(0.95, 0.89), load=0)["performance"] == 89


def test_what_is_missed_is_named_and_fails_a_strict_run_only() -> None:
    """A page below a goal is told as such; the worst look at accessibility counts."""
    poor = report(0.9, categories={name: {"score": 0.9} for name in TOLD})
    told = line(SLOTS, [*looks(0.9, 0.9), Look.of(poor, SLOTS.path)], load=0)
    assert told["missed"] == ["accessibility"]
    assert exit_code([told], strict=True) == 1
    assert exit_code([told], strict=False) == 0


def test_a_score_that_could_not_be_had_is_none_at_all() -> None:
    """Lighthouse says null then; a page without a score has not reached its goal."""
    told = line(SLOTS, [Look.of(report(None), SLOTS.path)], load=0)
    assert (told["performance"], told["missed"]) == (0, ["performance"])


@pytest.mark.parametrize(
    ("differing", "named"),
    [
        ({"finalDisplayedUrl": "http://127.0.0.1:8000/sign-in"}, "leads to /sign-in"),
        ({"runtimeError": {"code": "NO_FCP", "message": "Nothing was painted."}}, "NO_FCP"),
    ],
)
def test_another_page_than_the_one_asked_for_is_no_measure_of_it(
    differing: dict[str, Any], named: str
) -> None:
    """A redirect to signing in would make every page of a client look quick."""
    with pytest.raises(LighthouseFailed, match=named):
        Look.of(report(**differing), SLOTS.path)


@dataclass
class Stumbling:
    """Fails as often as told, then looks."""

    failures: int

    def look(self, due: Due) -> Look:
        self.failures -= 1
        if self.failures >= 0:
            raise LighthouseFailed(f"{due.path}: stumbled")
        return looks(0.97)[0]


def test_a_look_that_fails_is_repeated_once() -> None:
    """A page that cannot be looked at is told as such, and the next one still gets its turn."""
    (told,) = lines(Stumbling(1), [SLOTS], times=3)
    assert (told["is_met"], told["performance_of_looks"]) == (True, [97, 97, 97])
    broken, fine = lines(Stumbling(2), [SLOTS, SLOTS], times=3)
    assert (broken["is_broken"], broken["is_met"], fine["is_met"]) == (True, False, True)


def test_every_page_of_the_main_job_has_its_goals() -> None:
    """From finding help to changing what was booked, and the account beside it."""
    job = {"directory", "topic", "approach", "practitioner", "slots", "checkout", "confirmation"}
    job |= {"booking", "cancel", "reschedule", "sign-in", "register", "home"}
    assert job <= set(PAGES)
    assert {*OPEN, *BOOKING, *OWN} <= set(PAGES)
    assert GOALS == {"performance": 90, "accessibility": 95}


def test_a_page_that_nobody_knows_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """The words name it and list those there are."""
    with pytest.raises(SystemExit):
        asked(["slot"])
    assert "there is no page slot" in capsys.readouterr().err
    assert asked(["slots", "--strict"]).strict
