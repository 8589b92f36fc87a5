"""The Stripe twin as a process of its own, and the door that its webhooks come to."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import httpx

from deploy.local.ports import free_port
from deploy.local.settings import CHECKOUT
from services.billing.operations.webhooks import check_webhook, store_webhook
from services.common.clock import utc_now
from services.common.database import Database
from services.common.errors import Refusal
from services.contracts.billing import ReceiveWebhook

API_KEY = "sk_test_billing_integration"
SECRET = "whsec_billing_integration"


class Twin:
    """Its address, its switches, its log."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(base_url=url, timeout=10, trust_env=False)

    def pay(self, session: str, card: str = "4242424242424242") -> str:
        """Pay a page as a client would; the PaymentIntent's status."""
        answer = self._http.post("/_twin/pay", json={"session": session, "card": card})
        answer.raise_for_status()
        return str(answer.json()["status"])

    def fail(self, kind: str, **how: Any) -> None:
        """Switch a fault on."""
        self._http.post("/_twin/faults", json={"kind": kind, **how}).raise_for_status()

    def heal(self) -> None:
        """Switch all faults off."""
        self._http.delete("/_twin/faults").raise_for_status()

    def redeliver(self, type_: str) -> None:
        """Deliver all events of a type once more."""
        self._http.post("/_twin/webhooks/redeliver", json={"type": type_}).raise_for_status()

    def calls(self, method: str, path: str) -> list[dict[str, Any]]:
        """What was called, oldest first."""
        found = self._http.get("/_twin/log", params={"method": method, "path": path})
        return list(found.json())

    def objects(self, path: str, account: str) -> list[dict[str, Any]]:
        """A list of an account's objects, newest first."""
        headers = {"Authorization": f"Bearer {API_KEY}", "Stripe-Account": account}
        found = self._http.get(f"/v1/{path}", params={"limit": 100}, headers=headers)
        found.raise_for_status()
        return list(found.json()["data"])

    def page(self, session: str) -> str:
        """The payment page as a client sees it."""
        return self._http.get(f"/c/pay/{session}").raise_for_status().text

    def connect(self, country: str, currency: str) -> str:
        """A new connected account's id."""
        made = self._http.post(
            "/v1/accounts",
            data={"country": country, "default_currency": currency},
            headers={"Authorization": f"Bearer {API_KEY}"},
        )
        made.raise_for_status()
        return str(made.json()["id"])

    def allow_charges(self, account: str, is_allowed: bool) -> None:
        """What Stripe may decide about an account at any time."""
        told = {"id": account, "charges_enabled": is_allowed}
        self._http.post("/_twin/accounts", json=told).raise_for_status()

    def befall(self, what: str, **how: str) -> dict[str, Any]:
        """What may happen to money after it was paid: `refunds/fail`, `disputes/open` …"""
        told = self._http.post(f"/_twin/{what}", json=how).raise_for_status()
        return dict(told.json())

    def close(self) -> None:
        self._http.close()


@contextmanager
def running_twin(data_dir: Path, webhook_url: str) -> Iterator[Twin]:
    """The twin for the length of a `with` block."""
    port = free_port()
    told = {
        "TWIN_PORT": str(port),
        "TWIN_DATA_DIR": str(data_dir),
        "TWIN_API_KEY": API_KEY,
        "TWIN_WEBHOOK_URL": webhook_url,
        "TWIN_WEBHOOK_SECRET": SECRET,
    }
    argv = [sys.executable, "-m", "deploy.local.stripe_twin"]
    with (data_dir / "twin.log").open("ab") as log:
        process = subprocess.Popen(
            argv, cwd=CHECKOUT, env={**os.environ, **told}, stdout=log, stderr=log
        )
    twin = Twin(f"http://127.0.0.1:{port}")
    try:
        _wait(twin.url)
        yield twin
    finally:
        twin.close()
        process.terminate()
        process.wait(10)


@contextmanager
def webhook_door(database: Database) -> Iterator[str]:
    """What the gateway and billing do with a webhook, without the broker between; its address."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            command = ReceiveWebhook(payload=body, signature=self.headers["Stripe-Signature"])
            self.send_response(_receive(database, command))
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/webhooks/stripe"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _receive(database: Database, command: ReceiveWebhook) -> int:
    try:
        event = check_webhook(command, SECRET, utc_now())
        with database.plumbing() as tx:
            store_webhook(tx, event, now=utc_now())
    except Refusal:
        return 400
    return 200


def _wait(url: str) -> None:
    until = monotonic() + 20
    while monotonic() < until:
        with suppress(httpx.HTTPError):
            if httpx.get(f"{url}/livez", trust_env=False).status_code == 200:
                return
        sleep(0.1)
    raise TimeoutError("the twin did not start")
