"""Booking for a client: step by step, what is sent, and what comes back when it is lost."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from services.common.clock import utc_now
from services.common.errors import Busy, DifferentContent
from services.contracts.base import Format
from services.contracts.billing import GetPrices
from services.contracts.booking.bookings import BookingState
from services.contracts.booking.caseload import CaseloadView, ClientSessions, ListCaseload
from services.contracts.booking.on_behalf import (
    BookForClient,
    ListPracticeSlots,
    PaidBy,
    PracticeSlotsView,
)
from services.contracts.booking.refusals import ClientElsewhere, PriceChanged, SlotTaken
from services.contracts.booking.weeks import GetWeek
from services.contracts.profiles.accounts import Membership, Role
from services.contracts.profiles.clients import ClientView, EnsureClient
from services.contracts.profiles.records import (
    ClientLine,
    ClientLinesPage,
    ClientRecordView,
    Colleague,
    GetClientRecord,
    SearchClients,
)
from services.gateway.web import labels
from services.gateway.web.ids import new_form_id
from tests.unit.gateway import views
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ToldBackend, fetch
from tests.unit.gateway.test_availability import DESK, house, last_asked, refuse
from tests.unit.gateway.test_booking_pages import booking
from tests.unit.gateway.test_own_hold import Knows
from tests.unit.gateway.test_returning import visitor
from tests.unit.gateway.test_today import TREATING
from tests.unit.gateway.test_week import BERLIN, week

CLIENT = uuid4()
START, LATER, LATEST = views.hours_ahead(50, 52, 54)
COLLEAGUES = [Colleague(id=views.PERSON, name="Miriam Adler"), Colleague(id=uuid4(), name="Ben")]
RECORD = ClientRecordView(
    id=CLIENT,
    practice_id=views.PRACTICE,
    name="Cleo Client",
    email="cleo@people.example",
    phone=None,
    time_zone="Europe/Vienna",
    has_account=False,
    since=utc_now(),
    practitioners=COLLEAGUES,
)
SLOTS = PracticeSlotsView(
    **dict(views.slots([START, LATER, LATEST])) | {"format": Format.ONLINE},
    offerings=[views.offering()],
)
HELD = booking(state=BookingState.HELD, deadline_at=utc_now() + timedelta(days=2))


def desk(*members: Membership, **told: Any) -> tuple[FastAPI, ToldBackend]:
    app, backend = house()
    app.state.doorkeeper = Knows(visitor(*members or [DESK]))
    backend.told |= {
        SearchClients: lambda _: ClientLinesPage(
            clients=[ClientLine(id=CLIENT, name=RECORD.name, email=RECORD.email)],
            practitioners=COLLEAGUES,
        ),
        GetClientRecord: lambda _: RECORD,
        ListCaseload: lambda _: CaseloadView(clients=[]),
        ListPracticeSlots: lambda _: SLOTS,
        GetPrices: lambda _: views.prices(),
        BookForClient: lambda _: booking(client_id=CLIENT),
        EnsureClient: lambda it: ClientView(id=it.id, practice_id=it.practice_id, account_id=None),
    }
    backend.told |= {kind: one for kind in backend.told if (one := told.get(kind.__name__))}
    return app, backend


def sent(**changed: str) -> dict[str, str]:
    return {
        "form_id": new_form_id(),
        "client": str(CLIENT),
        "practitioner": str(views.PERSON),
        "offering": str(views.OFFERING),
        "format": "online",
        "start": labels.instant(START),
        "price_id": str(views.PRICE),
        "zone": "Europe/Berlin",
        "paid_by": "account",
    } | changed


def post(app: FastAPI, **changed: str) -> httpx.Response:
    return post_form(app, "/clients/book", sent(**changed))


def test_what_is_missing_is_asked_for_one_after_the_other() -> None:
    """Who, with whom, when; then the form. Each page asks a service once."""
    app, backend = desk()
    steps = (
        ("", "Who is it for?"),
        (f"?client={CLIENT}", "With whom?"),
        (f"?client={CLIENT}&practitioner={views.PERSON}", "When?"),
        (
            f"?client={CLIENT}&practitioner={views.PERSON}&start={labels.instant(START)}",
            "How is it paid?",
        ),
    )
    for query, heading in steps:
        backend.calls.clear()
        answer = fetch(app, f"/clients/book{query}")
        assert answer.status_code == 200
        assert heading in answer.text
        assert max(backend.calls.values()) == 1, heading


def test_who_treats_books_into_their_own_calendar() -> None:
    """Whatever calendar the address names; and among whom they treat."""
    app, backend = desk(TREATING)
    fetch(app, f"/clients/book?client={CLIENT}&practitioner={uuid4()}")
    assert last_asked(backend, ListPracticeSlots).practitioner_id == views.PERSON
    assert last_asked(backend, ListPracticeSlots).client_id == CLIENT
    fetch(app, "/clients/book?q=cleo")
    assert last_asked(backend, SearchClients).among == []


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.OWNER])
def test_an_empty_place_is_booked_in_the_practice_of_its_calendar(role: Role) -> None:
    """Of who works in two it need not be the first; the form says which one it is."""
    first = Membership(
        practice_id=uuid4(), practice_name="Eiche", roles=[role], practitioner_id=uuid4()
    )
    app, backend = desk(first, TREATING)
    backend.told[GetWeek] = lambda _: week()
    place = f"practice={views.PRACTICE}&practitioner={views.PERSON}"
    week_page = fetch(app, f"/calendar?{place}").text
    assert f"/clients/book?{place}".replace("&", "&amp;") in week_page
    day = START.astimezone(BERLIN)
    opened = fetch(app, f"/calendar/new?{place}&day={day:%Y-%m-%d}&at={day:%H:%M}")
    form = fetch(app, opened.headers["location"] + "&client=new")
    assert form.status_code == 200
    assert last_asked(backend, ListPracticeSlots).practitioner_id == views.PERSON
    assert "In <strong>Linden</strong>" in form.text
    assert f'action="/clients/book?practice={views.PRACTICE}"' in form.text


@pytest.mark.parametrize(("count", "label"), [(3, "People you see"), (2000, "The 2000 people")])
def test_a_list_that_ends_before_all_clients_says_so(count: int, label: str) -> None:
    """Those seen last are listed; a search finds no others."""
    every = [ClientSessions(client_id=uuid4(), last_at=None, next_at=START) for _ in range(count)]
    app, _ = desk(TREATING, ListCaseload=lambda _: CaseloadView(clients=every))
    assert label in fetch(app, "/clients").text


def test_roles_that_receive_nobody_are_turned_away() -> None:
    """Billing and supervision have no desk."""
    member = Membership(practice_id=views.PRACTICE, practice_name="Linden", roles=[Role.BILLING])
    app, _ = desk(member)
    assert fetch(app, "/clients/book").status_code == 403
    assert fetch(app, "/clients").status_code == 403
    assert fetch(app, f"/clients/{CLIENT}").status_code == 404


def test_a_known_client_is_booked_in_their_own_zone() -> None:
    """Back to their record, with what happens next."""
    app, backend = desk()
    answer = post(app)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/clients/{CLIENT}")
    asked = last_asked(backend, BookForClient)
    assert (asked.client_id, asked.client_time_zone) == (CLIENT, "Europe/Vienna")
    assert asked.paid_by is PaidBy.ACCOUNT
    assert not [one for one in backend.asked if isinstance(one, EnsureClient)]


NEW = {
    "client": "new",
    "name": "Lena Neu",
    "email": "lena@people.example",
    "phone": "+49 30 123456",
    "paid_by": "link",
}


def test_somebody_new_has_a_record_before_the_seat_is_theirs() -> None:
    """The same record however often the form is sent; another for who turns out to be another."""
    new = NEW | {"form_id": new_form_id()}
    app, backend = desk(BookForClient=lambda _: HELD)
    for _ in range(2):
        assert post(app, **new).status_code == 303
    acts = [one for one in backend.asked if isinstance(one, EnsureClient | BookForClient)]
    assert [type(one) for one in acts] == [EnsureClient, BookForClient] * 2
    written = last_asked(backend, EnsureClient)
    assert acts[0] == written
    assert last_asked(backend, BookForClient).client_id == written.id
    assert (written.name, written.is_for_another) == ("Lena Neu", True)
    post(app, **new | {"email": "lena.neu@people.example"})
    assert last_asked(backend, EnsureClient).id != written.id
    assert last_asked(backend, BookForClient).client_id == last_asked(backend, EnsureClient).id


def test_nothing_is_booked_for_who_can_have_no_record() -> None:
    """While profiles is away: a firm session would have a client whom nobody knows."""
    app, backend = desk(EnsureClient=refuse(Busy()))
    assert post(app, **NEW).status_code == 503
    assert not [one for one in backend.asked if isinstance(one, BookForClient)]


def test_who_loses_a_race_keeps_what_was_typed() -> None:
    """Three nearest times to choose from in the same form, under the same id."""
    near = ",".join(labels.instant(at) for at in (LATER, LATEST))
    app, _ = desk(BookForClient=refuse(SlotTaken("", {"nearest": near})))
    new = {"client": "new", "name": "Lena Neu", "email": "lena@people.example"}
    form_id = new_form_id()
    answer = post(app, form_id=form_id, **new)
    assert answer.status_code == 409
    assert answer.text.count('name="start" type="radio"') == 2
    for kept in ("Lena Neu", "lena@people.example", form_id, 'value="account" checked'):
        assert kept in answer.text


@pytest.mark.parametrize(("refusal", "status"), [(PriceChanged(), 409), (ClientElsewhere(), 409)])
def test_what_changed_meanwhile_is_said(refusal: Exception, status: int) -> None:
    """Nothing was booked, and the form is there again."""
    answer = post(desk(BookForClient=refuse(refusal))[0])
    assert answer.status_code == status
    assert "banner--warn" in answer.text


def test_a_form_that_booked_before_with_other_details_says_so() -> None:
    """And leads to what it booked."""
    form_id = new_form_id()
    answer = post(desk(BookForClient=refuse(DifferentContent()))[0], form_id=form_id)
    assert answer.headers["location"] == f"/practices/{views.PRACTICE}/bookings/{form_id}"


def test_mistakes_are_named_at_their_fields() -> None:
    """And nothing is asked of booking but what the page shows."""
    app, backend = desk()
    answer = post(app, client="new", name="", email="no address", phone="x", paid_by="")
    assert answer.status_code == 422
    for field in ("name", "email", "phone", "paid_by"):
        assert f'id="error-{field}"' in answer.text
    assert 'value="no address"' in answer.text
    assert not [one for one in backend.asked if isinstance(one, BookForClient)]


def test_a_start_that_is_gone_shows_the_nearest() -> None:
    """Also where somebody comes by a link from a calendar."""
    app, _ = desk()
    gone = labels.instant(START + timedelta(minutes=5))
    answer = fetch(app, f"/clients/book?client=new&practitioner={views.PERSON}&start={gone}")
    assert answer.status_code == 409
    assert answer.text.count('name="start" type="radio"') == 3
