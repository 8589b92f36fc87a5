"""The ledger at the money desk: balances, entries that run up to them, the journal as a file."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from services.billing.domain.accounts import Account
from services.billing.domain.beancount import name_of
from services.billing.operations.exporting import export_journal
from services.billing.operations.ledger_reading import (
    get_ledger_transaction,
    get_trial_balance,
    list_account_entries,
)
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import Forbidden, InvalidInput, NotFound
from services.common.money import Money
from services.contracts.billing.exports import ExportJournal, JournalFormat
from services.contracts.billing.ledger import (
    AccountEntriesPage,
    GetLedgerTransaction,
    GetTrialBalance,
    ListAccountEntries,
    TrialBalanceView,
)
from tests.factories.plain_books import read_beancount
from tests.integration.billing.past import FIRST, bring_in, member, past
from tests.integration.billing.world import World

FIRST_DAY, LAST_DAY = date(2026, 3, 1), date(2026, 12, 31)


def balance(world: World, actor: Actor | None = None, **asked: Any) -> TrialBalanceView:
    who = actor or member(world)
    with world.database.reading(who) as tx:
        return get_trial_balance(tx, GetTrialBalance(**asked), actor=who)


def entries(world: World, account: str = "stripe_balance", **asked: Any) -> AccountEntriesPage:
    who = member(world)
    command = ListAccountEntries(account=account, **({"currency": "EUR"} | asked))
    with world.database.reading(who) as tx:
        return list_account_entries(tx, command, actor=who)


def export(world: World, form: JournalFormat, actor: Actor | None = None, **changes: Any) -> str:
    """The whole file, in parts of seven transactions."""
    asked = {
        "format": form,
        "first": FIRST_DAY,
        "last": LAST_DAY,
        "practice_name": "Praxis",
        "time_zone": "Europe/Berlin",
        "currency": "EUR",
        "written_at": utc_now() + timedelta(minutes=1),
        "limit": 7,
    }
    command, who, text = ExportJournal(**(asked | changes)), actor or member(world), ""
    while True:
        with world.database.reading(who) as tx:
            part = export_journal(tx, command, actor=who)
        text += part.text
        if part.next_cursor is None:
            return text
        command = command.model_copy(update={"cursor": part.next_cursor})


def sums(told: TrialBalanceView) -> dict[str, int]:
    return {
        one.account: (one.debit - one.credit).amount
        for one in told.balances
        if one.debit != one.credit
    }


def lived(world: World) -> None:
    """A history, and a payment of today that is half refunded."""
    bring_in(world, (past(world, number) for number in range(12)))
    world.start()
    world.pay()
    world.converge()
    world.cancel(50)
    world.work_off()


def test_the_trial_balance_is_even_and_is_the_sum_of_all_entries(world: World) -> None:
    """Every account of the chart is listed; both sides are the same; a day bounds it."""
    lived(world)
    told = balance(world)
    assert told.accounts[0].account == "stripe_balance"
    assert {one.account for one in told.accounts} == set(Account)
    assert sum(one.debit.amount for one in told.balances) == sum(
        one.credit.amount for one in told.balances
    )
    assert sums(told) == world.balances()
    early = balance(world, until_at=FIRST + timedelta(minutes=1))
    assert sums(early)["stripe_balance"] == 2 * (9000 - 160 - 450)
    assert balance(world, until_at=FIRST).balances == []


def test_entries_run_up_to_the_balance_in_parts_that_meet(world: World) -> None:
    """Over all parts, there and back: each balance is the one before it plus the entry."""
    lived(world)
    there, page = [], entries(world, limit=5)
    while page.next_cursor:
        there.append(page)
        page = entries(world, limit=5, cursor=page.next_cursor)
    every = [entry for part in [*there, page] for entry in part.entries]
    assert every[0].balance.amount == world.balances()["stripe_balance"]
    for later, earlier in pairwise(every):
        assert later.balance - later.money == earlier.balance
    assert every[-1].balance == every[-1].money
    back = []
    while page.previous_cursor:
        page = entries(world, limit=5, cursor=page.previous_cursor)
        back.append(page)
    assert [one.entries for one in back] == [one.entries for one in there[::-1]]


def test_an_entry_leads_to_its_transaction(world: World) -> None:
    """Which is even, and of this practice alone."""
    lived(world)
    [first, *_] = entries(world).entries
    who, asked = member(world), GetLedgerTransaction(transaction_id=first.transaction_id)
    with world.database.reading(who) as tx:
        found = get_ledger_transaction(tx, asked, actor=who)
    assert found.kind == first.kind
    assert first.money in [entry.money for entry in found.entries]
    assert sum(entry.money.amount for entry in found.entries) == 0


def test_an_account_that_there_is_not_is_not_found(world: World) -> None:
    """One without entries is empty."""
    with pytest.raises(NotFound):
        entries(world, "petty_cash")
    assert entries(world, "receivables").entries == []
    assert entries(world, currency="GBP").entries == []


@pytest.mark.parametrize("form", list(JournalFormat))
def test_the_ledger_is_for_keepers_of_its_own_practice(
    world: World, make_world: Callable[..., World], form: JournalFormat
) -> None:
    """Others are refused; a keeper elsewhere finds nothing of it."""
    bring_in(world, [past(world, 0)])
    for ask in (balance, lambda *of: export(of[0], form, of[1])):
        with pytest.raises(Forbidden):
            ask(world, member(world, "front_desk"))
    [first] = entries(world, "stripe_fees").entries
    other = make_world()
    who, asked = member(other), GetLedgerTransaction(transaction_id=first.transaction_id)
    with pytest.raises(NotFound), other.database.reading(who) as tx:
        get_ledger_transaction(tx, asked, actor=who)
    assert str(first.transaction_id) not in export(other, form)


def test_beancount_reads_our_journal_and_has_our_balances(world: World) -> None:
    """Its real loader finds no error in a file of many parts, and the same sums in the end."""
    lived(world)
    read = read_beancount(export(world, JournalFormat.BEANCOUNT))
    assert read.errors == []
    assert read.balances == {
        name_of(Account(account)): {f"{Money(amount, 'EUR').major():f} EUR"}
        for account, amount in world.balances().items()
    }


def test_a_period_begins_with_what_was_before_it(world: World) -> None:
    """A file that begins in the midst opens with the balances, and ends with the same sums."""
    lived(world)
    text = export(world, JournalFormat.BEANCOUNT, first=date(2026, 3, 4))
    assert read_beancount(text).errors == []
    assert "Balances before" in text


def test_without_its_entries_a_journal_would_be_refused(world: World) -> None:
    """The twin: a transaction left out of the file, and beancount names the balance."""
    lived(world)
    text = export(world, JournalFormat.BEANCOUNT)
    begin = text.index("2026-03-01 *")
    cut = text[:begin] + text[text.index("2026-03-0", begin + 20) :]
    assert read_beancount(cut).errors


def test_every_form_has_every_entry_once(world: World) -> None:
    """As many lines as there are entries; for DATEV as many as there are pairs of them."""
    lived(world)
    text = export(world, JournalFormat.CSV)
    with world.database.transaction(world.us) as tx:
        count = tx.connection().exec_driver_sql("SELECT count(*) FROM billing.postings").scalar()
    assert text.count("\r\n") == 1 + int(count or 0)
    assert text.count("transaction,kind") == 1
    pairs = export(world, JournalFormat.DATEV).count("\r\n") - 2
    assert world.moves().total() <= pairs <= int(count or 0)


def test_days_that_do_not_fit_are_refused(world: World) -> None:
    """Crossed, or of two years for DATEV."""
    with pytest.raises(InvalidInput):
        export(world, JournalFormat.CSV, last=date(2026, 2, 1))
    with pytest.raises(InvalidInput):
        export(world, JournalFormat.DATEV, last=date(2027, 1, 1))


def test_what_is_posted_while_a_file_is_written_is_not_in_it(world: World) -> None:
    """Its end is the moment at which it was begun, less what a transaction may take."""
    lived(world)
    text = export(world, JournalFormat.CSV, written_at=FIRST + timedelta(days=1))
    assert "2026-03-01" in text
    assert "2026-03-02" not in text
