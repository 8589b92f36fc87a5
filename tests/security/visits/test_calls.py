"""A web request asks each service once: counted at every route, for every visitor.

`calls.txt` lists what asks more often, each with its reason. The list is exact: what is not needed
any more has to go.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

import pytest

from tests.security.visits.calls import CALLED, Asked, beyond_one, calls_of
from tests.security.visits.cast import PATIENCE_SECONDS, Cast
from tests.security.visits.test_answers import LISTED as ROWS
from tests.security.visits.test_answers import Answers, Row

LIST = Path(__file__).with_name("calls.txt")
LINE = re.compile(r"(GET \S+) (\S+) (\w+)>(\w+) (\d) - (\S.+)")
#: What supervisors write to a log arrives there a moment later.
QUIET_SECONDS = 1.0
Excess = dict[tuple[Row, Asked], int]


class Exempt(NamedTuple):
    """A line of the list."""

    row: Row
    asked: Asked
    times: int
    reason: str


def listed() -> list[Exempt]:
    """The committed list. A line that does not say all raises ValueError."""
    lines = [line for line in LIST.read_text().splitlines() if line and line[0] != "#"]
    return [_line(line) for line in lines]


def _line(line: str) -> Exempt:
    found = LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"no reason is given: {line}")
    route, target, caller, service, count, reason = found.groups()
    return Exempt(Row(route, target), Asked(caller, service), int(count), reason)


@pytest.fixture(scope="module")
def calls(answers: Answers, cast: Cast) -> dict[str, Counter[Asked]]:
    """By request id what each visit asked, once the logs have grown quiet."""
    assert answers
    until, before, now = monotonic() + PATIENCE_SECONDS, -1, 0
    while before != now and monotonic() < until:
        sleep(QUIET_SECONDS)
        found = calls_of(cast.product.run.logs)
        before, now = now, sum(count.total() for count in found.values())
    return found


def _visits(answers: Answers) -> Iterator[tuple[Row, str]]:
    """Each row that reads, with the id of each request that asked for it."""
    for (row, _), seen in answers.items():
        if row.route.startswith("GET "):
            yield row, seen.answer.request_id


@pytest.fixture(scope="module")
def excess(answers: Answers, calls: dict[str, Counter[Asked]]) -> Excess:
    """The most that any visitor's request asked, where that is more than once."""
    found: Excess = {}
    for row, request_id in _visits(answers):
        for asked, count in beyond_one(calls.get(request_id, Counter())).items():
            found[row, asked] = max(count, found.get((row, asked), 0))
    return found


def test_no_page_asks_a_service_more_often_than_the_list_says(excess: Excess) -> None:
    """And the list says nothing that is not so any more."""
    assert excess == {(one.row, one.asked): one.times for one in listed()}


def test_pages_of_everybody_were_counted(
    answers: Answers, calls: dict[str, Counter[Asked]]
) -> None:
    """Else nothing would be proved: most rows asked somebody, and each service was asked."""
    asking = {row for row, request_id in _visits(answers) if calls.get(request_id)}
    assert len(asking) > len({row for row, _ in _visits(answers)}) // 2
    asked = {one.service for _, request_id in _visits(answers) for one in calls[request_id]}
    assert asked == {"profiles", "booking", "plans", "billing", "notify"}


def test_the_list_names_rows_that_there_are_once_each() -> None:
    """A route that is gone, or a second line, is a mistake."""
    named = [(one.row, one.asked) for one in listed()]
    assert len(named) == len(set(named))
    assert {row for row, _ in named} <= set(ROWS)


def test_a_line_without_a_reason_is_found() -> None:
    """The twin."""
    with pytest.raises(ValueError, match="no reason is given"):
        _line("GET /home - gateway>booking 2")


def test_a_second_call_is_found(tmp_path: Path) -> None:
    """The twin: two calls of one request, one each of two others, and what is no call."""
    told = [
        {"event": CALLED, "caller": "gateway", "service": "booking", "request_id": "one"},
        {"event": CALLED, "caller": "gateway", "service": "booking", "request_id": "one"},
        {"event": CALLED, "caller": "gateway", "service": "booking", "request_id": "two"},
        {"event": CALLED, "caller": "plans", "service": "booking", "request_id": "two"},
        {"event": "question answered", "caller": "gateway", "service": "booking"},
    ]
    (tmp_path / "booking.log").write_text("\n".join(map(json.dumps, [told[0], *told[3:]])))
    (tmp_path / "booking.log.1").write_text("\n".join(map(json.dumps, told[1:3])) + "\nno JSON")
    found = calls_of(tmp_path)
    assert beyond_one(found["one"]) == {Asked("gateway", "booking"): 2}
    assert beyond_one(found["two"]) == {}
