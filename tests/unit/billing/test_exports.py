"""The journal as a file: for spreadsheets, for DATEV, and as beancount's own loader reads it."""

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from services.billing.domain import beancount, datev, journal_csv, ledger
from services.billing.domain.accounts import Account, Kind
from services.billing.domain.chart import CHART
from services.billing.domain.journal import Books, Movement, pairs
from services.billing.domain.ledger import Posting, Postings
from services.common.money import Money
from tests.factories.plain_books import read_beancount

ID, PAYMENT = uuid7(), uuid7()
#: 00:30 of the next day in Berlin.
AT = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
EUR = "EUR"


def books(**changes: Any) -> Books:
    told: dict[str, Any] = {
        "name": 'Praxis "Ost"',
        "zone": ZoneInfo("Europe/Berlin"),
        "currency": EUR,
        "first": date(2026, 3, 1),
        "last": date(2026, 3, 31),
        "balances": (),
        "written_at": datetime(2026, 4, 1, 6, 5, 4, 321_000, tzinfo=UTC),
    }
    return Books(**(told | changes))


def movement(postings: Postings, kind: str = "processed") -> Movement:
    return Movement(ID, kind, AT, PAYMENT, postings)


PROCESSED = ledger.processed(Money(9000, EUR), Money(9000, EUR), 160, 450)


def test_every_account_is_in_the_chart_with_a_number_of_its_own() -> None:
    """An account without a line could not be exported."""
    assert set(CHART) == set(Account)
    assert len({line.number for line in CHART.values()}) == len(CHART)


def test_the_journal_as_csv_has_a_line_for_each_entry() -> None:
    """Dated in the practice's zone; debit and credit are plain decimals that sum alike."""
    text = journal_csv.head(books()) + journal_csv.lines(books(), movement(PROCESSED))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {(row["date"], row["time"]) for row in rows} == {("2026-03-02", "00:30:00")}
    told = {row["account"]: (row["debit"], row["credit"]) for row in rows}
    assert told == {
        "stripe_fees": ("1.60", ""),
        "platform_commission": ("4.50", ""),
        "stripe_balance": ("", "6.10"),
    }
    assert {row["about"] for row in rows} == {str(PAYMENT)}


def test_the_file_for_datev_is_of_its_format() -> None:
    """EXTF 700, category 21, version 13: 31 fields of its head, 125 columns, CP1252, comma."""
    text = datev.head(books()) + datev.lines(books(), movement(PROCESSED))
    first, columns, *lines = csv.reader(
        io.StringIO(text.encode("cp1252").decode("cp1252")), delimiter=";"
    )
    assert first[:5] == ["EXTF", "700", "21", "Buchungsstapel", "13"]
    assert first[5] == "20260401080504321"
    assert first[10:16] == ["1001", "1", "20260101", "4", "20260301", "20260331"]
    assert (first[21], len(first)) == (EUR, 31)
    assert (len(columns), columns[-1]) == (125, "Abw. Skontokonto")
    assert len(set(columns)) == 125
    told = [dict(zip(columns, line, strict=True)) for line in lines]
    assert sorted(row["Umsatz (ohne Soll/Haben-Kz)"] for row in told) == ["1,60", "4,50"]
    assert {row["Gegenkonto (ohne BU-Schlüssel)"] for row in told} == {"1360"}
    assert {row["Konto"] for row in told} == {"4970", "4760"}
    assert {row["Belegdatum"] for row in told} == {"0203"}
    assert all(len(row["Belegfeld 1"]) <= 36 and len(row["Buchungstext"]) <= 60 for row in told)
    assert text.count("\n") == text.count("\r\n")


def test_a_file_for_datev_is_of_one_year() -> None:
    """Its dates have day and month alone."""
    assert datev.is_within_a_year(date(2026, 1, 1), date(2026, 12, 31))
    assert not datev.is_within_a_year(date(2026, 12, 31), date(2027, 1, 1))


@given(st.lists(st.tuples(st.sampled_from(Account), st.integers(-(10**6), 10**6)), max_size=8))
def test_pairs_post_what_the_transaction_posts(amounts: list[tuple[Account, int]]) -> None:
    """On every account the same sum, each pair a positive amount."""
    entries = [Posting(account, Money(amount, EUR)) for account, amount in amounts]
    rest = -sum(amount for _, amount in amounts)
    balanced = ledger.balanced([*entries, Posting(Account.CURRENCY_EXCHANGE, Money(rest, EUR))])
    found: Counter[Account] = Counter()
    for pair in pairs(balanced):
        assert pair.money.amount > 0
        found[pair.debit] += pair.money.amount
        found[pair.credit] -= pair.money.amount
    assert {k: v for k, v in found.items() if v} == {
        one.account: one.money.amount for one in balanced
    }


def journal(*movements: Movement, closing: Postings, **changes: Any) -> str:
    told = books(**changes)
    text = beancount.head(told) + "".join(beancount.lines(told, one) for one in movements)
    return text + beancount.foot(told, closing)


CHARGED = ledger.charged(Money(9000, EUR))
CLOSING = ledger.balanced([*CHARGED, *CHARGED, *PROCESSED])


def test_beancount_reads_the_journal_without_an_error() -> None:
    """Its own loader: balances before, a transaction, and the assertions after it hold."""
    text = journal(
        movement(CHARGED, "charged"), movement(PROCESSED), closing=CLOSING, balances=CHARGED
    )
    read = read_beancount(text)
    assert (read.errors, read.title) == ([], 'Praxis "Ost"')
    assert read.balances == {
        "Assets:StripeBalance": {"173.90 EUR"},
        "Expenses:PlatformCommission": {"4.50 EUR"},
        "Expenses:StripeFees": {"1.60 EUR"},
        "Liabilities:BookingFunds": {"-180.00 EUR"},
    }


@pytest.mark.parametrize("money", [Money(1201, "JPY"), Money(1234, "KWD"), Money(-5, "GBP")])
def test_every_currency_is_written_with_its_own_digits(money: Money) -> None:
    """None for yen, three for dinars, two for pounds; beancount reads what we have."""
    other = Account.CURRENCY_EXCHANGE
    both = (Posting(Account.STRIPE_BALANCE, money), Posting(other, -money))
    assert read_beancount(journal(movement(both), closing=both)).errors == []


def test_a_file_that_is_off_by_a_cent_is_refused_by_beancount() -> None:
    """The twin: a closing balance of a cent less, and an entry of a cent less."""
    off = tuple(
        Posting(one.account, one.money - Money(one.account is Account.STRIPE_BALANCE, EUR))
        for one in CHARGED
    )
    for text in (
        journal(movement(CHARGED), closing=off),
        journal(movement(off), closing=()),
    ):
        assert read_beancount(text).errors


def test_the_chart_is_told_in_the_docs() -> None:
    """Each account with its nature and number, as the table of docs/ledger.md has them."""
    text = (Path(__file__).parents[3] / "docs/ledger.md").read_text()
    for account, line in CHART.items():
        assert f"| `{account}` | {line.nature} | {line.number} |" in text
    for kind in Kind:
        assert f"| `{kind}` |" in text
