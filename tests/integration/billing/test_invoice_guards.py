"""What the database itself keeps of an invoice, whoever writes past the use cases."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from deploy.local.stack import Stack
from tests.integration.billing.desk import MoneyDesk
from tests.integration.billing.owner import as_owner, without_trigger
from tests.integration.billing.test_invariants import violated


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE billing.invoices SET total = total + 1, net = net + 1",
        "DELETE FROM billing.invoices",
        "UPDATE billing.invoice_lines SET words = 'x'",
        "DELETE FROM billing.invoice_lines",
        "DELETE FROM billing.invoiced_sessions",
    ],
)
def test_what_was_issued_is_never_changed(desk: MoneyDesk, servers: Stack, change: str) -> None:
    """Not by the service, which has no right to, nor by the owner, whom a trigger refuses."""
    desk.issue(desk.owed())
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        desk.world.database.transaction(desk.world.us) as tx,
    ):
        tx.execute(text(change))
    enter = f"SELECT set_config('attune.practice_id', '{desk.world.practice_id}', true)"
    with pytest.raises(Exception, match="is never changed"):
        as_owner(servers, enter, change)


def test_the_doctor_sees_what_was_changed_with_the_guards_off(
    desk: MoneyDesk, servers: Stack
) -> None:
    """A gap in the numbers, and a sum that is none."""
    desk.issue(desk.owed())
    enter = f"SELECT set_config('attune.practice_id', '{desk.world.practice_id}', true)"
    with without_trigger(servers, "invoices", "invoices_immutable"):
        as_owner(servers, enter, "UPDATE billing.invoices SET number = 2, net = 1, total = 1")
    assert violated(desk.world) == {
        "invoices are numbered without a gap",
        "every invoice is the sum of its lines",
    }


def test_no_line_joins_an_invoice_later(desk: MoneyDesk) -> None:
    """Nor is a session let go without a credit note."""
    seen = desk.issue(desk.owed())
    late = """INSERT INTO billing.invoice_lines SELECT (jsonb_populate_record(l,
        '{"position": 2}')).* FROM billing.invoice_lines l"""
    free = "UPDATE billing.invoiced_sessions SET credit_note_id = :id"
    with (
        pytest.raises(IntegrityError, match="is issued already"),
        desk.world.database.transaction(desk.world.us) as tx,
    ):
        tx.execute(text(late))
    with (
        pytest.raises(IntegrityError, match="only a credit note"),
        desk.world.database.transaction(desk.world.us) as tx,
    ):
        tx.execute(text(free), {"id": seen.id})
