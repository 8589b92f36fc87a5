"""A file as beancount's own loader reads it: its errors, and what it has on each account."""

from dataclasses import dataclass
from typing import Any

from beancount import loader
from beancount.core import realization

_REALIZE: Any = realization.realize
_ACCOUNTS: Any = realization.iter_children


@dataclass(frozen=True, slots=True)
class PlainBooks:
    """What the loader found; `balances` by account at the end, as "173.90 EUR"."""

    errors: list[str]
    title: str
    balances: dict[str, set[str]]


def read_beancount(text: str) -> PlainBooks:
    """Load the text as the program does."""
    entries, errors, options = loader.load_string(text)
    accounts = _ACCOUNTS(_REALIZE(entries), leaf_only=True)
    balances = {
        one.account: {str(position.units) for position in one.balance}
        for one in accounts
        if not one.balance.is_empty()
    }
    return PlainBooks([one.message for one in errors], options["title"], balances)
