"""Strange input at the API with rights: as a client, as a guest, and as staff of two practices.

Each operation gets the boundary cases of its document (missing, empty, longest, one too many,
wrong types, other methods) and a few that chance drew. Ids are those of the cast where they are
ids by their form: a guest's and a client's of bookings of their own, staff's of the calendar,
bookings and clients of one practice, for which the other one's staff ask too. tests/e2e does the
same as nobody.
"""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings, strategies
from schemathesis import Case
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.transport import Response
from uuid_utils.compat import uuid7

from services.contracts.profiles.clients import BOOKING_WORDS
from services.gateway.openapi import DOCUMENT
from tests.factories.clinic import Clinic
from tests.security.visits.cast import CLIENT_NAME, GUEST_NAME, Cast

CHECKS = [
    *(not_a_server_error, status_code_conformance),
    *(content_type_conformance, response_schema_conformance),
]
FEW = settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
#: Whose link nobody asks for, since staff may end it. The calendar is that of "colleague", in whom
#: nobody else books.
STAFFS = "guest2"
schemathesis.openapi.format("uuid7", strategies.builds(lambda: str(uuid7())))
schema = schemathesis.openapi.from_path(str(Path(DOCUMENT)))
# Who asks is the test's to say: drawn tokens would be strangers' in every case.
schema.config.generation.update(with_security_parameters=False)
of_bookings = schema.include(path_regex="/bookings")
of_staff = schema.include(path_regex="/bookings|/calendars/")
of_practices = schema.include(path_regex="/practices/{practice_id}/(bookings|calendars)/")
seen: set[tuple[str, str, int]] = set()
told: dict[str, set[str]] = {}


@schema.parametrize()
@FEW
def test_no_input_of_a_client_breaks_an_operation(case: Case[Any], cast: Cast) -> None:
    """Never a 5xx; each answer has a status, a type and a shape that the document promises."""
    ends_logins = case.method == "DELETE" and "/logins" in case.path
    check(case, cast, "client", cast.sign_in("client2") if ends_logins else cast.bearers["client"])


@of_bookings.parametrize()
@FEW
def test_no_input_of_a_guest_breaks_an_operation(case: Case[Any], cast: Cast) -> None:
    """The same with the token of a booking."""
    check(case, cast, "guest", cast.bearers["guest"])


@pytest.mark.parametrize("visitor", ["colleague", "admin"])
@of_staff.parametrize()
@FEW
def test_no_input_of_a_practices_staff_breaks_an_operation(
    case: Case[Any], cast: Cast, visitor: str
) -> None:
    """The same of who treats there and who runs it, at its bookings and calendars."""
    check(case, cast, visitor, cast.bearers[visitor])


@of_staff.parametrize()
@FEW
def test_no_input_of_another_practices_staff_breaks_an_operation(
    case: Case[Any], cast: Cast
) -> None:
    """The same of who runs another practice; what is asked for is no more there than unknown."""
    answer = check(case, cast, "admin2", cast.bearers["admin2"])
    if "{booking_id}" in case.path or "{practitioner_id}" in case.path:
        assert answer.status_code in {400, 404, 405, 422}


@of_practices.parametrize()
@FEW
def test_no_input_reaches_another_practice_under_ones_own(case: Case[Any], cast: Cast) -> None:
    """Their own practice in the path, with somebody else's calendar or booking."""
    answer = check(case, cast, "admin2", cast.bearers["admin2"], cast.elsewhere)
    assert answer.status_code in {400, 404, 405, 422}


@pytest.mark.parametrize("visitor", ["client", "guest"])
def test_operations_were_reached_with_rights(visitor: str) -> None:
    """The twin: bookings were read and previewed, and wrong content was refused by its fields."""
    path = "/api/v1/bookings/{booking_id}"
    assert (visitor, f"GET {path}", 200) in seen
    assert (visitor, f"GET {path}/cancellation", 200) in seen
    assert (visitor, f"GET {path}/payment", 200) in seen
    assert (visitor, f"POST {path}/rescheduling", 422) in seen


@pytest.mark.parametrize("visitor", ["colleague", "admin"])
def test_operations_of_staff_were_reached_with_rights(visitor: str) -> None:
    """The twin: hours were read and changed, and wrong content was refused by its fields."""
    path = "/api/v1/practices/{practice_id}/calendars/{practitioner_id}"
    assert (visitor, f"GET {path}/availability", 200) in seen
    assert (visitor, f"PUT {path}/hours", 200) in seen
    assert (visitor, f"POST {path}/time-off", 422) in seen


def test_nothing_of_a_practice_was_told_to_another_ones_staff() -> None:
    """Neither who comes there nor what for; its own clients were told of theirs."""
    assert told["admin2"] == set()
    assert told["client"]


def check(
    case: Case[Any], cast: Cast, visitor: str, bearer: str, practice: Clinic | None = None
) -> Response:
    """Send the case with the visitor's right, and what is an id in it as one of the cast's."""
    known = names(cast, visitor, practice or cast.clinic)
    case.path_parameters = named(case.path_parameters, known)
    if isinstance(case.body, dict):
        case.body = named(case.body, known) | at_version(case.body, cast)
    headers = {"Authorization": f"Bearer {bearer}"}
    answer = case.call(base_url=cast.product.base_url, headers=headers, timeout=60)
    seen.add((visitor, f"{case.method} {case.path}", answer.status_code))
    told.setdefault(visitor, set()).update(word for word in hidden(cast) if word in answer.text)
    case.validate_response(answer, checks=CHECKS)
    return answer


def names(cast: Cast, visitor: str, practice: Clinic) -> dict[str, str]:
    """By field, what there is to name."""
    clinic, booking = cast.clinic, cast.bookings.get(visitor, cast.bookings[STAFFS])
    return {
        "booking_id": str(booking.id),
        "practice_id": str(practice.id),
        "practitioner_id": str(cast.colleague.practitioner_id),
        "offering_id": str(clinic.offering_id),
        "price_id": str(clinic.price_id),
    }


def named(sent: Any, known: dict[str, str]) -> dict[str, Any]:
    """What was drawn, its ids those of the cast; whoever names a price agrees to its terms."""
    ids = {key: it for key, it in known.items() if is_id((sent or {}).get(key))}
    agreed = {"agreed_to": BOOKING_WORDS} if "price_id" in ids else {}
    return {**(sent or {}), **ids, **agreed}


def at_version(sent: dict[str, Any], cast: Cast) -> dict[str, int]:
    """The version of the calendar as it is, where one is named: changes of it are meant."""
    if type(sent.get("version")) is not int or sent["version"] < 1:
        return {}
    asked = "SELECT version FROM booking.schedules WHERE practitioner_id = %s"
    [(version,)] = cast.rows(asked, cast.colleague.practitioner_id)
    return {"version": version}


def hidden(cast: Cast) -> set[str]:
    """What only the people of the first practice know: who comes, and by which door."""
    doors = {one.join_path for one in cast.bookings.values()}
    return {CLIENT_NAME, GUEST_NAME, cast.people["client"].email, str(cast.client_id), *doors}


def is_id(value: object) -> bool:
    """Whether it names something by its form."""
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True
