"""Who gets which answer at every route: a committed table, and the running product beside it.

`answers.txt` has a line for each route and target, and a column for each visitor. What a visitor
may not see answers like what does not exist.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from uuid_utils.compat import uuid7

from services.common.crypto import new_token
from tests.security.test_routes import TABLE as ROUTES
from tests.security.visits.cast import CLIENT_NAME, GUEST_NAME, VISITORS, Cast
from tests.security.visits.targets import Target
from tests.security.visits.visiting import ENDING, Answer, Browser, Visit

TABLE = Path(__file__).with_name("answers.txt")
#: What a route's ids can point at. A link's holder is whoever has it.
OF_BOOKINGS, OF_LINKS, OF_NOTHING = ("guest", "client"), ("living", "revoked"), ("-",)
#: Moves that would succeed are asked for a plan that is over.
MOVES = tuple(f"POST /plans/{{plan_id}}/{move}" for move in ("begin", "review", "go-on", "end"))
#: Who reads the name of whom: themselves, the practitioner whose day it is, the front desk, who
#: answers for the money, and whoever supervises the notes about them.
STAFF = {"treating", "desk", "billing", "admin", "owner"}
READERS = {GUEST_NAME: STAFF, CLIENT_NAME: {"client", "supervisor", *STAFF}}
#: In which state a note is asked for.
NOTES: dict[str, tuple[str, ...]] = {
    "GET /notes/{note_id}": ("draft", "signed", "private"),
    "POST /notes/{note_id}": ("draft", "signed"),
}
OF_SIGNED = ("POST /notes/{note_id}/addenda", "POST /notes/{note_id}/withdraw")
#: They end the links of a booking: asked for one whose link no other line needs.
REVOKING = "/practices/{practice_id}/bookings/{booking_id}/links"
#: It ends a course: asked for one that no other line needs.
GIVING_BACK = "POST /practices/{practice_id}/courses/{course_id}/cancel"
CELLS = re.compile(r"[1-5]\d\d|in")


class Row(NamedTuple):
    """A line of the table: a route, and whose thing its ids name."""

    route: str
    target: str

    def __str__(self) -> str:
        return f"{self.route} {self.target}"


def targets_of(route: str) -> tuple[str, ...]:
    """Whose booking a route can name, in its path or in its form."""
    if "{token}" in route:
        return OF_LINKS
    if "{plan_id}" in route:
        return ("ended",) if route in MOVES or "{review_id}" in route else ("plan",)
    if "{note_id}" in route:
        return NOTES.get(route, ("signed",) if route in OF_SIGNED else ("draft",))
    if any(name in route for name in ("{client_id}", "{payment_id}", "{invoice_id}")):
        return ("client",)
    if route.endswith((" /clients/book", "/{transaction_id}")):
        return ("client",)
    if route.endswith(REVOKING):
        return ("guest2",)
    if route == GIVING_BACK:
        return ("ending",)
    if "{booking_id}" in route or route == "POST /book/extend":
        return OF_BOOKINGS
    return OF_NOTHING


def expected_rows() -> list[Row]:
    """Each route that there is, with each of its targets."""
    routes = json.loads(ROUTES.read_text())
    return [Row(route, target) for route in routes for target in targets_of(route)]


def read_table() -> dict[Row, dict[str, str]]:
    """The committed answers: a cell for each visitor. A missing one raises ValueError."""
    lines = [line for line in TABLE.read_text().splitlines() if line and line[0] != "#"]
    visitors = lines[0].split()
    return {row: dict(zip(visitors, cells, strict=True)) for row, cells in map(_line, lines[1:])}


def _line(line: str) -> tuple[Row, list[str]]:
    """A line's row and cells; raises ValueError where a cell is missing or is no answer."""
    words = line.split()
    named = len(words) - len(VISITORS)
    cells = words[named:]
    if not all(map(CELLS.fullmatch, cells)):
        raise ValueError(f"a cell is missing: {line}")
    return Row(" ".join(words[: named - 1]), words[named - 1]), cells


LISTED = read_table()
ROWS = list(LISTED)


def test_every_route_target_and_visitor_has_a_cell() -> None:
    """A route that nobody decided on fails here, and so does an empty cell."""
    assert set(LISTED) == set(expected_rows())
    assert {tuple(cells) for cells in LISTED.values()} == {VISITORS}


