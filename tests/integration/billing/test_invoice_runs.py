"""Runs of invoices: all that is owed looked up, looked over, and issued at once or not at all."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from uuid_utils.compat import uuid7

from services.billing.operations import invoice_run_work
from services.billing.queries import invoice_run_issue
from services.common.auth import Actor
from services.common.errors import DifferentContent, Forbidden, NotFound, ServiceUnavailable
from services.contracts.base import BadCursor
from services.contracts.billing.invoice_runs import (
    LeftOut,
    NothingToInvoice,
    RunNotReady,
    RunState,
    RunUnderWay,
    StopReason,
)
from services.contracts.billing.invoice_settings import NoInvoiceSettings
from services.contracts.billing.invoices import MOST_LINES
from services.contracts.booking.bookings import BookingState
from tests.integration.billing.desk import NOW, euros
from tests.integration.billing.running import UNTIL, RunDesk
from tests.integration.billing.test_invariants import violated
from tests.integration.billing.world import World


@pytest.fixture
def desk(make_world: Callable[..., World]) -> RunDesk:
    found = RunDesk(make_world())
    found.settle()
    found.world.clients.known[found.world.client_id] = "Jana Ohlendorf"
    return found


def test_all_that_is_owed_is_invoiced_client_by_client(desk: RunDesk) -> None:
    """By name, each with a client's sessions by date, due in a fortnight, the same as by hand; what
    was looked up is forgotten, and a second run finds nothing."""
    ada = desk.client("Ada Brandt")
    mine = [desk.owed(), desk.owed(BookingState.LATE_CANCELLED)]
    hers = desk.owed(client_id=ada, account_id=None)
    run_id = desk.ready()
    page = desk.page()
    assert [(one.recipient_name, one.session_count, one.total) for one in page.drafts] == [
        ("Ada Brandt", 1, euros(9000)),
        ("Jana Ohlendorf", 2, euros(18000)),
    ]
    desk.issue_run(run_id)
    desk.go_on()
    run = desk.run()
    assert (run.state, run.invoice_count, run.totals) == (RunState.ISSUED, 2, [euros(27000)])
    assert (run.looked_up, run.session_count, run.left_out) == (3, 3, {})
    second, first = (desk.invoice(one.id) for one in desk.listed().invoices)
    assert [first.number, second.number] == ["2026-0001", "2026-0002"]
    assert [[line.booking_id for line in one.lines] for one in (first, second)] == [[hers], mine]
    assert (second.issued_on, second.due_on) == (date(2026, 11, 30), date(2026, 12, 14))
    assert [one.words[:12] for one in second.lines] == ["Sitzung (50 ", "Ausfallhonor"]
    assert [one.id for one in page.drafts] == [first.id, second.id]
    assert _staged(desk) == 0
    assert violated(desk.world) == set()
    with pytest.raises(NothingToInvoice):
        desk.start()


def test_a_run_writes_what_a_hand_would_write(desk: RunDesk, make_world: Any) -> None:
    """Prices without tax, coaching, a missed session, an invoice paid by somebody else: field by
    field the same as the invoice that somebody writes for the same sessions."""
    settings = {
        "prices_include_tax": False,
        "other_kinds": [{"offering_id": desk.world.price.offering_id, "kind": "coaching"}],
    }
    desk.settle(**settings)
    earlier = desk.issue(desk.owed(), recipient_name="Elternhaus GmbH")
    sessions = [desk.owed(), desk.owed(BookingState.NO_SHOW)]
    run_id = desk.ready()
    desk.issue_run(run_id)
    desk.go_on()
    run_made = desk.invoice(desk.listed().invoices[0].id)
    desk.credit(run_made.id)
    by_hand = desk.issue(*sessions, recipient_name="Elternhaus GmbH")
    assert earlier.recipient_name == run_made.recipient_name
    apart = {"id", "number", "credited_by"}
    assert run_made.model_dump(exclude=apart) == by_hand.model_dump(exclude=apart)


def test_what_cannot_be_invoiced_is_left_out_and_told(desk: RunDesk) -> None:
    """Later sessions, ones that booking does not know as the client's, names that no invoice can be
    printed with: told by reason, and still owed."""
    kept = desk.owed()
    desk.owed(starts_at=NOW + timedelta(days=1), ends_at=NOW + timedelta(days=1, minutes=50))
    lost = desk.owed()
    del desk.world.bookings.sessions[lost]
    desk.owed(client_id=desk.client("李小龙"))
    desk.owed(client_id=uuid7())
    desk.issue_run(desk.ready())
    desk.go_on()
    run = desk.run()
    assert run.left_out == {LeftOut.LATER: 1, LeftOut.UNKNOWN: 1, LeftOut.UNPRINTABLE: 2}
    (only,) = desk.listed().invoices
    assert [one.booking_id for one in desk.invoice(only.id).lines] == [kept]


def test_what_changes_after_it_was_looked_over_is_left_out(desk: RunDesk) -> None:
    """Invoiced by hand or owed no more: nobody is charged for what the desk did not see, and no
    number is lost for an invoice that has nothing left."""
    by_hand, gone, kept = desk.owed(), desk.owed(), desk.owed(client_id=desk.client("Ada Brandt"))
    run_id = desk.ready()
    desk.issue(by_hand)
    with desk.world.database.transaction(desk.world.us) as tx:
        off = "UPDATE billing.receivables SET owed = 0 WHERE booking_id = :id"
        tx.execute(text(off), {"id": gone})
    desk.issue_run(run_id)
    desk.go_on()
    run = desk.run()
    assert (run.invoice_count, run.left_out) == (1, {LeftOut.CHANGED: 2})
    latest = desk.invoice(desk.listed().invoices[0].id)
    assert (latest.number, [one.booking_id for one in latest.lines]) == ("2026-0002", [kept])


def test_a_run_can_be_stopped_and_begun_again_without_doubling(desk: RunDesk) -> None:
    """Stopped it has issued nothing and can issue nothing; one is under way at a time; the same
    steps again change nothing."""
    desk.owed()
    first = desk.ready()
    assert desk.start(first) == first
    with pytest.raises(DifferentContent):
        desk.start(first, UNTIL - timedelta(days=1))
    with pytest.raises(RunUnderWay):
        desk.start()
    desk.stop_run(first)
    desk.stop_run(first)
    with pytest.raises(RunNotReady):
        desk.issue_run(first)
    assert (desk.run().state, desk.run().stop_reason) == (RunState.STOPPED, StopReason.ASKED)
    assert (_staged(desk), desk.listed().invoices) == (0, [])
    second = desk.ready()
    for _ in range(2):
        desk.issue_run(second)
        desk.go_on()
    with pytest.raises(RunNotReady):
        desk.stop_run(second)
    assert len(desk.listed().invoices) == 1


def test_two_workers_at_once_issue_a_run_once(desk: RunDesk) -> None:
    """Whoever comes second waits for the first and finds it done."""
    for name in "ABCD":
        desk.owed(client_id=desk.client(name))
    run_id = desk.ready()
    desk.issue_run(run_id)
    with ThreadPoolExecutor(4) as threads:
        around, practice_id = desk.world.around, desk.world.practice_id
        told = [
            threads.submit(invoice_run_work.go_on, around, practice_id, run_id, NOW)
            for _ in range(4)
        ]
        assert [one.result() for one in told] == [None] * 4
    assert [one.number for one in desk.listed().invoices] == [f"2026-000{n}" for n in (4, 3, 2, 1)]


def test_looking_up_goes_on_where_it_was_interrupted(
    desk: RunDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Booking away in the midst: what is known stays, nothing is issued, and the rest follows; it
    tells how far it is."""
    then = NOW - timedelta(days=3)
    same: dict[str, Any] = {"starts_at": then, "ends_at": then + timedelta(minutes=50)}
    for _ in range(MOST_LINES + 5):
        desk.owed(**same)
    run_id = desk.start()
    us = (desk.world.around, desk.world.practice_id, run_id, NOW)
    assert invoice_run_work.go_on(*us) == timedelta()
    assert (desk.run().looked_up, desk.run().session_count) == (MOST_LINES, MOST_LINES + 5)
    with pytest.raises(RunNotReady):
        desk.issue_run(run_id)
    with monkeypatch.context() as away:
        away.setattr(desk.world.bookings, "billed", _is_away)
        with pytest.raises(ServiceUnavailable):
            invoice_run_work.go_on(*us)
    desk.go_on()
    assert (desk.run().state, desk.run().looked_up) == (RunState.READY, MOST_LINES + 5)
    assert [one.session_count for one in desk.page().drafts] == [MOST_LINES, 5]
    first = desk.page(limit=1)
    rest = desk.page(limit=1, cursor=first.next_cursor)
    assert ([one.session_count for one in rest.drafts], rest.next_cursor) == ([5], None)
    with pytest.raises(BadCursor):
        desk.page(cursor="x")


