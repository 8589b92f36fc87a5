"""Consent at the checkout is what was ticked: nothing else that is sent becomes it."""

import httpx
import pytest

from services.contracts.billing import GetPrices
from services.contracts.billing.credits import CreditsView, ListCredits
from services.contracts.booking.bookings import BookSession
from services.contracts.booking.offerings import ListSlots
from services.contracts.profiles.clients import BOOKING_WORDS, EnsureClient, GetOwnClient
from services.contracts.profiles.directory import GetPractitioner
from services.gateway.forms.booking import BookForm
from services.gateway.visitors import Visitor
from tests.unit.gateway import views
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ToldBackend
from tests.unit.gateway.test_own_hold import START, Knows, held
from tests.unit.gateway.test_returning import visitor
from tests.unit.gateway.test_sent_again import PAGE, app_for, form_of
from tests.unit.gateway.test_who_comes import own_record


def sent(who: Visitor, consent: str, agreed_to: str | None) -> tuple[httpx.Response, ToldBackend]:
    """The answer to a checkout form with this consent, and the services behind it."""
    one = held()
    app = app_for(one)
    backend: ToldBackend = app.state.backend
    backend.told |= {
        GetOwnClient: lambda _: own_record(agreed_to),
        GetPractitioner: lambda _: views.practitioner(),
        GetPrices: lambda _: views.prices(),
        ListCredits: lambda _: CreditsView(credits=[]),
        ListSlots: lambda _: views.slots([START]),
    }
    app.state.doorkeeper = Knows(who)
    return post_form(app, "/book", form_of(one) | {"consent": consent}), backend


@pytest.mark.parametrize("consent", ["no", "YES"])
@pytest.mark.parametrize("agreed_to", [None, BOOKING_WORDS])
@pytest.mark.parametrize("is_signed_in", [False, True])
def test_what_is_no_tick_books_nothing_and_records_no_consent(
    consent: str, agreed_to: str | None, *, is_signed_in: bool
) -> None:
    """A "no" is asked about at its field, also where they agreed before: it is their word now."""
    answer, backend = sent(visitor() if is_signed_in else Visitor(), consent, agreed_to)
    assert answer.status_code == 422
    assert BookForm.words["consent"] in answer.text
    assert not {BookSession, EnsureClient} & {type(it) for it in backend.asked}


def test_a_tick_is_recorded_and_a_remembered_one_need_not_be_sent() -> None:
    """The box of the page says yes; who agreed to these words before sees no box."""
    for who, consent, agreed_to in [
        (Visitor(), "yes", None),
        (visitor(), "yes", None),
        (visitor(), "", BOOKING_WORDS),
    ]:
        answer, backend = sent(who, consent, agreed_to)
        assert answer.headers["location"] == PAGE
        (record,) = [it for it in backend.asked if isinstance(it, EnsureClient)]
        assert record.agreed_to == BOOKING_WORDS
