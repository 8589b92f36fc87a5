"""Messages that were given up: shown with their reason, and sent after all when replayed."""

from email.message import EmailMessage

import pytest

from services.common import parking
from services.notify.adapters.smtp import SmtpPostbox, Undelivered
from services.notify.domain.kinds import Template
from services.notify.domain.retries import MOST_TRIES
from services.notify.models import metadata
from tests.integration.notify.world import PRACTITIONER_EMAIL, World, eventually

pytestmark = pytest.mark.usefixtures("house")


class RefusingPostbox(SmtpPostbox):
    """A mail server that takes nothing for now."""

    def send(self, mail: EmailMessage, address: str) -> None:
        raise Undelivered(451)


def refusing(world: World) -> RefusingPostbox:
    return RefusingPostbox(f"smtp://127.0.0.1:{world.mailbox.smtp_port}")


def parked(world: World) -> list[parking.Parked]:
    keys = {str(message.id) for message in world.messages()}
    with world.database.plumbing() as tx:
        return [row for row in parking.list_parked(tx, metadata) if row.key in keys]


def give_up(world: World) -> None:
    """All confirmations of a booking fail until they are parked."""
    world.book()
    assert eventually(lambda: len(world.messages()) == 4)
    for _ in range(MOST_TRIES):
        world.make_due(Template.CONFIRMED)
        world.deliver(refusing(world))


def test_a_parked_mail_says_what_it_is_and_what_failed(world: World) -> None:
    """Whoever lists it need not guess."""
    give_up(world)
    assert [(row.about, row.error) for row in parked(world)] == [("confirmed", "refused")] * 2


def test_a_confirmation_with_nobody_to_tell_is_tried_and_parked(world: World) -> None:
    """The client's record is missing: their mail is not dropped without a word, and the
    practitioner, who has to come, hears of the appointment at once."""
    world.erase_client()
    world.book()
    assert eventually(lambda: len(world.messages()) == 4)
    world.deliver()
    assert sorted(world.states(Template.CONFIRMED)) == ["failed", "sent"]
    assert len(world.mails(PRACTITIONER_EMAIL)) == 1
    for _ in range(MOST_TRIES - 1):
        world.make_due(Template.CONFIRMED)
        world.deliver()
    assert [(row.about, row.error) for row in parked(world)] == [("confirmed", "no contact")]


def test_a_replayed_mail_is_sent(world: World) -> None:
    """The mail server is well again: one replay is enough, and nothing stays parked."""
    give_up(world)
    with world.database.plumbing() as tx:
        assert parking.replay(tx, metadata) >= 2
    world.deliver()
    assert world.states(Template.CONFIRMED) == ["sent", "sent"]
    assert parked(world) == []
    assert len(world.mails()) == 1


def test_a_replayed_mail_gets_all_its_tries_anew(world: World) -> None:
    """One more refusal makes it wait, as the first one did, and does not park it."""
    give_up(world)
    with world.database.plumbing() as tx:
        parking.replay(tx, metadata)
    world.deliver(refusing(world))
    assert world.states(Template.CONFIRMED) == ["failed", "failed"]
    assert [message.tries for message in world.messages(Template.CONFIRMED)] == [1, 1]


def test_what_is_dropped_is_tried_no_more_and_nothing_else_goes(world: World) -> None:
    """By its key, as it is listed; the message itself keeps its end on record."""
    give_up(world)
    first, second = parked(world)
    with world.database.plumbing() as tx:
        assert parking.drop(tx, metadata, first.key) == 1
        assert parking.drop(tx, metadata, first.key) == 0
        parking.replay(tx, metadata)
    world.deliver()
    assert parked(world) == []
    assert sorted(world.states(Template.CONFIRMED)) == ["parked", "sent"]
    assert second.key != first.key


def test_only_what_is_parked_can_be_dropped(world: World) -> None:
    """A mail that is still to be tried stays."""
    world.book()
    assert eventually(lambda: len(world.messages()) == 4)
    with world.database.plumbing() as tx:
        assert all(parking.drop(tx, metadata, str(one.id)) == 0 for one in world.messages())