def test_a_missing_cell_or_route_is_found() -> None:
    """The twin: a line with a cell too few, and a route too many."""
    with pytest.raises(ValueError, match="a cell is missing"):
        _line("GET /topics - " + "200 " * (len(VISITORS) - 1))
    assert set(LISTED) != {*expected_rows(), Row("GET /backdoor", "-")}


class Seen(NamedTuple):
    """What came back for what a line names, and for an unknown id in the same place."""

    answer: Answer
    unknown: Answer | None


Answers = Mapping[tuple[Row, str], Seen]


def everybody_asks(cast: Cast) -> Answers:
    """Every line asked by every visitor, with the unknown id wherever the table refuses."""
    query = "UPDATE notify.links SET revoked_at = now() WHERE booking_id = %s RETURNING key"
    assert cast.rows(query, cast.bookings["client2"].id)
    browser = Browser(cast)
    cells = [(row, visitor) for row in ROWS if row.route not in ENDING for visitor in VISITORS]
    denied = [cell for cell in cells if LISTED[cell[0]][cell[1]] == "404"]
    first = [_visit(cast, *cell) for cell in cells]
    second = [_visit(cast, *cell, is_known=False) for cell in denied]
    came = browser.ask_all([*first, *second])
    unknown = dict(zip(denied, came[len(first) :], strict=True))
    found = {
        cell: Seen(answer, unknown.get(cell)) for cell, answer in zip(cells, came, strict=False)
    }
    return found | _endings(cast, browser)


def _visit(cast: Cast, row: Row, visitor: str, *, is_known: bool = True) -> Visit:
    target = target_of(cast, row.target)
    if not is_known:
        target = replace(target, booking_id=uuid7(), link=new_token())
        target = replace(target, practitioner_id=uuid7(), course_id=uuid7(), plan_id=uuid7())
        target = replace(target, note_id=uuid7(), client_id=uuid7(), invoice_id=uuid7())
    return Visit(row.route, visitor, target, cast.bearers[visitor])


def target_of(cast: Cast, name: str) -> Target:
    """The ids behind the second column of the table."""
    named = {"-": "client", "ending": "client", "living": "guest", "revoked": "client2"}
    whose = named.get(name, name)
    whose = whose if whose in cast.bookings else "client"
    booking = cast.bookings[whose]
    course_id = cast.ending_id if name == "ending" else cast.course_id
    code = booking.join_path.rsplit("/", 1)[-1]
    calendar = cast.clinic.practitioner_id
    plan_id = cast.plans["ended" if name == "ended" else "plan"]
    link = cast.links[whose]
    note_id = cast.notes.get(name, cast.notes["draft"])
    ids = (calendar, course_id, plan_id, note_id, cast.client_id, cast.invoice_id)
    return Target(booking.id, link, code, booking.starts_at, *ids)


def _endings(cast: Cast, browser: Browser) -> dict[tuple[Row, str], Seen]:
    """What ends logins, in turn; afterwards everybody signs in again."""
    found = {}
    for route in ENDING:
        row = Row(route, "-")
        visits = [_visit(cast, row, visitor) for visitor in VISITORS]
        fresh = [replace(one, bearer=cast.sign_in(one.visitor) or one.bearer) for one in visits]
        for visit, answer in zip(fresh, browser.ask_all(fresh), strict=True):
            found[row, visit.visitor] = Seen(answer, None)
    cast.bearers |= {visitor: token for visitor in VISITORS if (token := cast.sign_in(visitor))}
    return found


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_visitor_gets_the_listed_answer(row: Row, answers: Answers) -> None:
    """Every cell of the line, on the running product."""
    assert {visitor: answers[row, visitor].answer.cell for visitor in VISITORS} == LISTED[row]


@pytest.mark.parametrize("row", [row for row in ROWS if "404" in LISTED[row].values()], ids=str)
def test_what_is_somebody_elses_answers_like_what_does_not_exist(
    row: Row, answers: Answers
) -> None:
    """Same status, same type, same body but for ids."""
    compared = 0
    for visitor in VISITORS:
        seen = answers[row, visitor]
        if seen.unknown is not None:
            assert seen.answer == seen.unknown, visitor
            compared += 1
    assert compared


@pytest.mark.parametrize("name", READERS)
def test_a_name_is_read_by_whom_it_concerns(name: str, answers: Answers, cast: Cast) -> None:
    """In no answer of any route to anybody else."""
    told = {visitor for (_, visitor), seen in answers.items() if name in seen.answer.body}
    assert told <= READERS[name]
    assert name != CLIENT_NAME or "client" in told
