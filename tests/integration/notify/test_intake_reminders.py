"""The mail before a first session: while something is asked, once, and never where nothing is."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from uuid_utils.compat import uuid7

from services.common.clock import utc_now
from services.common.database import Database
from services.contracts.booking.events import BookingConfirmed
from services.contracts.plans.intake_setup import PublishConsentText
from services.contracts.plans.questionnaire import ConsentKind
from services.notify.domain.kinds import Template
from services.plans.operations import intake_setup
from tests.integration.notify.world import World, a_weekday_at_ten

pytestmark = pytest.mark.usefixtures("house")
OFFSETS = {Template.INTAKE_REMINDER: timedelta(days=2)}
SUBJECT = "Before your appointment"


def confirm(world: World, *days: int) -> None:
    """Bookings so many days ahead, each with its reminder, which is due now."""
    for ahead in days:
        starts_at = a_weekday_at_ten(ahead)
        fact = world.fact(BookingConfirmed, world.book(starts_at), starts_at)
        world.take_in(fact, offsets=OFFSETS)
    world.make_due()


def subjects(world: World) -> list[str]:
    """What the client got."""
    return [mail["subject"] for mail in world.mails()]


def test_a_client_is_reminded_once_however_much_they_book(
    world: World, database: Callable[[str], Database]
) -> None:
    """With the link to what is asked, which the confirmation names as well."""
    command = PublishConsentText(
        id=uuid7(), kind=ConsentKind.TREATMENT, title="Agreement", body="We work together."
    )
    with database("plans").transaction(world.actor) as tx:
        intake_setup.publish_text(tx, command, world.practice_id, now=utc_now())
    confirm(world, 7, 14)
    world.deliver()
    assert subjects(world).count(SUBJECT) == 1
    assert "cancelled" in world.states(Template.INTAKE_REMINDER)
    told = [one["text"] for one in world.mails() if "confirmed" in one["subject"]]
    assert all("/intake" in text for text in told)


def test_nobody_is_reminded_where_nothing_is_asked(world: World) -> None:
    """A practice that has published nothing; nor does the confirmation speak of it."""
    confirm(world, 7)
    world.deliver()
    assert SUBJECT not in subjects(world)
    assert all("/intake" not in one["text"] for one in world.mails())
