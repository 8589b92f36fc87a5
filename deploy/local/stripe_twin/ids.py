"""Identifiers that look like Stripe's: a prefix and random letters and digits."""

from __future__ import annotations

import secrets
import string

_ALPHABET = string.ascii_letters + string.digits
_PREFIXES = {
    "account": "acct_1",
    "application_fee": "fee_1",
    "balance_transaction": "txn_1",
    "charge": "ch_3",
    "customer": "cus_",
    "dispute": "dp_1",
    "event": "evt_1",
    "fee_refund": "fr_1",
    "item": "li_1",
    "payment_intent": "pi_3",
    "payment_method": "pm_1",
    "price": "price_1",
    "product": "prod_",
    "refund": "re_3",
}


def random_text(length: int) -> str:
    """`length` random letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def new_id(kind: str) -> str:
    """A fresh id of that kind of object."""
    if kind == "checkout.session":
        return "cs_test_a1" + random_text(56)
    return _PREFIXES[kind] + random_text(16 if kind in ("customer", "product", "account") else 23)
