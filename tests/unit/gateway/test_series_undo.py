"""The way back of sessions that were moved together: as of one alone, all of them or none."""

import json
from base64 import b64decode
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from fastapi import FastAPI

from services.common.errors import Refusal
from services.contracts.booking.refusals import (
    ClientElsewhere,
    NotBookable,
    NotReschedulable,
    SeriesChanged,
    SlotTaken,
)
from services.contracts.booking.series import MovedSeries, MoveSeriesBack
from tests.unit.gateway.note_desk import value_of
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import fetch
from tests.unit.gateway.test_move_to import BASE, ONE, STARTS_AT
from tests.unit.gateway.test_series import COURSE, THERE, app, asked, date, send

COOKIE = "__Host-attune-notice-8000"
LONG_AGO = STARTS_AT - timedelta(days=1_000)


def moved(made: FastAPI, **changes: str) -> str:
    """Where one is led once sessions have moved."""
    return str(send(made, accept="yes", **changes).headers["location"])


def undo(made: FastAPI, page: str) -> Any:
    """Press the button of the page."""
    names = ("form_id", "moves", "tell", "back")
    return post_form(made, f"{BASE}/series/undo", {name: value_of(page, name) for name in names})


def refusing(refusal: Refusal) -> FastAPI:
    """An application whose booking refuses the way back."""

    def refuse(_: object) -> MovedSeries:
        raise refusal

    made = app(date())
    made.state.backend.told[MoveSeriesBack] = refuse
    return made


def test_what_has_moved_can_be_moved_back_at_once() -> None:
    """From where each is to where it was, with as much of a mail as before; then back to where it
    was asked from, with what was done."""
    made = app(date())
    made.state.backend.told[MoveSeriesBack] = lambda _: MovedSeries(bookings=[COURSE, COURSE])
    page = fetch(made, moved(made)).text
    assert "1 session has moved" in page
    assert "The client gets no mail." in page
    assert "Back to where you were" in page
    answer = undo(made, page)
    assert (answer.status_code, answer.headers["location"]) == (303, "/plans/1")
    [command] = asked(made, MoveSeriesBack)
    assert [(one.from_at, one.starts_at) for one in command.moves] == [(THERE, STARTS_AT)]
    assert not command.is_client_told


def test_only_those_that_have_moved_go_back() -> None:
    """One that stayed where it is, is none of them; where none has, there is no way back."""
    made = app(date())
    here, there = (one.isoformat().replace("+00:00", "Z") for one in (STARTS_AT, THERE))
    stays = f"{ONE.client_id}|{here}|{here}"
    query = parse_qs(urlsplit(moved(made, moves=f"{ONE.id}|{here}|{there},{stays}")).query)
    assert query["moves"] == [f"{ONE.id}|{there}|{here}"]
    assert moved(made, moves=stays) == "/plans/1"


@pytest.mark.parametrize("refusal", [SeriesChanged, SlotTaken, ClientElsewhere, NotBookable])
def test_who_cannot_go_back_is_told_why(refusal: type[Refusal]) -> None:
    """On the page of the session, and that nothing was moved."""
    made = refusing(refusal(""))
    answer = undo(made, fetch(made, moved(made)).text)
    assert (answer.status_code, answer.headers["location"]) == (303, BASE)
    assert "Nothing was moved back" in notice_of(answer)


def test_each_reason_has_its_words() -> None:
    """Taken, changed, passed or over."""
    kinds = (SeriesChanged, SlotTaken, ClientElsewhere, NotBookable, NotReschedulable)
    told = set()
    for kind in kinds:
        made = refusing(kind(""))
        told.add(notice_of(undo(made, fetch(made, moved(made)).text)))
    assert len(told) == len(kinds)


def test_what_has_begun_by_then_has_no_way_back() -> None:
    """As with a session that moves alone."""
    made = app(date())
    told = f"{ONE.id}|{THERE:%Y-%m-%dT%H:%M:%SZ}|{LONG_AGO:%Y-%m-%dT%H:%M:%SZ}"
    page = fetch(made, f"{BASE}/series/moved?moves={quote(told)}")
    assert page.status_code == 200
    assert "Undo" not in page.text


@pytest.mark.parametrize("query", ["", "?moves=nonsense", "?moves=a|b|c"])
def test_an_address_that_says_nothing_leads_to_the_session(query: str) -> None:
    """And a form without its fields moves nothing."""
    made = app(date())
    answer = fetch(made, f"{BASE}/series/moved{query}")
    assert (answer.status_code, answer.headers["location"]) == (303, BASE)
    assert post_form(made, f"{BASE}/series/undo", {}).headers["location"] == BASE
    assert asked(made, MoveSeriesBack) == []


def notice_of(answer: Any) -> str:
    """What the next page says."""
    signed = str(answer.cookies[COOKIE]).strip('"').partition(".")[0]
    return str(json.loads(b64decode(signed))["text"])
