"""What the practice booked for a client: a link to pay by, or a confirmation with its file."""

import re

import pytest

from services.common.clock import utc_now
from services.common.crypto import token_key
from services.contracts.booking.on_behalf import PaidBy
from services.contracts.notify import ResolveLink
from services.notify.domain.kinds import Template
from services.notify.operations import links
from tests.integration.booking.behalf import book_for, wish_for
from tests.integration.notify.world import CLIENT_EMAIL, World, a_weekday_at_ten, eventually

pytestmark = pytest.mark.usefixtures("house")
LINK = re.compile(r"https://attune\.example/b/(\S+)")


def test_a_client_gets_a_link_that_opens_the_held_booking(world: World) -> None:
    """From booking's event to the mailbox; the subject tells nothing, and no file goes along."""
    asked = wish_for(
        world.booked, a_weekday_at_ten(), client_id=world.client_id, paid_by=PaidBy.LINK
    )
    book_for(world.booked, asked, now=utc_now())
    assert eventually(lambda: bool(world.messages(Template.PAYMENT_ASKED)))
    world.deliver()
    [mail] = [one for one in world.mails() if "keeps this time for you" in one["text"]]
    assert mail["subject"] == "An appointment is held for you"
    assert "Please pay until" in mail["text"]
    with world.database.plumbing() as tx:
        key = token_key(LINK.findall(mail["text"])[0])
        opened = links.resolve_link(tx, ResolveLink(link_key=key), now=utc_now())
    assert opened.booking_id == asked.id


def test_what_is_firm_at_once_is_confirmed_by_mail(world: World) -> None:
    """It says that nothing is paid here."""
    asked = wish_for(world.booked, a_weekday_at_ten(), client_id=world.client_id)
    book_for(world.booked, asked, now=utc_now())
    assert eventually(lambda: len(world.messages(Template.CONFIRMED)) == 2)
    world.deliver()
    [mail] = [one for one in world.mails() if "Nothing is paid here" in one["text"]]
    assert "It is paid" not in mail["text"]
    assert len(world.summaries(CLIENT_EMAIL)) == 1
