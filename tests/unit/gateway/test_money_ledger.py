"""The money desk's ledger, exports and what is owed: every number leads on, bad days are named."""

from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI

from services.billing.domain.accounts import Account, Kind
from services.billing.domain.chart import Nature
from services.billing.tasks import LOOKS, STEPS
from services.common.clock import utc_now
from services.common.errors import NotFound
from services.common.money import Money
from services.contracts.billing.attention import (
    ListOwed,
    OwedAge,
    OwedLine,
    OwedPage,
)
from services.contracts.billing.exports import ExportJournal, JournalFormat, JournalPart
from services.contracts.billing.ledger import (
    AccountBalance,
    AccountEntriesPage,
    AccountEntry,
    ChartAccount,
    EntryView,
    GetLedgerTransaction,
    GetTrialBalance,
    ListAccountEntries,
    TransactionView,
    TrialBalanceView,
)
from services.contracts.profiles.accounts import Role
from services.gateway.web import labels
from services.gateway.web.money_words import ACCOUNTS, KINDS, NATURES, STUCK, money_of, stuck_reason
from tests.unit.gateway.stand_ins import fetch
from tests.unit.gateway.test_money_desk import CLIENT, HERE, NELL, PRACTICE, desk
from tests.unit.gateway.test_today import START

BASE = f"/practices/{HERE}/money"
EUR = "EUR"
TRANSACTION = TransactionView(
    id=uuid4(),
    kind="charged",
    occurred_at=START,
    payment_id=uuid4(),
    receivable_id=None,
    entries=[
        EntryView(account="stripe_balance", money=Money(9000, EUR)),
        EntryView(account="booking_funds", money=Money(-9000, EUR)),
    ],
)
BALANCES = TrialBalanceView(
    accounts=[
        ChartAccount(account="stripe_balance", nature="asset"),
        ChartAccount(account="tips", nature="income"),
    ],
    balances=[
        AccountBalance(account="stripe_balance", debit=Money(9000, EUR), credit=Money(610, EUR))
    ],
)


def last(app: FastAPI, kind: type[Any]) -> Any:
    """The last question of that kind."""
    return [one for one in app.state.backend.asked if isinstance(one, kind)][-1]


def test_each_balance_leads_to_its_entries() -> None:
    """Of the same day; an account without entries, or without words, is listed all the same."""
    app = desk(Role.BILLING, told={GetTrialBalance: lambda _: BALANCES})
    shown = fetch(app, f"{BASE}/ledger?on=2026-10-25").text
    assert f'href="{BASE}/ledger/accounts/stripe_balance/EUR?on=2026-10-25"' in shown
    assert all(text in shown for text in ("€83.90 debit", "Tips", "Uneven"))
    assert labels.instant(last(app, GetTrialBalance).until_at) == "2026-10-25T23:00:00Z"
    fetch(app, f"{BASE}/ledger")
    assert last(app, GetTrialBalance).until_at is None


def test_a_day_that_is_none_is_named_and_kept() -> None:
    """Nothing is asked of billing."""
    app = desk(Role.BILLING)
    answer = fetch(app, f"{BASE}/ledger?on=soon")
    assert (answer.status_code, "Enter the day as a date." in answer.text) == (422, True)
    assert 'value="soon"' in answer.text


def test_an_entry_leads_to_its_transaction_and_that_to_its_payment() -> None:
    """With the balance after each entry, and ways to the parts before and after."""
    entry = AccountEntry(
        transaction_id=TRANSACTION.id,
        kind="charged",
        occurred_at=START,
        money=Money(-610, EUR),
        balance=Money(8390, EUR),
    )
    page = AccountEntriesPage(
        account="stripe_balance", nature="asset", entries=[entry], next_cursor="b24"
    )
    told = {
        ListAccountEntries: lambda _: page,
        GetLedgerTransaction: lambda _: TRANSACTION,
    }
    app = desk(Role.OWNER, told=told)
    shown = fetch(app, f"{BASE}/ledger/accounts/stripe_balance/EUR?on=2026-10-25").text
    here = f"{BASE}/ledger/transactions/{TRANSACTION.id}"
    assert f'href="{here}"' in shown
    assert f"{BASE}/ledger/accounts/stripe_balance/EUR?on=2026-10-25&amp;page=b24" in shown
    one = fetch(app, here).text
    assert f'href="{BASE}/payments/{TRANSACTION.payment_id}"' in one
    assert f'href="{BASE}/ledger/accounts/booking_funds/EUR"' in one