def test_invoices_are_not_issued_in_another_way_than_they_were_looked_over(desk: RunDesk) -> None:
    """Settings that change meanwhile end the run without an invoice, and it says so."""
    desk.owed()
    run_id = desk.ready()
    desk.settle(prices_include_tax=False)
    desk.issue_run(run_id)
    desk.go_on()
    assert (desk.run().state, desk.run().stop_reason) == (RunState.STOPPED, StopReason.SETTINGS)
    assert desk.listed().invoices == []


def test_what_does_not_add_up_is_not_issued(desk: RunDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the check of changes gone, what is owed would differ from what is invoiced: the same
    transaction looks, and nothing is written, nor a number taken. It is given up at once; whoever
    stops it can begin anew."""
    lower = desk.owed()
    run_id = desk.ready()
    with desk.world.database.transaction(desk.world.us) as tx:
        less = "UPDATE billing.receivables SET owed = 100 WHERE booking_id = :id"
        tx.execute(text(less), {"id": lower})
    monkeypatch.setattr(invoice_run_issue, "_LEAVE_CHANGED", text("SELECT 1"))
    desk.issue_run(run_id)
    desk.go_on()
    monkeypatch.undo()
    assert (desk.run().state, desk.run().is_given_up) == (RunState.ISSUING, True)
    assert desk.listed().invoices == []
    desk.stop_run(run_id)
    assert (desk.run().state, desk.world.due()) == (RunState.STOPPED, [])
    desk.issue_run(desk.ready())
    desk.go_on()
    assert [one.number for one in desk.listed().invoices] == ["2026-0001"]


def test_runs_are_for_the_money_desk_of_their_practice(
    desk: RunDesk, make_world: Callable[..., World]
) -> None:
    """Practitioners and other practices neither see nor touch one; settings come first."""
    desk.owed()
    run_id = desk.ready()
    other = RunDesk(make_world())
    with pytest.raises(NoInvoiceSettings):
        other.start()
    assert other.page().run is None
    with pytest.raises(NotFound):
        other.issue_run(run_id)
    with pytest.raises(NotFound):
        other.stop_run(run_id)
    nobody: Actor = desk.member("practitioner")
    with pytest.raises(Forbidden):
        desk.start(actor=nobody)


def _staged(desk: RunDesk) -> int:
    query = """SELECT (SELECT count(*) FROM billing.invoice_run_lines)
        + (SELECT count(*) FROM billing.invoice_run_drafts)"""
    with desk.world.database.transaction(desk.actor) as tx:
        return int(tx.scalar(text(query)) or 0)


def _is_away(*_: object) -> Any:
    raise ServiceUnavailable("Booking is away.")
