"""The journal as beancount text, complete in itself.

It opens every account, begins with the balances before the first day, and ends with an assertion
of each balance after the last, exact to the minor unit, so that the program itself refuses a
file that does not add up.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from services.billing.domain.accounts import Account
from services.billing.domain.chart import CHART, Nature
from services.billing.domain.journal import Books, Movement, plain
from services.billing.domain.ledger import Posting

ROOTS = {
    Nature.ASSET: "Assets",
    Nature.LIABILITY: "Liabilities",
    Nature.INCOME: "Income",
    Nature.EXPENSE: "Expenses",
    Nature.CLEARING: "Equity",
}
DAY = timedelta(days=1)


def name_of(account: Account) -> str:
    """ "Assets:StripeBalance"."""
    words = account.value.split("_")
    return f"{ROOTS[CHART[account].nature]}:{''.join(word.capitalize() for word in words)}"


def head(books: Books) -> str:
    """Options, the accounts, and what was on them before the first day."""
    before = books.first - DAY
    title = books.name.replace("\\", "\\\\").replace('"', '\\"')
    options = f'option "title" "{title}"\noption "operating_currency" "{books.currency}"\n\n'
    opened = "".join(f"{before} open {name_of(account)}\n" for account in CHART)
    begun = _block(before, "Balances before", books.balances) if books.balances else ""
    return f"{options}{opened}\n{begun}"


def lines(books: Books, movement: Movement) -> str:
    """The transaction with its id and instant as metadata."""
    at = movement.occurred_at.isoformat()
    told = {"transaction": str(movement.id), "at": at, "about": str(movement.about or "")}
    meta = "".join(f'  {key}: "{text}"\n' for key, text in told.items() if text)
    return _block(movement.day(books.zone), movement.kind, movement.postings, meta)


def foot(books: Books, balances: Iterable[Posting]) -> str:
    """What is on each account after the last day; beancount checks it in the morning after."""
    after = books.last + DAY
    return "".join(f"{after} balance {_amount(one, ' ~ 0')}\n" for one in balances)


def _block(day: date, told: str, postings: Sequence[Posting], meta: str = "") -> str:
    entries = "".join(f"  {_amount(one)}\n" for one in postings)
    return f'{day} * "{told}"\n{meta}{entries}\n'


def _amount(posting: Posting, tolerance: str = "") -> str:
    told = f"{plain(posting.money)}{tolerance} {posting.money.currency}"
    return f"{name_of(posting.account)}  {told}"
