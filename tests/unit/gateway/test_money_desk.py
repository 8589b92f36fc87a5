"""The money desk: for who answers for a practice's money; its lists by filters in the address."""

import csv
import io
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from services.common.errors import InvalidInput
from services.common.money import Money
from services.contracts.billing import PaymentState
from services.contracts.billing.practice_payments import (
    ListPracticePayments,
    PaymentSum,
    PracticePayment,
    PracticePaymentsPage,
)
from services.contracts.profiles.accounts import Membership, Role
from services.contracts.profiles.clients import ClientName, ClientsView, ListClients
from services.contracts.profiles.practices import GetPractice, PracticeView
from services.contracts.profiles.records import (
    ClientLine,
    ClientLinesPage,
    Colleague,
    SearchClients,
)
from services.gateway.web import labels
from services.gateway.web.csv_file import harmless
from tests.unit.gateway.apps import fresh_app
from tests.unit.gateway.stand_ins import ToldBackend, fetch
from tests.unit.gateway.test_own_hold import Knows
from tests.unit.gateway.test_returning import visitor
from tests.unit.gateway.test_today import START

HERE, CLIENT, NELL = uuid4(), uuid4(), uuid4()
BASE = f"/practices/{HERE}/money/payments"
PRACTICE = PracticeView(id=HERE, name="Praxis", time_zone="Europe/Berlin", currency="EUR")


def payment(**changes: Any) -> PracticePayment:
    return PracticePayment(
        id=uuid4(),
        booking_id=uuid4(),
        client_id=CLIENT,
        practitioner_id=NELL,
        state=PaymentState.SUCCEEDED,
        price=Money(9550, "EUR"),
        captured=Money(9550, "EUR"),
        refunded=Money(0, "EUR"),
        dated_at=START,
    ).model_copy(update=changes)


def desk(*roles: Role, practices: int = 1, told: dict[Any, Any] | None = None) -> FastAPI:
    """The application, visited by somebody with these roles in so many practices."""
    app = fresh_app()
    ids = [HERE, *(uuid4() for _ in range(practices - 1))]
    memberships = [
        Membership(practice_id=id_, practice_name=f"Praxis {at}", roles=list(roles))
        for at, id_ in enumerate(ids)
    ]
    app.state.doorkeeper = Knows(visitor(*memberships))
    names = ClientsView(
        clients=[ClientName(id=CLIENT, name="=Jana")],
        practitioners=[Colleague(id=NELL, name="Nell")],
    )
    answers = {
        GetPractice: lambda _: PRACTICE,
        ListClients: lambda _: names,
        ListPracticePayments: lambda _: PracticePaymentsPage(payments=[payment()]),
    }
    app.state.backend = ToldBackend(answers | (told or {}))
    return app


def asked(app: FastAPI) -> ListPracticePayments:
    """The last question to billing."""
    found = [one for one in app.state.backend.asked if isinstance(one, ListPracticePayments)]
    return found[-1]


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN, Role.BILLING])
def test_who_answers_for_the_money_is_led_to_its_desk(role: Role) -> None:
    """One practice at once, several by a choice; the menu has the way."""
    assert fetch(desk(role), "/money").headers["location"] == f"/practices/{HERE}/money"
    choice = fetch(desk(role, practices=2), "/money").text
    assert f'href="/practices/{HERE}/money"' in choice
    assert '<a href="/money"' in fetch(desk(role), BASE).text


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.PRACTITIONER, Role.SUPERVISOR])
def test_the_desk_is_closed_to_everybody_else(role: Role) -> None:
    """Forbidden for members without the role; to strangers there is no such practice."""
    app = desk(role)
    assert fetch(app, "/money").status_code == 403
    assert fetch(app, BASE).status_code == 403
    assert fetch(app, f"/practices/{uuid4()}/money/payments").status_code == 404
    assert '<a href="/money"' not in fetch(app, "/account").text


def test_the_role_billing_is_led_to_no_page_that_is_closed_to_it() -> None:
    """Neither the session nor the client's record; an admin has both."""
    assert "/bookings/" not in fetch(desk(Role.BILLING), BASE).text
    assert "/bookings/" in fetch(desk(Role.ADMIN), BASE).text


