"""Whom and what a request is about, and the form of what is sent to a route."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.security.visits.cast import Cast

Sent = dict[str, str]
#: No calendar was changed so often.
NO_VERSION = "999999"


@dataclass(frozen=True, slots=True)
class Target:
    """The ids that a request names: a booking, the link to it, a calendar, a course, a note, a
    client, an invoice."""

    booking_id: UUID
    link: str
    code: str
    starts_at: str
    practitioner_id: UUID
    course_id: UUID
    plan_id: UUID
    note_id: UUID
    client_id: UUID
    invoice_id: UUID


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to send beside the path: a query, an API body, or the fields of a web form."""

    query: Callable[[Cast, Target], Sent] | None = None
    body: Callable[[Cast, Target], dict[str, Any]] | None = None
    form: Callable[[Cast, Target], Sent] | None = None
    path: Sent = field(default_factory=dict)
