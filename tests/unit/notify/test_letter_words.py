"""What mails say of times and of money, as the pages do."""

import pytest

from services.notify.domain.kinds import Recipient, Template
from tests.unit.notify.occasions import NOW, booking
from tests.unit.notify.test_letters import PAIRS, written


@pytest.mark.parametrize(("template", "recipient"), PAIRS)
def test_the_zone_stands_beside_every_appointments_time(
    template: Template, recipient: Recipient
) -> None:
    """14:00 says nothing to who travels, also not of what was cancelled or paid back."""
    letter = written(template, recipient)
    for body in (letter.text, letter.html):
        assert "14:00" in body
        assert "Berlin time" in body


def test_money_on_its_way_back_is_told_in_the_days_that_the_pages_tell() -> None:
    """One wording: whoever reads both learns the same."""
    letter = written(Template.REFUNDED, Recipient.CLIENT)
    for body in (letter.text, letter.html):
        assert "usually arrives within 5 to 10 days" in " ".join(body.split())


def test_of_a_session_on_account_the_mail_says_what_is_owed() -> None:
    """Nothing was paid here that could come back."""
    told = {"is_on_account": True, "free_until": NOW}
    letter = written(Template.CONFIRMED, Recipient.CLIENT, booking=booking(**told))
    for body in (letter.text, letter.html):
        assert "you see what is owed before you decide" in " ".join(body.split())
        assert "comes back" not in body
