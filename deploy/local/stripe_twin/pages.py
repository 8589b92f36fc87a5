"""The payment page: pay, 3-D Secure, and the ends of a Checkout Session. No JavaScript."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from babel.numbers import format_currency
from jinja2 import Environment, FileSystemLoader, select_autoescape

from deploy.local.stripe_twin import checkout, expiry, payments
from deploy.local.stripe_twin.api import Api
from deploy.local.stripe_twin.call import Call
from deploy.local.stripe_twin.cards import TEST_CARDS, Card, card_of
from deploy.local.stripe_twin.currencies import exponent
from deploy.local.stripe_twin.errors import Object, StripeError
from deploy.local.stripe_twin.store import Store, Tx

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)
STYLE = (Path(__file__).parent / "templates" / "style.css").read_text("utf-8")


@dataclass(frozen=True)
class Page:
    """A page, or a redirect to `location`. `origins` may be the target of its forms."""

    status: int
    html: str = ""
    location: str | None = None
    origins: tuple[str, ...] = ()


class PaymentPages:
    """What the payer sees. Each method is one request in one transaction."""

    def __init__(self, store: Store, api: Api) -> None:
        self._store = store
        self._api = api

    def show(self, session_id: str) -> Page:
        """The page to pay on, or how the session ended (paid 200, expired 410, unknown 404)."""
        with self._store.transaction() as tx:
            found = self._found(tx, session_id)
            if found is None:
                return _end("unknown", 404, None)
            call, session = found
            expiry.expire_if_due(call, session)
            if session["status"] != "open":
                return _ended(call, session)
            return _pay_page(call, session, **_last_try(call, session))

    def pay(self, session_id: str, typed: dict[str, str]) -> Page:
        """Pay with what was typed, then lead on; a wrong number shows the page again (422)."""
        with self._store.transaction() as tx:
            found = self._found(tx, session_id)
            if found is None:
                return _end("unknown", 404, None)
            call, session = found
            if session["status"] != "open":
                return _ended(call, session)
            try:
                card = _typed_card(typed)
                email = session["customer_email"] or _typed_email(typed)
            except StripeError as wrong:
                return _pay_page(call, session, error=wrong.message, typed=typed, status=422)
            return _paid(call, session, card, payments.Payer(email, typed.get("name") or None))

    def ask(self, session_id: str) -> Page:
        """The bank's 3-D Secure page."""
        with self._store.transaction() as tx:
            found = self._found(tx, session_id)
            if found is None:
                return _end("unknown", 404, None)
            call, session = found
            expiry.expire_if_due(call, session)
            if session["status"] != "open":
                return _ended(call, session)
            return _html("authenticate.html", 200, call, session)

    def authenticate(self, session_id: str, *, is_granted: bool) -> Page:
        """The payer's answer to the bank."""
        with self._store.transaction() as tx:
            found = self._found(tx, session_id)
            if found is None:
                return _end("unknown", 404, None)
            call, session = found
            try:
                intent = payments.authenticate(call, session, is_granted=is_granted)
            except StripeError:
                return Page(303, location=f"/c/pay/{session_id}")
            return _after(session, intent)

    def _found(self, tx: Tx, session_id: str) -> tuple[Call, Object] | None:
        session = tx.get("checkout.session", session_id)
        if session is None:
            return None
        return self._api.call_for(tx, tx.account_of(session_id)), session


def success_url(session: Object) -> str:
    """Where a paid session leads, its id filled in."""
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def cancel_url(session: Object) -> str | None:
    """Where "back" leads, or None."""
    url = session["cancel_url"]
    return None if url is None else str(url).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _paid(call: Call, session: Object, card: Card, payer: payments.Payer) -> Page:
    try:
        return _after(session, payments.pay(call, session, card, payer))
    except StripeError:
        return Page(303, location=f"/c/pay/{session['id']}")


def _after(session: Object, intent: Object) -> Page:
    if intent["status"] == "succeeded":
        return Page(303, location=success_url(session))
    suffix = "/authenticate" if intent["status"] == "requires_action" else ""
    return Page(303, location=f"/c/pay/{session['id']}{suffix}")


def _typed_card(typed: dict[str, str]) -> Card:
    if typed.get("test_card"):
        return card_of(typed["test_card"])
    card = card_of(typed.get("number", ""))
    month, year = _typed_expiry(typed.get("expiry", ""))
    code = typed.get("cvc", "")
    if not code.isdecimal() or len(code) not in (3, 4):
        raise StripeError(402, "Your card's security code is invalid.", code="invalid_cvc")
    return Card(card.number, card.brand, card.outcome, card.label, card.decline, month, year)


def _typed_expiry(text: str) -> tuple[int, int]:
    month, _, year = text.replace(" ", "").partition("/")
    are_numbers = month.isdecimal() and year.isdecimal() and len(year) in (2, 4)
    if not are_numbers or not 1 <= int(month) <= 12:
        raise StripeError(402, "Your card's expiration date is invalid: type it as MM / YY.")
    full = int(year) % 100 + 2000
    now = time.gmtime()
    if (full, int(month)) < (now.tm_year, now.tm_mon):
        raise StripeError(402, "Your card's expiration date is in the past.")
    return int(month), full


def _typed_email(typed: dict[str, str]) -> str:
    email = typed.get("email", "").strip()
    name, at, host = email.partition("@")
    if not (name and at and host) or any(letter.isspace() for letter in email):
        raise StripeError(402, "Type an email address, such as name@example.com.")
    return email


def _last_try(call: Call, session: Object) -> dict[str, Any]:
    """What went wrong when the session was last tried, and the email and name typed then."""
    intent = call.tx.get("payment_intent", session["payment_intent"] or "")
    problem = intent["last_payment_error"] if intent else None
    if not problem:
        return {"error": None, "typed": {}}
    billing = problem["payment_method"]["billing_details"]
    typed = {name: billing[name] for name in ("email", "name") if billing[name]}
    return {"error": problem["message"], "typed": typed}


def shown_amount(amount: int, currency: str) -> str:
    """Minor units as people write them: 4500 eur → €45.00."""
    return format_currency(amount / 10 ** exponent(currency), currency.upper(), locale="en_GB")


def _pay_page(
    call: Call, session: Object, *, error: str | None, typed: dict[str, str], status: int = 200
) -> Page:
    lines = [
        {
            "name": item["description"],
            "quantity": item["quantity"],
            "amount": shown_amount(item["amount_total"], item["currency"]),
        }
        for item in checkout.line_items(call, session)["data"]
    ]
    return _html(
        "pay.html",
        status,
        call,
        session,
        error=error,
        typed=typed,
        lines=lines,
        test_cards=TEST_CARDS,
    )


def _ended(call: Call, session: Object) -> Page:
    is_paid = session["status"] == "complete"
    return _end("paid" if is_paid else "expired", 200 if is_paid else 410, session)


def _end(state: str, status: int, session: Object | None) -> Page:
    links = {"success": success_url(session), "cancel": cancel_url(session)} if session else {}
    html = _TEMPLATES.get_template("end.html").render(state=state, **links)
    return Page(status, html)


def _html(template: str, status: int, call: Call, session: Object, **values: Any) -> Page:
    account = call.tx.get("account", call.account)
    html = _TEMPLATES.get_template(template).render(
        session=session,
        total=shown_amount(session["amount_total"], session["currency"]),
        cancel=cancel_url(session),
        payee=(account or {}).get("settings", {}).get("dashboard", {}).get("display_name"),
        **values,
    )
    parts = urlsplit(success_url(session))
    return Page(status, html, origins=(f"{parts.scheme}://{parts.netloc}",))
