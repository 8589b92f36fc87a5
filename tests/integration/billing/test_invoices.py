"""Invoices: issued once under the next number, never changed, taken back by credit notes."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from deploy.local.stack import Stack
from services.billing.queries import invoices
from services.common.database import constraint_of
from services.common.errors import DifferentContent, InvalidInput, NotFound
from services.contracts.billing.invoice_settings import Country, NoInvoiceSettings
from services.contracts.billing.invoices import (
    AlreadyCredited,
    AlreadyInvoiced,
    InvoiceKind,
    IssueInvoice,
    NotBillable,
    NotCreditable,
)
from services.contracts.booking.bookings import BookingState
from tests.integration.billing.desk import NOW, MoneyDesk, euros
from tests.integration.billing.owner import without_trigger
from tests.integration.billing.test_invariants import violated
from tests.integration.billing.world import World

RECEIPT = InvoiceKind.RECEIPT
#: The practice's first invoice once more, with some fields changed and none of its lines.
COPY = text("""
    INSERT INTO billing.invoices SELECT (jsonb_populate_record(i, CAST(:other AS jsonb))).*
    FROM billing.invoices i ORDER BY i.number LIMIT 1""")


def test_an_invoice_is_written_for_sessions_on_account(desk: MoneyDesk) -> None:
    """One line each, by date, exempt with its law; addressed as the desk said, due in a fortnight;
    the sessions are not offered again."""
    first, second = desk.owed(), desk.owed(BookingState.LATE_CANCELLED)
    assert [one.booking_id for one in desk.billable().sessions] == [first, second]
    seen = desk.issue(second, first)
    assert (seen.number, seen.kind, seen.issued_on) == (
        "2026-0001",
        InvoiceKind.INVOICE,
        date(2026, 11, 30),
    )
    assert [one.booking_id for one in seen.lines] == [first, second]
    assert [one.words[:12] for one in seen.lines] == ["Sitzung (50 ", "Ausfallhonor"]
    assert [one.note[:15] for one in seen.taxes] == ["Umsatzsteuerfre", "Ausfallhonorar:"]
    assert (seen.net, seen.tax, seen.total) == (euros(18000), euros(0), euros(18000))
    assert (seen.due_on, seen.paid_on) == (date(2026, 12, 14), None)
    assert (seen.recipient_name, seen.recipient_address) == (
        "Jana Ohlendorf",
        "Weg 3\n10999 Berlin",
    )
    assert desk.billable().sessions == []
    assert desk.billable().last_name == "Jana Ohlendorf"
    assert violated(desk.world) == set()


def test_a_receipt_is_written_for_what_was_paid(desk: MoneyDesk) -> None:
    """Tax is within what was paid, also where prices are without it; coaching bears it."""
    offering = desk.world.price.offering_id
    desk.settle(
        prices_include_tax=False, other_kinds=[{"offering_id": offering, "kind": "coaching"}]
    )
    seen = desk.issue(desk.paid(), kind=RECEIPT)
    assert (seen.net, seen.tax, seen.total) == (euros(7563), euros(1437), euros(9000))
    assert (seen.paid_on, seen.due_on) == (date(2026, 11, 20), None)
    assert seen.are_prices_with_tax
    owed = desk.issue(desk.owed())
    assert (owed.net, owed.tax, owed.total) == (euros(9000), euros(1710), euros(10710))
    assert violated(desk.world) == set()


def test_no_receipt_is_written_for_money_that_a_bank_took_back(desk: MoneyDesk) -> None:
    """While it is disputed, and when that was lost: of the rest, where there is one."""
    whole, part = desk.paid(), desk.paid()
    taken = "UPDATE billing.payments SET disputed = :amount WHERE booking_id = :id"
    with desk.world.database.transaction(desk.world.us) as tx:
        for booking_id, amount in ((whole, 9000), (part, 4000)):
            tx.execute(text(taken), {"id": booking_id, "amount": amount})
    told = {one.booking_id: one.money for one in desk.billable().sessions}
    assert told == {part: euros(5000)}
    with pytest.raises(NotBillable):
        desk.issue(whole, kind=RECEIPT)


def test_the_same_invoice_asked_for_twice_is_one(desk: MoneyDesk) -> None:
    """Also with the sessions in another order; under the id nothing else can be issued."""
    first, second = desk.owed(), desk.owed()
    command = desk.command(first, second)
    seen = desk.send(command)
    again = command.model_copy(update={"booking_ids": [second, first]})
    assert desk.send(again, NOW + timedelta(days=400)) == seen
    others = (
        {"recipient_name": "Somebody else"},
        {"booking_ids": [first]},
        {"kind": RECEIPT},
    )
    for other in others:
        with pytest.raises(DifferentContent):
            desk.send(command.model_copy(update=other))
    assert len(desk.listed().invoices) == 1


def test_an_id_of_another_practice_tells_nothing(
    desk: MoneyDesk, make_world: Callable[..., World]
) -> None:
    """Neither can it be taken, nor its invoice seen."""
    seen = desk.issue(desk.owed())
    stranger = MoneyDesk(make_world())
    stranger.settle()
    with pytest.raises(DifferentContent):
        stranger.issue(stranger.owed(), id=seen.id)
    with pytest.raises(NotFound):
        stranger.invoice(seen.id)
    with pytest.raises(NotFound):
        stranger.credit(seen.id)
    assert stranger.listed().invoices == []


def test_a_session_is_on_one_invoice_that_stands(desk: MoneyDesk) -> None:
    """Refused as a whole, with no number lost; after a credit note it is free again."""
    first, second = desk.owed(), desk.owed()
    seen = desk.issue(first)
    with pytest.raises(AlreadyInvoiced):
        desk.issue(first, second)
    note = desk.credit(seen.id)
    assert desk.issue(first, second).number == "2026-0003"
    assert (note.number, note.credits and note.credits.number) == ("2026-0002", "2026-0001")
    assert violated(desk.world) == set()


def test_a_credit_note_takes_all_of_an_invoice_back(desk: MoneyDesk) -> None:
    """Line by line below zero, once however often it is asked for; it stands itself for good."""
    desk.settle(usual_kind="coaching")
    seen = desk.issue(desk.owed(), desk.owed())
    id_ = uuid7()
    note = desk.credit(seen.id, id_)
    assert desk.credit(seen.id, id_) == note
    assert (note.net, note.tax, note.total) == (-seen.net, -seen.tax, -seen.total)
    assert [one.gross for one in note.lines] == [-one.gross for one in seen.lines]
    assert note.reason == "Anschrift"
    again = desk.invoice(seen.id)
    assert again.credited_by is not None
    assert again.credited_by.id == note.id
    with pytest.raises(AlreadyCredited):
        desk.credit(seen.id)
    with pytest.raises(NotCreditable):
        desk.credit(note.id)
    with pytest.raises(DifferentContent):
        desk.credit(desk.issue(desk.owed()).id, id_)


def test_fifty_at_once_have_fifty_numbers_in_a_row(desk: MoneyDesk) -> None:
    """Among them some for a session that is taken, three for one session, and one that is sent
    five times: no gap, no number twice, no session twice."""
    taken, contested = desk.owed(), desk.owed()
    desk.issue(taken)
    commands = [desk.command(desk.owed()) for _ in range(42)]
    commands += [desk.command(contested) for _ in range(3)]
    commands += [desk.command(taken) for _ in range(5)] + [commands[0]] * 4

    def send(command: IssueInvoice) -> str:
        try:
            return desk.send(command).number
        except AlreadyInvoiced:
            return "refused"

    with ThreadPoolExecutor(10) as pool:
        told = list(pool.map(send, commands))
    assert told.count("refused") == 2 + 5
    assert {*told, "2026-0001"} - {"refused"} == {f"2026-{at:04}" for at in range(1, 45)}
    assert violated(desk.world) == set()


def test_what_is_rolled_back_leaves_no_gap(desk: MoneyDesk) -> None:
    """It fails at the very commit, when its number was taken: that is the next one's."""
    seen = desk.issue(desk.owed())
    us, year = desk.world.us, seen.issued_on.year

    def begin() -> None:
        with desk.world.database.transaction(us) as tx:
            counter = invoices.lock_counter(tx, desk.world.practice_id, year)
            counter.last_number += 1
            tx.flush()
            other = {"id": str(uuid7()), "number": counter.last_number, "total": 1, "net": 1}
            tx.execute(COPY, {"other": json.dumps(other)})

    with pytest.raises(IntegrityError, match="is not the sum of its lines"):
        begin()
    assert desk.issue(desk.owed()).number == "2026-0002"
    assert violated(desk.world) == set()


