"""Accounts: the platform's own and those connected to it. Onboarding is skipped."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from deploy.local.stripe_twin import events
from deploy.local.stripe_twin.call import Call, Route
from deploy.local.stripe_twin.config import DefaultAccount
from deploy.local.stripe_twin.currencies import checked_currency
from deploy.local.stripe_twin.errors import Object, no_such
from deploy.local.stripe_twin.ids import new_id, random_text
from deploy.local.stripe_twin.listing import page
from deploy.local.stripe_twin.params import ListParams, Metadata, Nested, Params, merged
from deploy.local.stripe_twin.shapes import list_of, shaped
from deploy.local.stripe_twin.store import Tx

_CURRENCIES = {
    "AU": "aud",
    "CA": "cad",
    "CH": "chf",
    "CZ": "czk",
    "DK": "dkk",
    "GB": "gbp",
    "JP": "jpy",
    "NO": "nok",
    "NZ": "nzd",
    "PL": "pln",
    "SE": "sek",
    "US": "usd",
}


class _Profile(Nested):
    name: str | None = None
    url: str | None = None
    support_email: str | None = None


class _CreateParams(Params):
    type: Literal["custom", "express", "standard"] = "standard"
    country: str = Field(default="US", min_length=2, max_length=2)
    email: str | None = None
    default_currency: str | None = None
    business_type: str | None = None
    business_profile: _Profile = Field(default_factory=_Profile)
    capabilities: dict[str, Any] = Field(default_factory=dict)
    controller: dict[str, Any] = Field(default_factory=dict)
    metadata: Metadata = Field(default_factory=dict)


class _UpdateParams(Params):
    email: str | None = None
    business_profile: _Profile | None = None
    metadata: Metadata | None = None


def ensure(tx: Tx, accounts: tuple[DefaultAccount, ...]) -> tuple[str, str]:
    """Make the platform and the default accounts that are missing; (platform, application)."""
    platform = tx.setting("platform")
    if platform is None:
        platform = new_id("account")
        tx.keep_setting("platform", platform)
        tx.keep_setting("application", "ca_" + random_text(32))
        tx.insert(platform, _account(tx.now, platform, "US", "usd", "Platform"))
    for wanted in accounts:
        if tx.get("account", wanted.id) is None:
            tx.insert(
                platform, _account(tx.now, wanted.id, wanted.country, wanted.currency, wanted.name)
            )
    return platform, str(tx.setting("application"))


def _account(now: int, account_id: str, country: str, currency: str, name: str | None) -> Object:
    body = shaped(
        "account",
        now=now,
        object_id=account_id,
        country=country,
        default_currency=currency,
        external_accounts=list_of(f"/v1/accounts/{account_id}/external_accounts", []),
    )
    body["business_profile"]["name"] = name
    body["settings"]["dashboard"]["display_name"] = name
    return body


def create(call: Call) -> Object:
    """POST /v1/accounts. The account can take charges at once."""
    params = call.checked(_CreateParams)
    country = params.country.upper()
    currency = checked_currency(
        params.default_currency or _CURRENCIES.get(country, "eur"), param="default_currency"
    )
    body = _account(call.now, new_id("account"), country, currency, params.business_profile.name)
    body.update(
        type=params.type,
        email=params.email,
        business_type=params.business_type,
        metadata=merged({}, params.metadata),
    )
    body["business_profile"].update(params.business_profile.model_dump(exclude_none=True))
    return call.tx.insert(call.platform, body)


def _found(call: Call, account_id: str) -> Object:
    body = call.tx.get("account", account_id)
    if body is None or (call.is_connected and account_id != call.account):
        raise no_such("account", account_id, param="account")
    return body


def retrieve(call: Call, id: str) -> Object:
    """GET /v1/accounts/{id}."""
    return _found(call, id)


def retrieve_current(call: Call) -> Object:
    """GET /v1/account: the account that the call is made for."""
    return _found(call, call.account)


def update(call: Call, id: str) -> Object:
    """POST /v1/accounts/{id}."""
    params, body = call.checked(_UpdateParams), _found(call, id)
    body["metadata"] = merged(body["metadata"], params.metadata)
    body["email"] = params.email or body["email"]
    if params.business_profile:
        body["business_profile"].update(params.business_profile.model_dump(exclude_none=True))
    return changed(call, body)


def changed(call: Call, body: Object) -> Object:
    """Save an account and tell so by `account.updated`."""
    call.tx.save(body)
    events.emit(call, "account.updated", body, account=body["id"])
    return body


def listed(call: Call) -> Object:
    """GET /v1/accounts: those connected to the platform."""
    found = page(call, "account", "/v1/accounts", call.checked(ListParams))
    found["data"] = [body for body in found["data"] if body["id"] != call.platform]
    return found


ROUTES = [
    Route("GET", "/v1/account", retrieve_current),
    Route("GET", "/v1/accounts", listed),
    Route("POST", "/v1/accounts", create),
    Route("GET", "/v1/accounts/{id}", retrieve),
    Route("POST", "/v1/accounts/{id}", update),
]
