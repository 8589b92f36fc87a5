"""By which name a guest's holds are counted."""

from typing import cast

from services.gateway.limits import Holds, Tally
from tests.unit.gateway.test_protection import settings


def test_a_mailbox_that_is_typed_elsewhere_is_another_guests() -> None:
    """Nobody keeps its owner out by typing it from another network; tags do not help a guest."""
    here, there = (Tally(cast(Holds, None), at, settings()) for at in ("192.0.2.1", "192.0.2.2"))
    assert here.guest("mia+1@people.example") == here.guest("Mia@people.example")
    assert here.guest("mia@people.example") != there.guest("mia@people.example")
