"""What a resource gets to see of one API call, and how resources name their routes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel

from deploy.local.stripe_twin.errors import Object, no_such
from deploy.local.stripe_twin.params import checked
from deploy.local.stripe_twin.store import Tx

P = TypeVar("P", bound=BaseModel)


@dataclass(frozen=True)
class Call:
    """One call inside its transaction.

    `account` owns what the call touches: the account of the `Stripe-Account` header, else the
    platform itself. `public_url` is where the twin's pages are reached.
    """

    tx: Tx
    account: str
    platform: str
    application: str
    public_url: str
    params: Object
    request_id: str | None = None
    idempotency_key: str | None = None

    @property
    def now(self) -> int:
        """The twin's clock, epoch seconds."""
        return self.tx.now

    @property
    def is_connected(self) -> bool:
        """Whether the platform acts for a connected account (a direct charge)."""
        return self.account != self.platform

    def checked(self, model: type[P]) -> P:
        """The parameters as their model, or a StripeError (400)."""
        return checked(model, self.params)

    def own(self, kind: str, object_id: str, *, param: str = "id", status: int = 404) -> Object:
        """The account's object of that id, or `No such …` (404; 400 for a parameter)."""
        found = self.tx.get(kind, object_id, self.account)
        if found is None:
            raise no_such(kind, object_id, param=param, status=status)
        return found


Handler = Callable[..., Object]


@dataclass(frozen=True)
class Route:
    """A method, a path such as `/v1/refunds/{id}`, and who answers it."""

    method: str
    path: str
    handler: Handler

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """The parts of the path by name, or None when this route is not meant."""
        if method != self.method:
            return None
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path)
        found = re.fullmatch(pattern, path)
        return None if found is None else found.groupdict()
