"""Staff who book nobody into a calendar see no form for it."""

from urllib.parse import parse_qsl

from services.contracts.booking.offerings import ListSlots
from services.contracts.profiles.accounts import Membership, Role
from tests.unit.gateway import views
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import fetch
from tests.unit.gateway.test_own_hold import START, URL, app_for, held
from tests.unit.gateway.test_returning import visitor


def test_a_colleague_without_the_right_to_book_is_told_before_the_form() -> None:
    """403 for a free start too, with what to do; nothing is there to be filled in."""
    staff = Membership(practice_id=views.PRACTICE, practice_name="Linden", roles=[Role.BILLING])
    app = app_for(visitor(staff), held(), of_account=False)
    app.state.backend.told[ListSlots] = lambda _: views.slots([START], may_book=False)
    form = dict(parse_qsl(URL.partition("?")[2]))
    for answer in (fetch(app, URL), post_form(app, "/book/choose", form)):
        assert answer.status_code == 403
        assert "You do not book into this calendar" in answer.text
        assert 'name="email"' not in answer.text
    app.state.backend.told[ListSlots] = lambda _: views.slots([START])
    assert fetch(app, URL).status_code == 200
