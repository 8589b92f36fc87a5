"""Delivering events: signed like Stripe's, at least once, in no promised order.

What is due is a row on disk, so a killed twin goes on where it was. Signatures carry the real
time and not the twin's clock, because the receiver compares them with its own.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from deploy.local.stripe_twin.store import Store, Tx

_log = logging.getLogger(__name__)
GIVE_UP_SECONDS = 3 * 24 * 3600
LONGEST_WAIT_SECONDS = 3600.0
_POLL_SECONDS = 0.05
_TIMEOUT_SECONDS = 10.0
_AT_ONCE = 8


def signature(payload: bytes, secret: str, timestamp: int) -> str:
    """The `Stripe-Signature` header (https://docs.stripe.com/webhooks#verify-manually)."""
    signed = str(timestamp).encode() + b"." + payload
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def wait_before(attempt: int, longest: float = LONGEST_WAIT_SECONDS) -> float:
    """Seconds before the next try after `attempt` failed ones: 1, 2, 4 … up to `longest`."""
    return min(2.0 ** min(attempt - 1, 12), longest)


@dataclass(frozen=True)
class _Due:
    id: int
    event_id: str
    attempts: int
    first_at: float


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Stripe takes a redirect for a failure."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


class Courier:
    """A thread that hands what is due to a few senders, until it is stopped."""

    def __init__(self, store: Store, url: str, secret: str, longest_wait: float) -> None:
        self._store = store
        self._url = url
        self._secret = secret
        self._longest_wait = longest_wait
        self._stopping = threading.Event()
        self._busy: set[int] = set()
        self._opener = urllib.request.build_opener(_NoRedirect)
        self._senders = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="webhook")
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the deliveries under way and stop."""
        self._stopping.set()
        self._thread.join(_TIMEOUT_SECONDS)
        self._senders.shutdown(wait=True, cancel_futures=True)

    def _run(self) -> None:
        while not self._stopping.wait(_POLL_SECONDS):
            try:
                for due in self._due():
                    self._busy.add(due.id)
                    self._senders.submit(self._deliver, due)
            except Exception:
                _log.exception("the courier stumbled")

    def _due(self) -> list[_Due]:
        with self._store.transaction() as tx:
            rows = tx.sql.execute(
                "SELECT id, event_id, attempts, first_at FROM deliveries WHERE state = 'due'"
                " AND next_at <= ? ORDER BY next_at LIMIT 100",
                (time.time(),),
            ).fetchall()
        found = [_Due(row["id"], row["event_id"], row["attempts"], row["first_at"]) for row in rows]
        return [due for due in found if due.id not in self._busy][: 2 * _AT_ONCE]

    def _deliver(self, due: _Due) -> None:
        try:
            with self._store.transaction() as tx:
                event = tx.get("event", due.event_id)
            status, error = self._send(json.dumps(event, indent=2).encode())
            with self._store.transaction() as tx:
                _note(tx, due, status, error, self._longest_wait)
        except Exception:
            _log.exception("event %s was not delivered", due.event_id)
        finally:
            self._busy.discard(due.id)

    def _send(self, payload: bytes) -> tuple[int | None, str | None]:
        request = urllib.request.Request(
            self._url,
            payload,
            {
                "Content-Type": "application/json; charset=utf-8",
                "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
                "Stripe-Signature": signature(payload, self._secret, int(time.time())),
            },
        )
        try:
            with self._opener.open(request, timeout=_TIMEOUT_SECONDS) as response:
                return response.status, None
        except urllib.error.HTTPError as refusal:
            return refusal.code, None
        except OSError as failure:
            return None, str(failure)


def _note(tx: Tx, due: _Due, status: int | None, error: str | None, longest_wait: float) -> None:
    """What came of a try: delivered, due again later, or given up after three days."""
    is_delivered = status is not None and 200 <= status < 300
    attempts, now = due.attempts + 1, time.time()
    is_over = now - due.first_at >= GIVE_UP_SECONDS
    state = "delivered" if is_delivered else "given_up" if is_over else "due"
    tx.sql.execute(
        "UPDATE deliveries SET state = ?, attempts = ?, next_at = ?, last_status = ?,"
        " last_error = ? WHERE id = ?",
        (state, attempts, now + wait_before(attempts, longest_wait), status, error, due.id),
    )
    event = tx.get("event", due.event_id)
    if is_delivered and event is not None:
        tx.save(event | {"pending_webhooks": 0})
