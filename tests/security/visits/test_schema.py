"""Strange input at the API with rights: as a client and as a guest, about bookings of their own.

Each operation gets the boundary cases of its document (missing, empty, longest, one too many,
wrong types, other methods) and a few that chance drew. tests/e2e does the same as nobody.
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
from uuid_utils.compat import uuid7

from services.gateway.openapi import DOCUMENT
from tests.security.visits.cast import Cast

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
schemathesis.openapi.format("uuid7", strategies.builds(lambda: str(uuid7())))
schema = schemathesis.openapi.from_path(str(Path(DOCUMENT)))
of_bookings = schema.include(path_regex="/bookings")
seen: set[tuple[str, str, int]] = set()


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


@pytest.mark.parametrize("visitor", ["client", "guest"])
def test_operations_were_reached_with_rights(visitor: str) -> None:
    """The twin: bookings were read and previewed, and wrong content was refused by its fields."""
    path = "/api/v1/bookings/{booking_id}"
    assert (visitor, f"GET {path}", 200) in seen
    assert (visitor, f"GET {path}/cancellation", 200) in seen
    assert (visitor, f"GET {path}/payment", 200) in seen
    assert (visitor, f"POST {path}/rescheduling", 422) in seen


def check(case: Case[Any], cast: Cast, visitor: str, bearer: str) -> None:
    """Send the case with the visitor's right; a booking that is named by form is their own."""
    if is_id((case.path_parameters or {}).get("booking_id")):
        case.path_parameters["booking_id"] = str(cast.bookings[visitor].id)
    headers = {"Authorization": f"Bearer {bearer}"}
    answer = case.call(base_url=cast.product.base_url, headers=headers, timeout=60)
    seen.add((visitor, f"{case.method} {case.path}", answer.status_code))
    case.validate_response(answer, checks=CHECKS)


def is_id(value: object) -> bool:
    """Whether it names a booking by its form."""
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True