def test_without_the_lock_two_take_one_number(desk: MoneyDesk, servers: Stack) -> None:
    """The twin: of two who look at the counter without locking it, the database refuses one."""
    desk.issue(desk.owed())
    together = Barrier(2)
    look = text("SELECT last_number + 1 FROM billing.invoice_counters")

    def take(_: int) -> str:
        with desk.world.database.transaction(desk.world.us) as tx:
            number = tx.scalar(look)
            together.wait(10)
            tx.execute(COPY, {"other": json.dumps({"id": str(uuid7()), "number": number})})
        return "taken"

    def refused(at: int) -> str:
        try:
            return take(at)
        except IntegrityError as error:
            return constraint_of(error)

    unchecked = without_trigger(servers, "invoices", "invoices_sum_of_lines")
    with unchecked, ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(refused, range(2)))
    assert told == ["invoices_one_number", "taken"]


def test_numbers_begin_anew_with_the_practices_year(
    desk: MoneyDesk, make_world: Callable[..., World]
) -> None:
    """By its own clock, and apart from those of other practices."""
    desk.issue(desk.owed())
    eve = NOW.replace(month=12, day=31, hour=22, minute=59)
    assert desk.issue(desk.owed(), now=eve).number == "2026-0002"
    assert desk.issue(desk.owed(), now=eve + timedelta(minutes=1)).number == "2027-0001"
    other = MoneyDesk(make_world())
    other.settle()
    assert other.issue(other.owed()).number == "2026-0001"


