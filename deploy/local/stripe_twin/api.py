"""One API call from its bytes to its answer: authentication, faults, idempotency, execution."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import logging
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import stripe

from deploy.local.stripe_twin import faults, idempotency
from deploy.local.stripe_twin.call import Call, Handler
from deploy.local.stripe_twin.errors import Object, StripeError, invalid, server_error
from deploy.local.stripe_twin.forms import decode
from deploy.local.stripe_twin.ids import random_text
from deploy.local.stripe_twin.listing import expanded
from deploy.local.stripe_twin.resources import ROUTES
from deploy.local.stripe_twin.store import Store, Tx

_log = logging.getLogger(__name__)
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(\.[a-z_]+)?")


@dataclass(frozen=True)
class Request:
    """What came over HTTP; header names are in lower case."""

    method: str
    path: str
    query: str
    body: bytes
    headers: Mapping[str, str]
    request_id: str = field(default_factory=lambda: "req_" + random_text(14))


@dataclass(frozen=True)
class Answer:
    """What goes back; with `is_dropped` nothing does and the connection is closed."""

    status: int
    body: str
    headers: dict[str, str]
    is_dropped: bool = False


@dataclass(frozen=True)
class Identity:
    """The platform that the key belongs to."""

    api_key: str
    platform: str
    application: str
    public_url: str


class Api:
    """Answers `/v1/…`. Thread-safe: each call runs in transactions of its own."""

    def __init__(self, store: Store, identity: Identity) -> None:
        self._store = store
        self._identity = identity

    def answer(self, request: Request) -> Answer:
        """Execute one call, at most once per idempotency key, and log it."""
        with self._store.transaction() as tx:
            plan = faults.call_plan(tx, request.method, request.path)
        try:
            done = self._guarded(request, plan)
        except StripeError as refusal:
            done = _answer(request, refusal.status, json.dumps(refusal.body()))
        except Exception:
            _log.exception("%s %s failed", request.method, request.path)
            body = server_error("The twin itself failed; see its log.").body()
            done = _answer(request, 500, json.dumps(body))
        with self._store.transaction() as tx:
            log(tx, request, done, str(plan))
        return done

    def _guarded(self, request: Request, plan: faults.CallPlan) -> Answer:
        account = self._account(request)
        if "rate_limit" in plan:
            raise StripeError(429, "Too many requests. Please slow down.", code="rate_limit")
        if "error_before" in plan:
            raise server_error("An error occurred before the request was executed.")
        params = decode(request.query if request.method in ("GET", "DELETE") else _text(request))
        handler, parts = _routed(request)
        claimed = self._claimed(request, account, params)
        if isinstance(claimed, idempotency.Kept):
            return _replay(request, claimed, is_dropped="drop_answer" in plan)
        if plan.delay:  # to sleep for no time is to let everybody else go first
            time.sleep(plan.delay)
        call_parts = (handler, parts, params, account)
        return self._executed(request, plan, claimed, call_parts)

    def _claimed(
        self, request: Request, account: str, params: Object
    ) -> idempotency.Claim | idempotency.Kept | None:
        key = request.headers.get("idempotency-key")
        if not key or request.method != "POST":
            return None
        with self._store.transaction() as tx:
            return idempotency.claim(
                tx,
                account,
                key,
                method=request.method,
                path=request.path,
                params=params,
                request_id=request.request_id,
            )

    def _executed(
        self,
        request: Request,
        plan: faults.CallPlan,
        claimed: idempotency.Claim | None,
        call_parts: tuple[Handler, dict[str, str], Object, str],
    ) -> Answer:
        """Effects and the answer kept under the key are one commit."""
        handler, parts, params, account = call_parts
        try:
            with self._store.transaction() as tx:
                call = self._call(tx, request, params, account)
                body = expanded(call, handler(call, **parts), params.get("expand"))
                status, text = 200, json.dumps(body)
                if "error_after" in plan:
                    status, text = 500, json.dumps(server_error("An unknown error occurred").body())
                if claimed:
                    idempotency.keep(tx, claimed, status, text)
        except StripeError as refusal:
            self._close(claimed, refusal)
            raise
        except BaseException:
            self._close(claimed, None)
            raise
        done = _answer(request, status, text, is_dropped="drop_answer" in plan)
        return _discouraged(done) if claimed else done

    def _close(self, claimed: idempotency.Claim | None, refusal: StripeError | None) -> None:
        if claimed is None:
            return
        with self._store.transaction() as tx:
            if refusal is not None and refusal.is_recorded:
                text = json.dumps(refusal.body())
                idempotency.keep(tx, claimed, refusal.status, text)
            else:
                idempotency.release(tx, claimed)

    def call_for(self, tx: Tx, account: str) -> Call:
        """A call that nobody made over the API: the payment page, the clock, a test."""
        identity = self._identity
        return Call(tx, account, identity.platform, identity.application, identity.public_url, {})

    def _call(self, tx: Tx, request: Request, params: Object, account: str) -> Call:
        identity = self._identity
        return Call(
            tx,
            account,
            identity.platform,
            identity.application,
            identity.public_url,
            params,
            request.request_id,
            request.headers.get("idempotency-key"),
        )

    def _account(self, request: Request) -> str:
        key = _key_of(request.headers.get("authorization", ""))
        if not hmac.compare_digest(key.encode(), self._identity.api_key.encode()):
            raise StripeError(401, f"Invalid API Key provided: {_masked(key)}", is_recorded=False)
        version = request.headers.get("stripe-version", stripe.api_version)
        if not _VERSION.fullmatch(version):
            raise invalid(f"Invalid Stripe API version: {version}", param="Stripe-Version")
        account = request.headers.get("stripe-account")
        if account is None or account == self._identity.platform:
            return self._identity.platform
        with self._store.transaction() as tx:
            if tx.get("account", account) is None:
                raise StripeError(
                    403,
                    f"The provided key '{_masked(key)}' does not have access to account"
                    f" '{account}' (or that account does not exist). Application access may have"
                    " been revoked.",
                    code="account_invalid",
                    is_recorded=False,
                )
        return account


def _key_of(header: str) -> str:
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer" and value:
        return value.strip()
    if scheme.lower() == "basic" and value:
        try:
            return base64.b64decode(value).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    raise StripeError(
        401,
        "You did not provide an API key. You need to provide your API key in the"
        " Authorization header, using Bearer auth (e.g. 'Authorization: Bearer"
        " YOUR_SECRET_KEY').",
        is_recorded=False,
    )


def _masked(key: str) -> str:
    return key[:8] + "*" * max(len(key) - 12, 3) + key[-4:] if len(key) > 12 else "*" * len(key)


def _text(request: Request) -> str:
    try:
        return request.body.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise invalid("The request body is not valid UTF-8.", param="body") from wrong


def _routed(request: Request) -> tuple[Handler, dict[str, str]]:
    for route in ROUTES:
        parts = route.match(request.method, request.path)
        if parts is not None:
            return route.handler, parts
    raise StripeError(
        404,
        f"Unrecognized request URL ({request.method}: {request.path}). Please see"
        " https://stripe.com/docs or we can help at https://support.stripe.com/.",
        is_recorded=False,
    )


def _answer(request: Request, status: int, body: str, *, is_dropped: bool = False) -> Answer:
    headers = {
        "Request-Id": request.request_id,
        "Stripe-Version": request.headers.get("stripe-version", stripe.api_version),
    }
    for name, shown in (
        ("idempotency-key", "Idempotency-Key"),
        ("stripe-account", "Stripe-Account"),
    ):
        if name in request.headers:
            headers[shown] = request.headers[name]
    return Answer(status, body, headers, is_dropped)


def _replay(request: Request, kept: idempotency.Kept, *, is_dropped: bool) -> Answer:
    answer = _answer(request, kept.status, kept.body, is_dropped=is_dropped)
    answer.headers["Idempotent-Replayed"] = "true"
    answer.headers["Original-Request"] = kept.request_id
    return _discouraged(answer)


def _discouraged(answer: Answer) -> Answer:
    """A failure that its key keeps: repeating it would only bring it back."""
    if answer.status >= 500:
        answer.headers["Stripe-Should-Retry"] = "false"
    return answer


def log(tx: Tx, request: Request, done: Answer, fault: str) -> None:
    """Note the call for `GET /_twin/log`."""
    tx.sql.execute(
        "INSERT INTO calls (at, method, path, account, idempotency_key, request_id, status,"
        " is_replayed, fault) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            time.time(),
            request.method,
            request.path,
            request.headers.get("stripe-account"),
            request.headers.get("idempotency-key"),
            request.request_id,
            done.status,
            "Idempotent-Replayed" in done.headers,
            fault or None,
        ),
    )
