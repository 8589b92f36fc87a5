"""Mail servers that say later, never, nothing at all, or are away."""

from collections import Counter
from email.message import EmailMessage

import pytest

from services.notify.adapters.smtp import SmtpPostbox, Undelivered
from services.notify.domain.kinds import Template
from tests.integration.notify.world import CLIENT_EMAIL, World, booked, told

pytestmark = pytest.mark.usefixtures("house")


def test_a_mailbox_that_says_later_gets_it_later(world: World) -> None:
    """451, twice: the message waits 5 s, then 10 s, and is delivered once."""
    booked(world)
    world.mailbox.call(
        "POST", "/faults", {"kind": "reply", "code": 451, "to": CLIENT_EMAIL, "count": 2}
    )
    for _ in range(2):
        world.deliver()
        assert world.deliver() == 0
        world.make_due(Template.CONFIRMED)
    assert world.states(Template.CONFIRMED).count("failed") == 1
    world.deliver()
    assert told(world) == ["Your appointment is confirmed"]
    assert Counter(world.deliveries()) == {("refused", 451): 2, ("sent", 250): 2}


def test_a_mailbox_that_says_never_is_believed(world: World) -> None:
    """550 parks the message at once; the practitioner's is not held up by it."""
    booked(world)
    world.mailbox.call(
        "POST",
        "/faults",
        {"kind": "reply", "stage": "rcpt", "code": 550, "to": CLIENT_EMAIL, "count": None},
    )
    world.deliver()
    world.deliver()
    assert sorted(world.states(Template.CONFIRMED)) == ["parked", "sent"]
    assert ("refused", 550) in world.deliveries()


def test_a_connection_that_breaks_is_made_anew(world: World) -> None:
    """Nobody can tell whether the first was taken: it is tried again with the same Message-ID."""
    booked(world)
    world.mailbox.call("POST", "/faults", {"kind": "drop", "is_kept": False, "to": CLIENT_EMAIL})
    world.deliver()
    assert ("unclear", None) in world.deliveries()
    world.make_due(Template.CONFIRMED)
    world.deliver()
    assert len(world.mails()) == 1
    assert world.states(Template.CONFIRMED) == ["sent", "sent"]


def test_a_mail_server_that_is_away_costs_no_try(world: World) -> None:
    """Connection refused: all wait a few seconds, none comes closer to being parked."""
    booked(world)
    assert world.deliver(SmtpPostbox("smtp://127.0.0.1:9")) == 0
    assert world.states(Template.CONFIRMED) == ["pending", "pending"]
    assert {m.tries for m in world.messages()} == {0}
    world.make_due(Template.CONFIRMED)
    assert world.deliver() == 2


class BrokenPostbox(SmtpPostbox):
    """Never gets anything through."""

    def send(self, mail: EmailMessage, address: str) -> None:
        raise Undelivered(451)


def test_after_twelve_tries_a_message_is_parked(world: World) -> None:
    """And is not claimed any more."""
    booked(world)
    for _ in range(12):
        world.make_due(Template.CONFIRMED)
        world.deliver(BrokenPostbox(f"smtp://127.0.0.1:{world.mailbox.smtp_port}"))
    assert world.states(Template.CONFIRMED) == ["parked", "parked"]
    world.make_due(Template.CONFIRMED)
    assert world.deliver() == 0
