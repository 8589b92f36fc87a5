"""The OpenAPI document says what the gateway does, and how it refuses."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31

from services.common.errors import InvalidInput
from services.contracts.booking.refusals import SlotTaken
from services.gateway import openapi
from services.gateway.errors import problem_of

DOCUMENT: dict[str, Any] = json.loads(openapi.document())
ANSWERS = Path(__file__).parents[1] / "security" / "visits" / "answers.txt"
METHODS = {"get", "put", "post", "delete", "patch"}
VALIDATOR = jsonschema_rs.validator_for(OPENAPI_31)
PROBLEM = "application/problem+json"


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation with its method and path."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield f"{method.upper()} {path}", operation


OPERATIONS = dict(operations(DOCUMENT))


def unexplained(operation: dict[str, Any]) -> set[str]:
    """Error answers of an operation without a problem body; `none` where it names no error."""
    refused = {status: answer for status, answer in operation["responses"].items() if status >= "4"}
    bare = {
        status for status, answer in refused.items() if list(answer.get("content", ())) != [PROBLEM]
    }
    return bare or (set() if refused else {"none"})


def test_the_committed_document_is_current() -> None:
    """What programs are written against is what runs."""
    assert openapi.DOCUMENT.read_text() == openapi.document()


def test_the_document_is_openapi_3_1() -> None:
    """Against the schema that the OpenAPI Initiative publishes."""
    assert DOCUMENT["openapi"].startswith("3.1.")
    assert [str(flaw) for flaw in VALIDATOR.iter_errors(DOCUMENT)] == []


def test_a_document_that_is_none_is_found() -> None:
    """The twin: the schema is the real one and looks into operations."""
    broken = json.loads(openapi.document())
    next(operations(broken))[1]["responses"] = {"200": {"nothing": "told"}}
    assert list(VALIDATOR.iter_errors(broken))


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_lists_its_problem_answers(name: str) -> None:
    """Wrong fields and a part that is away can happen everywhere; each is a problem body."""
    operation = OPERATIONS[name]
    assert {"422", "503"} <= operation["responses"].keys()
    assert unexplained(operation) == set()


@pytest.mark.parametrize("name", [name for name in OPERATIONS if "{" in name])
def test_an_operation_on_one_thing_tells_that_it_may_be_unknown(name: str) -> None:
    """Except for lists, which are empty then."""
    is_list = name.endswith("/offerings")
    assert is_list or "404" in OPERATIONS[name]["responses"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_says_what_it_is_for(name: str) -> None:
    """Summary, description and one tag, and an answer with a schema unless it is empty."""
    operation = OPERATIONS[name]
    assert operation["summary"]
    assert operation["description"]
    assert len(operation["tags"]) == 1
    answers = [a for status, a in operation["responses"].items() if status.startswith("2")]
    assert answers
    assert all("content" in answer for answer in answers) or "204" in operation["responses"]


def dangling(document: dict[str, Any]) -> set[str]:
    """References that lead nowhere in the document."""
    wanted = set(re.findall(r'"\$ref": "(#[^"]*)"', json.dumps(document)))
    return {reference for reference in wanted if not _leads_somewhere(document, reference)}


def _leads_somewhere(document: dict[str, Any], reference: str) -> bool:
    place: Any = document
    for step in reference.removeprefix("#/").split("/"):
        place = place.get(step) if isinstance(place, dict) else None
    return place is not None


def test_every_reference_leads_somewhere() -> None:
    """The schema of OpenAPI does not look where a `$ref` leads."""
    assert dangling(DOCUMENT) == set()


def test_a_reference_that_leads_nowhere_is_found() -> None:
    """The twin: a `$defs` inside of a part is not the document's."""
    document = {"paths": {"$defs": {"A": {}}, "x": {"$ref": "#/$defs/A"}}}
    assert dangling(document) == {"#/$defs/A"}


def test_the_body_of_a_refusal_is_what_the_document_says() -> None:
    """The error table and the document describe one thing."""
    told = OPERATIONS["POST /api/v1/bookings"]["responses"]["409"]["content"][PROBLEM]["schema"]
    for refusal in (SlotTaken("Gone.", {"nearest": ""}), InvalidInput("No.", {"name": "short"})):
        jsonschema_rs.validate(told, problem_of(refusal))
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(told, {"title": "Gone."})


def test_an_unexplained_error_is_found() -> None:
    """The twin: a bare 404, and an operation that never fails."""
    assert unexplained({"responses": {"200": {}, "404": {"description": "gone"}}}) == {"404"}
    assert unexplained({"responses": {"200": {}}}) == {"none"}


def served_to_nobody() -> set[str]:
    """The API's operations that the authorization matrix shows open without a token."""
    lines = (line.split() for line in ANSWERS.read_text().splitlines())
    api = [line for line in lines if len(line) > 3 and line[1].startswith("/api/")]
    return {f"{line[0]} {line[1]}" for line in api if line[3].startswith("2")}


def test_the_document_names_the_token_and_who_needs_none() -> None:
    """A bearer's, at every operation that asks who it is; the matrix knows what is open."""
    scheme = DOCUMENT["components"]["securitySchemes"]["token"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    without = {name for name, it in OPERATIONS.items() if {} in it.get("security", [{}])}
    assert without == served_to_nobody() & OPERATIONS.keys()
    signing_in = {"POST /api/v1/accounts", "POST /api/v1/logins"}
    assert {name for name, it in OPERATIONS.items() if "security" not in it} == signing_in


@pytest.mark.parametrize("name", [name for name, it in OPERATIONS.items() if "requestBody" in it])
def test_an_operation_with_a_body_tells_that_it_may_be_late_or_too_long(name: str) -> None:
    """Both are answered before anybody reads the body."""
    assert {"408", "413"} <= OPERATIONS[name]["responses"].keys()