def test_settings_that_cannot_be_right_are_refused_by_field(desk: MoneyDesk) -> None:
    """A tax id with a wrong digit, letters that no invoice can be printed with."""
    for field, value in (("tax_id", "DE136695977"), ("legal_name", "李"), ("address", "→")):
        with pytest.raises(InvalidInput) as refused:
            desk.settle(**{field: value})
        assert refused.value.detail.keys() == {field}
    assert desk.settle(country=Country.AU, tax_id="51 824 753 556").tax_id == "51824753556"
    with pytest.raises(InvalidInput) as refused:
        desk.issue(desk.owed(), recipient_name="李")
    assert refused.value.detail.keys() == {"recipient_name"}


def test_what_cannot_be_invoiced_is_refused(
    desk: MoneyDesk, make_world: Callable[..., World]
) -> None:
    """Unknown sessions, another client's, those that are paid as owed and the other way round."""
    owed, paid = desk.owed(), desk.paid()
    wrong = ((uuid7(),), (owed, paid), (desk.owed(client_id=uuid7()),))
    for booking_ids in wrong:
        with pytest.raises(NotBillable):
            desk.issue(*booking_ids)
    with pytest.raises(NotBillable):
        desk.issue(owed, kind=RECEIPT)
    with pytest.raises(NoInvoiceSettings):
        MoneyDesk(make_world()).issue(owed)
    assert desk.listed().invoices == []
