"""Refusals name facts, have a place in HTTP, and cross the wire unharmed."""

import inspect
import json
from collections import Counter

import pytest
from nameko.exceptions import serialize

from services.common.errors import Fault, Refusal
from services.common.rpc import wire
from services.gateway import errors
from tests.contracts.models import refusals

REFUSALS = sorted(set(refusals()), key=lambda kind: kind.__name__)
MESSAGE = "The start is no longer free."
DETAIL = {"nearest": "2027-03-08T15:00:00Z"}


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.__name__)
def test_a_refusal_has_a_status_of_its_own(kind: type[Refusal]) -> None:
    """Nobody has to guess from the base class; none of them is a fault of ours."""
    assert 400 <= errors.STATUS[kind] <= 503
    assert errors.STATUS[kind] != 500


def test_the_table_holds_nothing_that_is_no_refusal_of_the_house() -> None:
    """What is gone from the contracts is gone from the table."""
    assert set(errors.STATUS) == set(REFUSALS)


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.__name__)
def test_a_refusal_takes_a_sentence_and_details_by_position(kind: type[Refusal]) -> None:
    """The wire rebuilds errors positionally; one with its own constructor would break there."""
    assert list(inspect.signature(kind).parameters) == ["message", "detail"]
    refusal = kind(MESSAGE, DETAIL)
    assert (refusal.message, refusal.detail, refusal.args) == (MESSAGE, DETAIL, (MESSAGE, DETAIL))


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.__name__)
def test_a_refusal_survives_the_wire(kind: type[Refusal]) -> None:
    """Raised, written as nameko writes it, read by the caller: the same refusal."""
    body = json.loads(json.dumps(serialize(kind(MESSAGE, DETAIL))))
    with pytest.raises(kind) as caught:
        wire.raise_error(body)
    assert type(caught.value) is kind
    assert (caught.value.message, caught.value.detail) == (MESSAGE, DETAIL)


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.__name__)
def test_a_refusal_without_words_survives_the_wire(kind: type[Refusal]) -> None:
    """Both arguments may be left out."""
    with pytest.raises(kind) as caught:
        wire.raise_error(json.loads(json.dumps(serialize(kind()))))
    assert (caught.value.message, caught.value.detail) == ("", {})


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.__name__)
def test_a_refusal_becomes_a_problem_body(kind: type[Refusal]) -> None:
    """RFC 9457, with a type that programs may compare; the status stands in the body too."""
    refusal = kind(MESSAGE, DETAIL)
    body = errors.problem_of(refusal)
    assert body["type"] == f"urn:attune:problem:{kind.__name__}"
    assert body["title"] == MESSAGE
    assert body["status"] == errors.status_of(refusal) == errors.STATUS[kind]
    assert ("Retry-After" in errors.headers_of(refusal)) == (body["status"] in (429, 503))


def test_no_two_refusals_share_a_name() -> None:
    """The wire finds them by name, so the second would take the place of the first."""
    assert [name for name, n in Counter(kind.__name__ for kind in REFUSALS).items() if n > 1] == []


def test_an_error_that_is_no_refusal_arrives_as_a_fault() -> None:
    """Its text stays in the log of the service that failed."""
    with pytest.raises(Fault) as caught:
        wire.raise_error(json.loads(json.dumps(serialize(ValueError("a secret")))))
    assert "secret" not in str(caught.value)
