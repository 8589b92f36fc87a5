"""How people are reached: told to notify alone, at delivery, within one practice."""

from uuid import uuid4

import pytest

from services.common.auth import service_actor
from services.common.errors import Forbidden, NotFound
from services.contracts.profiles.clients import GetContact
from tests.integration.profiles.conftest import Ask
from tests.integration.profiles.samples import House
from tests.integration.profiles.test_clients import staff


def test_notify_asks_for_addresses_within_one_practice(
    ask: Ask, houses: tuple[House, House]
) -> None:
    """Client, practitioner and practice of the event's tenant; others are unknown."""
    here, there = houses
    actor = service_actor("notify", here.practice.id, "booking_confirmed:1")
    asked = GetContact(client_id=here.client.id, practitioner_id=here.practitioner.id)
    told = ask("get_contact", asked, actor, issuer="notify")
    assert (told.name, told.email) == (here.client.name, here.client.email)
    assert (told.practitioner_email, told.practice_name) == (
        here.practitioner.email,
        here.practice.name,
    )
    assert told.practice_address == here.practitioner.address
    for foreign in (
        GetContact(client_id=there.client.id, practitioner_id=here.practitioner.id),
        GetContact(client_id=here.client.id, practitioner_id=there.practitioner.id),
    ):
        with pytest.raises(NotFound):
            ask("get_contact", foreign, actor, issuer="notify")


def test_a_practitioner_is_reached_without_the_clients_record(
    ask: Ask, houses: tuple[House, House]
) -> None:
    """Their part alone, and nothing of any client; one of another practice is unknown."""
    here, there = houses
    actor = service_actor("notify", here.practice.id, "booking_confirmed:1")
    asked = GetContact(
        client_id=uuid4(), practitioner_id=here.practitioner.id, is_for_practitioner=True
    )
    told = ask("get_contact", asked, actor, issuer="notify")
    assert (told.practitioner_email, told.practice_name, told.practice_address) == (
        here.practitioner.email,
        here.practice.name,
        here.practitioner.address,
    )
    assert (told.name, told.email, told.phone, told.time_zone) == ("", "", None, "")
    foreign = asked.model_copy(update={"practitioner_id": there.practitioner.id})
    with pytest.raises(NotFound):
        ask("get_contact", foreign, actor, issuer="notify")


def test_nobody_but_notify_asks_for_addresses(ask: Ask, houses: tuple[House, House]) -> None:
    """Neither the gateway, for whomever, nor another service."""
    here = houses[0]
    asked = GetContact(client_id=here.client.id, practitioner_id=here.practitioner.id)
    with pytest.raises(Forbidden):
        ask("get_contact", asked, staff(here.practice.id))
    with pytest.raises(Forbidden):
        ask("get_contact", asked, service_actor("booking", here.practice.id, ""), issuer="booking")
