"""Customers."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from deploy.local.stripe_twin import events
from deploy.local.stripe_twin.call import Call, Route
from deploy.local.stripe_twin.errors import Object
from deploy.local.stripe_twin.ids import random_text
from deploy.local.stripe_twin.listing import page
from deploy.local.stripe_twin.params import ListParams, Metadata, Params, merged
from deploy.local.stripe_twin.shapes import shaped


class _CreateParams(Params):
    email: str | None = None
    name: str | None = None
    phone: str | None = None
    description: str | None = None
    preferred_locales: list[str] = Field(default_factory=list)
    metadata: Metadata = Field(default_factory=dict)


class _UpdateParams(Params):
    email: str | None = None
    name: str | None = None
    phone: str | None = None
    description: str | None = None
    metadata: Metadata | None = None


class _ListParams(ListParams):
    email: str | None = None


def create(call: Call) -> Object:
    """POST /v1/customers."""
    params = call.checked(_CreateParams)
    fields = params.model_dump(exclude={"expand", "metadata"})
    return insert(call, metadata=merged({}, params.metadata), **fields)


def insert(call: Call, **fields: Any) -> Object:
    """A new customer of the call's account, and `customer.created`."""
    body = shaped("customer", now=call.now, invoice_prefix=random_text(8).upper(), **fields)
    call.tx.insert(call.account, body)
    events.emit(call, "customer.created", body)
    return body


def retrieve(call: Call, id: str) -> Object:
    """GET /v1/customers/{id}."""
    return call.own("customer", id)


def update(call: Call, id: str) -> Object:
    """POST /v1/customers/{id}: what is given replaces, an empty text removes."""
    params, body = call.checked(_UpdateParams), call.own("customer", id)
    given = params.model_dump(exclude={"expand", "metadata"}, exclude_none=True)
    body.update({name: value or None for name, value in given.items()})
    body["metadata"] = merged(body["metadata"], params.metadata)
    call.tx.save(body)
    events.emit(call, "customer.updated", body)
    return body


def listed(call: Call) -> Object:
    """GET /v1/customers, by email."""
    params = call.checked(_ListParams)
    return page(call, "customer", "/v1/customers", params, email=params.email)


ROUTES = [
    Route("GET", "/v1/customers", listed),
    Route("POST", "/v1/customers", create),
    Route("GET", "/v1/customers/{id}", retrieve),
    Route("POST", "/v1/customers/{id}", update),
]
