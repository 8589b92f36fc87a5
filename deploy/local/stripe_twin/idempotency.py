"""Idempotency keys by Stripe's rules (https://docs.stripe.com/api/idempotent_requests).

A key belongs to one account. The first call claims it and, once executed, leaves its status
and body there, errors included; later calls with the same parameters get them again; other
parameters or another path are refused (400, `idempotency_error`); a call while the first one
runs gets 409. Keys are forgotten after 24 hours.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from deploy.local.stripe_twin.errors import Object, StripeError
from deploy.local.stripe_twin.store import Tx

KEPT_SECONDS = 24 * 3600
_LONGEST = 255


@dataclass(frozen=True)
class Claim:
    """The key of a call that may execute."""

    account: str
    key: str


@dataclass(frozen=True)
class Kept:
    """What the first call under the key was answered."""

    status: int
    body: str
    request_id: str


def claim(
    tx: Tx, account: str, key: str, *, method: str, path: str, params: Object, request_id: str
) -> Claim | Kept:
    """Take the key, or give the answer it keeps. Raises StripeError (400 or 409)."""
    if len(key) > _LONGEST:
        message = f"Idempotency keys may be at most {_LONGEST} characters long."
        raise StripeError(400, message, kind="idempotency_error", is_recorded=False)
    prune(tx)
    row = tx.sql.execute(
        "SELECT * FROM idempotency_keys WHERE account = ? AND key = ?", (account, key)
    ).fetchone()
    fingerprint = hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()
    if row is not None:
        _check_same(key, f"{method} {path}", fingerprint, row["path"], row["fingerprint"])
        if row["status"] is None:
            raise _in_use(key)
        return Kept(row["status"], row["body"], row["request_id"])
    tx.sql.execute(
        "INSERT INTO idempotency_keys (account, key, path, fingerprint, created, request_id)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (account, key, f"{method} {path}", fingerprint, tx.now, request_id),
    )
    return Claim(account, key)


def keep(tx: Tx, claimed: Claim, status: int, body: str) -> None:
    """Leave the answer under the key, in the transaction of its effects."""
    tx.sql.execute(
        "UPDATE idempotency_keys SET status = ?, body = ? WHERE account = ? AND key = ?",
        (status, body, claimed.account, claimed.key),
    )


def release(tx: Tx, claimed: Claim) -> None:
    """Forget a key whose call was refused before it executed."""
    tx.sql.execute(
        "DELETE FROM idempotency_keys WHERE account = ? AND key = ?",
        (claimed.account, claimed.key),
    )


def release_unfinished(tx: Tx) -> None:
    """At start: keys of calls that a kill interrupted. Their effects were rolled back."""
    tx.sql.execute("DELETE FROM idempotency_keys WHERE status IS NULL")


def prune(tx: Tx) -> None:
    """Forget keys older than 24 hours whose call is over."""
    tx.sql.execute(
        "DELETE FROM idempotency_keys WHERE created < ? AND status IS NOT NULL",
        (tx.now - KEPT_SECONDS,),
    )


def _check_same(key: str, path: str, fingerprint: str, first: str, first_print: str) -> None:
    if path != first:
        message = (
            "Keys for idempotent requests can only be used for the same endpoint they were first"
            f" used for ('{path.split()[1]}' vs '{first.split()[1]}'). Try using a key other than"
            f" '{key}' if you meant to execute a different request."
        )
    elif fingerprint != first_print:
        message = (
            "Keys for idempotent requests can only be used with the same parameters they were"
            f" first used with. Try using a key other than '{key}' if you meant to execute a"
            " different request."
        )
    else:
        return
    raise StripeError(400, message, kind="idempotency_error", is_recorded=False)


def _in_use(key: str) -> StripeError:
    message = (
        f"There is currently another in-progress request using this Idempotent Key ({key})."
        " Please try again later."
    )
    return StripeError(
        409, message, kind="idempotency_error", code="idempotency_key_in_use", is_recorded=False
    )
