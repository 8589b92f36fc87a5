"""A twin in a process of its own, and a receiver of its webhooks."""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import stripe

from deploy.local.ports import free_port
from tests.integration.standin import StandIn

KEY = "sk_test_twin_0123456789abcdef"
SECRET = "whsec_twin_0123456789abcdef"
BERLIN, TOKYO = "acct_berlin", "acct_tokyo"
ON_BERLIN: stripe.RequestOptions = {"stripe_account": BERLIN}
Json = dict[str, Any]


def eventually(check: Callable[[], Any], *, within: float = 8.0) -> Any:
    """The first true answer of `check`; fails after `within` seconds."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if found := check():
            return found
        time.sleep(0.03)
    raise AssertionError(f"{check} stayed false for {within} s")


class Receiver:
    """Keeps each webhook as (body, signature, instant); answers the statuses put in `answers`."""

    def __init__(self) -> None:
        self.heard: list[tuple[bytes, str, float]] = []
        self.answers: list[int] = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.heard.append((body, self.headers["Stripe-Signature"], time.time()))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhooks/stripe"

    def close(self) -> None:
        """Stop listening."""
        self.server.shutdown()
        self.server.server_close()

    def events(self, kind: str, about: str) -> list[Json]:
        """Events of that type about the object of that id, in the order they arrived."""
        bodies = [json.loads(body) for body, _, _ in self.heard]
        return [
            event
            for event in bodies
            if event["type"] == kind and about in json.dumps(event["data"]["object"])
        ]


@dataclass
class Twin(StandIn):
    """One twin: start it, kill it, talk to it."""

    module = "deploy.local.stripe_twin"
    data: Path
    webhook_url: str
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def settings(self) -> dict[str, str]:
        return {
            "TWIN_PORT": str(self.port),
            "TWIN_DATA_DIR": str(self.data),
            "TWIN_WEBHOOK_URL": self.webhook_url,
            "TWIN_WEBHOOK_SECRET": SECRET,
            "TWIN_API_KEY": KEY,
            "TWIN_DEFAULT_ACCOUNTS": f"{BERLIN}:DE:eur:Praxis Berlin, {TOKYO}:JP:jpy:Tokyo",
        }

    def client(self, *, key: str = KEY, retries: int = 0) -> stripe.StripeClient:
        return stripe.StripeClient(
            key, base_addresses={"api": self.url}, max_network_retries=retries
        )

    def control(self, method: str, path: str, body: Json | None = None) -> Any:
        """Call `/_twin/…`; raises urllib's HTTPError."""
        return self.ask(method, f"/_twin{path}", body)

    def fault(self, kind: str, **more: Any) -> None:
        self.control("POST", "/faults", {"kind": kind, "count": 1} | more)

    def pay(self, session: str, **more: Any) -> Json:
        paid: Json = self.control("POST", "/pay", {"session": session} | more)
        return paid


def order(amount: int = 9000, *, currency: str = "eur", **more: Any) -> Any:
    """Parameters of a Checkout Session over one line."""
    price = {
        "currency": currency,
        "unit_amount": amount,
        "product_data": {"name": "Appointment, 50 minutes"},
    }
    return {
        "mode": "payment",
        "line_items": [{"quantity": 1, "price_data": price}],
        "success_url": "http://127.0.0.1:9/done?s={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1:9/back",
        "customer_email": "jo@example.com",
    } | more


def open_session(twin: Twin, account: str = BERLIN, **more: Any) -> stripe.checkout.Session:
    """A fresh Checkout Session of a connected account."""
    return twin.client().v1.checkout.sessions.create(order(**more), {"stripe_account": account})


def paid_intent(twin: Twin, account: str = BERLIN, **more: Any) -> str:
    """The id of a PaymentIntent that was just paid."""
    intent = twin.pay(open_session(twin, account, **more).id)["payment_intent"]
    assert intent["status"] == "succeeded"
    return str(intent["id"])