@pytest.mark.parametrize("path", ["accounts/petty cash/EUR", "accounts/stripe_balance/Euro"])
def test_an_account_that_there_is_not_is_not_found(path: str) -> None:
    """Also one whose name could be none."""

    def unknown(_: object) -> None:
        raise NotFound("There is no such account.")

    app = desk(Role.OWNER, told={ListAccountEntries: unknown})
    assert fetch(app, f"{BASE}/ledger/{path}").status_code == 404


PARTS = {
    None: JournalPart(text="Umsätze;\u2192\r\n", next_cursor="b24"),
    "b24": JournalPart(text="1,00\r\n"),
}


@pytest.mark.parametrize(
    ("form", "name", "body"),
    [
        ("csv", "journal-2026-10-01-2026-10-31.csv", "\ufeffUmsätze;→\r\n1,00\r\n".encode()),
        (
            "datev",
            "EXTF_Buchungsstapel_2026-10-01_2026-10-31.csv",
            "Umsätze;?\r\n1,00\r\n".encode("cp1252"),
        ),
        ("beancount", "journal-2026-10-01-2026-10-31.beancount", "Umsätze;→\r\n1,00\r\n".encode()),
    ],
)
def test_the_file_is_made_of_all_parts(form: str, name: str, body: bytes) -> None:
    """Each form in its encoding, asked for as the practice's own, and all parts of one moment."""
    app = desk(Role.BILLING, told={ExportJournal: lambda asked: PARTS[asked.cursor]})
    query = f"since=2026-10-01&until=2026-10-31&format={form}"
    answer = fetch(app, f"{BASE}/exports/journal?{query}")
    assert answer.content == body
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    asked = [one for one in app.state.backend.asked if isinstance(one, ExportJournal)]
    assert {one.format for one in asked} == {JournalFormat(form)}
    assert len({one.written_at for one in asked}) == 1
    assert (asked[0].practice_name, asked[0].time_zone) == ("Praxis", "Europe/Berlin")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("since=2026-10-02&until=2026-10-01&format=csv", "lies before the first one"),
        ("since=2026-12-01&until=2027-01-31&format=datev", "of one calendar year"),
        ("since=&until=2027-01-31&format=csv", "Enter the first day as a date."),
        ("since=2026-10-02&until=2026-10-01&format=xls", "Choose one of the forms."),
    ],
)
def test_days_that_do_not_fit_are_asked_for_anew(query: str, words: str) -> None:
    """With what was typed; no file begins."""
    answer = fetch(desk(Role.BILLING), f"{BASE}/exports/journal?{query}")
    assert answer.status_code == 422
    assert words in answer.text
    assert query.partition("until=")[2][:10] in answer.text


def test_the_month_before_stands_in_the_form() -> None:
    """As it is asked for most; by the practice's own calendar."""
    shown = fetch(desk(Role.BILLING), f"{BASE}/exports").text
    this_month = utc_now().astimezone(ZoneInfo(PRACTICE.time_zone)).replace(day=1)
    assert f'value="{(this_month - timedelta(days=1)):%Y-%m}' in shown


@pytest.mark.parametrize(("role", "sees"), [(Role.ADMIN, True), (Role.BILLING, False)])
def test_what_is_owed_leads_to_what_the_reader_may_open(role: Role, sees: bool) -> None:
    """Session and record for an admin; who answers for the money alone is led to neither."""
    line = OwedLine(
        booking_id=uuid4(),
        client_id=CLIENT,
        practitioner_id=NELL,
        owed=Money(9000, EUR),
        since=START,
    )
    page = OwedPage(lines=[line], next_cursor="b24")
    app = desk(role, told={ListOwed: lambda _: page})
    shown = fetch(app, f"{BASE}/owed?age=over-90").text
    assert f"{BASE}/owed?age=over-90&amp;page=b24" in shown
    assert (f"/bookings/{line.booking_id}" in shown, f"/clients/{CLIENT}" in shown) == (sees, sees)
    assert last(app, ListOwed).age is OwedAge.OVER_90
    assert fetch(app, f"{BASE}/owed?age=old").status_code == 422


def test_words_say_what_to_do() -> None:
    """Sums of several currencies stand side by side; an unknown outcome is not sent again."""
    assert "Look at Stripe before" in stuck_reason("UnknownForGood")
    assert stuck_reason("StripeUnclear") == "Stripe refused it. Look at the payment at Stripe."
    assert money_of([Money(100, EUR), Money(-50, EUR), Money(7, "JPY")]) == "€0.50 + JP¥7"
    assert money_of([]) == "–"


def test_every_account_and_movement_has_words() -> None:
    """What billing posts is told in plain English, and not by the names of its columns."""
    assert set(ACCOUNTS) == set(Account)
    assert set(KINDS) == set(Kind)
    assert set(NATURES) == set(Nature)
    assert set(STUCK) == {*STEPS, *LOOKS}
