"""Who reads invoices, how lists are turned, and the file that stays as it is."""

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from pypdf import PdfReader
from uuid_utils.compat import uuid7

from services.common.auth import Actor
from services.common.errors import Forbidden, InvalidInput, NotFound
from services.contracts.billing.invoices import InvoiceKind
from tests.integration.billing.desk import NOW, MoneyDesk
from tests.integration.billing.world import World
from tests.unit.billing.test_printing import png, read

RECEIPT = InvoiceKind.RECEIPT


def client_of(world: World) -> Actor:
    """The client at their own pages: within no practice."""
    return Actor(kind="person", account_id=world.account_id)


@pytest.mark.parametrize("role", ["practitioner", "front_desk", "supervisor"])
def test_invoices_are_for_those_who_answer_for_money(desk: MoneyDesk, role: str) -> None:
    """Nobody else of the practice lists, issues or reads them."""
    session = desk.owed()
    seen = desk.issue(session)
    other = MoneyDesk(desk.world, role)
    with pytest.raises(Forbidden):
        other.listed()
    with pytest.raises(Forbidden):
        other.send(desk.command(session))
    with pytest.raises(Forbidden):
        other.settle()
    with pytest.raises(NotFound):
        other.invoice(seen.id)


def test_a_client_reads_their_own_invoices_in_all_practices(
    desk: MoneyDesk, make_world: Callable[..., World]
) -> None:
    """The latest first, part by part; not those of another client, nor of another account."""
    world, elsewhere = desk.world, MoneyDesk(make_world())
    elsewhere.settle()
    mine = [
        desk.issue(desk.owed()),
        elsewhere.issue(elsewhere.owed(account_id=world.account_id), now=NOW + timedelta(hours=1)),
    ]
    desk.issue(desk.owed(account_id=uuid7()))
    client = client_of(world)
    first = desk.own(client, limit=1)
    second = desk.own(client, limit=1, cursor=first.next_cursor)
    assert [one.id for one in (*first.invoices, *second.invoices)] == [mine[1].id, mine[0].id]
    assert second.next_cursor is None
    assert desk.invoice(mine[1].id, client).total == mine[1].total
    stranger = Actor(kind="person", account_id=uuid7())
    with pytest.raises(NotFound):
        desk.invoice(mine[0].id, stranger)
    with pytest.raises(NotFound):
        desk.file(mine[0].id, stranger)


def test_a_list_is_turned_and_filtered(desk: MoneyDesk) -> None:
    """By kind, client and date, part by part without one twice."""
    first = desk.issue(desk.owed(), now=NOW - timedelta(days=3))
    second = desk.issue(desk.paid(), kind=RECEIPT)
    note = desk.credit(first.id)
    part = desk.listed(limit=2)
    rest = desk.listed(limit=2, cursor=part.next_cursor)
    numbers = [one.number for one in (*part.invoices, *rest.invoices)]
    assert numbers == ["2026-0003", "2026-0002", "2026-0001"]
    assert [one.id for one in desk.listed(kind=RECEIPT).invoices] == [second.id]
    day = NOW.date()
    assert {one.id for one in desk.listed(from_on=day, until_on=day).invoices} == {
        second.id,
        note.id,
    }
    assert desk.listed(client_id=uuid7()).invoices == []
    with pytest.raises(InvalidInput):
        desk.listed(cursor="nonsense")


def test_a_file_is_made_once_and_stays_as_it_is(desk: MoneyDesk) -> None:
    """With the logo and the words of the issue, whatever the settings become; its sums are those
    of the invoice; eight who ask first at once get the same bytes."""
    desk.put_logo(png())
    seen = desk.issue(desk.owed(), desk.owed())
    desk.settle(legal_name="Another name")
    desk.put_logo(None)
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: desk.file(seen.id), range(8)))
    assert len({one.pdf for one in told}) == 1
    pdf = base64.b64decode(told[0].pdf)
    assert told[0].digest == sha256(pdf).hexdigest()
    assert told[0].name == "invoice-2026-0001.pdf"
    words = read(pdf)
    assert "Praxis Lindenbogen" in words
    assert "Gesamtbetrag 180,00 €" in words
    assert words.count("Sitzung (50 Minuten) 1 90,00 0 % 90,00") == 2
    assert len(PdfReader(BytesIO(pdf)).pages[0].images) == 1
    assert desk.file(seen.id, client_of(desk.world)) == told[0]


def test_a_statement_tells_what_was_charged_and_paid(desk: MoneyDesk) -> None:
    """Of its dates alone; a receipt that was taken back counts for nothing on both sides."""
    before = desk.issue(desk.owed(), now=NOW - timedelta(days=40))
    taken_back = desk.issue(desk.paid(), kind=RECEIPT)
    desk.credit(taken_back.id)
    desk.issue(desk.paid(), kind=RECEIPT)
    desk.issue(desk.owed(), desk.owed())
    day = NOW.date()
    words = read(base64.b64decode(desk.statement(from_on=day, until_on=day).pdf))
    assert before.number not in words
    assert "30.11.2026 Rechnung und Quittung 2026-0002 90,00 € 90,00 €" in words
    assert "30.11.2026 Stornorechnung 2026-0003 -90,00 € -90,00 €" in words
    assert "30.11.2026 Rechnung 2026-0005 180,00 € –" in words
    assert "Berechnet 270,00 € Bezahlt 90,00 € Noch offen 180,00 €" in words
    assert before.number in read(base64.b64decode(desk.statement().pdf))
    with pytest.raises(NotFound):
        desk.statement(from_on=day - timedelta(days=20), until_on=day - timedelta(days=10))
    with pytest.raises(InvalidInput):
        desk.statement(from_on=day, until_on=day - timedelta(days=1))
    with pytest.raises(Forbidden):
        MoneyDesk(desk.world, "front_desk").statement(from_on=day, until_on=day)


def test_a_statement_without_dates_ends_today_by_the_practices_clock(desk: MoneyDesk) -> None:
    """Berlin's December has begun while it is November in UTC."""
    after_midnight = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    issued = desk.issue(desk.owed(), now=after_midnight)
    assert issued.issued_on == date(2026, 12, 1)
    told = desk.statement(now=after_midnight)
    assert told.name == "statement-2026-12-01.pdf"
    assert issued.number in read(base64.b64decode(told.pdf))
