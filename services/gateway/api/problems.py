"""The problem answers of the API, for its OpenAPI document."""

from functools import cache
from typing import Any

from pydantic import BaseModel


class FieldError(BaseModel):
    """One field and what is wrong with it."""

    field: str
    detail: str


class Problem(BaseModel):
    """An error (RFC 9457). `errors` for wrong fields, `detail_values` for facts of a refusal."""

    type: str
    title: str
    status: int
    errors: list[FieldError] | None = None
    detail_values: dict[str, str] | None = None


FOR_ANYBODY: dict[str, Any] = {"security": [{}]}
"""Of a route that answers without a token as well: one more way beside the bearer's."""

MEANINGS = {
    400: "The request cannot be read",
    401: "Sign in first, or the token has ended",
    403: "Not allowed",
    404: "Unknown, or not yours to see",
    408: "The body did not arrive in time; the connection is closed",
    409: "A fact stands against it",
    413: "The body is too long; 64 KiB are taken",
    422: "Fields need another look",
    429: "Too many tries; see Retry-After",
    503: "A part is away for a moment; see Retry-After and repeat as it was",
}


@cache
def _schema() -> dict[str, Any]:
    """The schema of a problem in one piece: a `$defs` of its own is out of reach in OpenAPI."""
    schema = Problem.model_json_schema()
    schema["properties"]["errors"]["anyOf"][0]["items"] = schema.pop("$defs")["FieldError"]
    return schema


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI responses for these statuses, and for 422 and 503 that every route may give.

    Where a body may be unreadable (400), it may as well be late or too long (408, 413).
    """
    of_bodies = {408, 413} if 400 in statuses else set()
    return {
        status: {
            "description": MEANINGS[status],
            "content": {"application/problem+json": {"schema": _schema()}},
        }
        for status in sorted({*statuses, *of_bodies, 422, 503})
    }
