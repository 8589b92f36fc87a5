"""Stripe's error answers: a status and `{"error": {type, code, param, message}}`."""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]


class StripeError(Exception):
    """An answer that is an error.

    `is_recorded` says whether an idempotency key keeps it: Stripe keeps what happened once
    execution began, and forgets refusals that came before it (bad parameters, conflicts).
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        is_recorded: bool = True,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind
        self.code = code
        self.param = param
        self.is_recorded = is_recorded

    def body(self) -> Object:
        """The JSON body; absent parts are left out, as Stripe does."""
        error: Object = {"message": self.message, "type": self.kind}
        if self.code:
            error["code"] = self.code
            error["doc_url"] = "https://stripe.com/docs/error-codes/" + self.code.replace("_", "-")
        if self.param:
            error["param"] = self.param
        return {"error": error}


def refused(message: str, *, code: str | None = None, param: str | None = None) -> StripeError:
    """A 400 that the state of things caused; kept under the idempotency key."""
    return StripeError(400, message, code=code, param=param)


def invalid(message: str, *, param: str, code: str | None = None) -> StripeError:
    """A 400 that the parameters alone caused; not kept under the idempotency key."""
    return StripeError(400, message, code=code, param=param, is_recorded=False)


def no_such(kind: str, object_id: str, *, param: str = "id", status: int = 404) -> StripeError:
    """`No such <kind>`: 404 for an id in the path, 400 for one among the parameters."""
    message = f"No such {kind}: '{object_id}'"
    return StripeError(status, message, code="resource_missing", param=param)


def server_error(message: str) -> StripeError:
    """A 500 of type `api_error`."""
    return StripeError(500, message, kind="api_error")