def test_filters_are_asked_as_the_practice_counts() -> None:
    """Both dates included, in its own zone; amounts in its own currency; sums with any filter."""
    app = desk(Role.BILLING)
    query = f"since=2026-10-24&until=2026-10-25&state=waiting&least=95,50&most=100&client={CLIENT}"
    assert fetch(app, f"{BASE}?{query}&practitioner={NELL}&page=b24").status_code == 200
    told = asked(app)
    assert [labels.instant(at) for at in (told.from_at, told.until_at) if at] == [
        "2026-10-23T22:00:00Z",
        "2026-10-25T23:00:00Z",
    ]
    assert told.states == [PaymentState.PREPARED, PaymentState.OPEN]
    assert (told.currency, told.least, told.most) == ("EUR", 9550, 10000)
    assert (told.client_ids, told.practitioner_id, told.cursor) == ([CLIENT], NELL, "b24")
    assert told.with_sums
    fetch(app, BASE)
    assert not asked(app).with_sums


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("since=yesterday", "Enter the first day as a date."),
        ("since=2000-01-01", "Enter the first day as a date."),
        ("until=2199-12-31", "Enter the last day as a date."),
        ("since=2026-11-02&until=2026-11-01", "The last day lies before the first one."),
        ("least=ten", "Enter an amount like 95 or 95.50."),
        ("most=1.234", "An amount in EUR has at most 2 digits after the point."),
        ("state=lost", "Choose one of the states."),
        ("practitioner=nobody", "Choose one of the practitioners."),
    ],
)
def test_a_filter_that_does_not_fit_is_named_and_kept(query: str, words: str) -> None:
    """Nothing is asked of billing; what was typed stays in its field."""
    app = desk(Role.BILLING)
    answer = fetch(app, f"{BASE}?{query}&who=")
    assert answer.status_code == 422
    assert words in answer.text
    assert query.rpartition("=")[2] in answer.text or "<select" in answer.text
    assert ListPracticePayments not in map(type, app.state.backend.asked)


def test_a_name_is_looked_up_and_too_many_are_refused() -> None:
    """The payments are asked for by the clients' ids, who are not stored with them."""
    lines = [ClientLine(id=CLIENT, name="Jana", email="jana@example.org")]
    found = {SearchClients: lambda _: ClientLinesPage(clients=lines, practitioners=[])}
    app = desk(Role.ADMIN, told=found)
    assert fetch(app, f"{BASE}?who=jan").status_code == 200
    assert asked(app).client_ids == [CLIENT]
    more = {
        SearchClients: lambda _: ClientLinesPage(clients=lines, practitioners=[], next_cursor="x")
    }
    answer = fetch(desk(Role.ADMIN, told=more), f"{BASE}?who=a")
    assert (answer.status_code, "Enter more of a name" in answer.text) == (422, True)


def test_sums_are_shown_or_it_is_said_why_not() -> None:
    """By currency; of more than can be added up none is told."""
    total = Money(19100, "EUR")
    back = Money(9550, "EUR")
    summed = PaymentSum(count=2, asked=total, captured=total, refunded=back)
    page = PracticePaymentsPage(payments=[payment()], sums=[summed])
    shown = fetch(
        desk(Role.OWNER, told={ListPracticePayments: lambda _: page}), f"{BASE}?state=paid"
    )
    assert all(text in shown.text for text in ("2 payments", "€191", "€95.50"))
    shown = fetch(desk(Role.OWNER), f"{BASE}?state=paid")
    assert "more than 50,000" in shown.text


def test_the_file_has_every_payment_and_no_formula() -> None:
    """Over all parts, beyond the page; a name that a spreadsheet would run is text."""
    parts = {
        None: PracticePaymentsPage(payments=[payment(), payment()], next_cursor="b24"),
        "b24": PracticePaymentsPage(payments=[payment(refunded=Money(5, "EUR"))]),
    }
    app = desk(Role.BILLING, told={ListPracticePayments: lambda asked: parts[asked.cursor]})
    answer = fetch(app, f"{BASE}.csv?state=paid&page=zzz")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="payments-')
    assert answer.headers["cache-control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["Went back"] for row in rows] == ["0.00", "0.00", "0.05"]
    assert {row["Client"] for row in rows} == {"'=Jana"}
    assert {(row["Asked for"], row["Currency"], row["State"]) for row in rows} == {
        ("95.50", "EUR", "Paid")
    }


def test_a_file_that_is_refused_is_refused_as_such() -> None:
    """Filters that do not fit lead back to the page; a refusal of billing keeps its status."""
    assert fetch(desk(Role.BILLING), f"{BASE}.csv?least=x").headers["location"] == f"{BASE}?least=x"

    def refuse(_: object) -> None:
        raise InvalidInput("This page does not exist.", {"cursor": "is not known"})

    told = {ListPracticePayments: refuse}
    assert fetch(desk(Role.BILLING, told=told), f"{BASE}.csv").status_code == 422


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_cell_that_begins_like_a_formula_is_text(begin: str) -> None:
    """An apostrophe in front; numbers, also negative ones, stay numbers."""
    assert harmless(f"{begin}1+1") == f"'{begin}1+1"
    assert [harmless(one) for one in ("-12.50", "7", "Jana", "")] == ["-12.50", "7", "Jana", ""]


def test_a_cell_of_a_formula_would_run_without_its_apostrophe() -> None:
    """The twin: the file would begin a cell with the formula itself."""
    out = io.StringIO()
    csv.writer(out).writerow(["=1+1"])
    assert out.getvalue().startswith("=")
