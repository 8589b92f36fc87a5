"""Clients as their practice finds them: by name or address, page by page, and by nobody else."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import Forbidden, NotFound
from services.contracts.base import BadCursor
from services.contracts.profiles.records import (
    ClientLine,
    ClientLinesPage,
    GetClientRecord,
    SearchClients,
)
from services.profiles import operations
from tests.integration.profiles.conftest import Ask, InPractice
from tests.integration.profiles.samples import a_house

NAMES = ("Ada 100% Sure", "ada under_score", "Ben Berg", "Cleo Client", "Ömer Öz")


def member(practice_id: UUID, role: str) -> Actor:
    return Actor("person", account_id=uuid4(), practice_id=practice_id, roles=frozenset({role}))


@pytest.fixture
def practice_id(in_practice: InPractice, catalogue: None) -> UUID:
    """A practice with a practitioner and a client of each name."""
    house = a_house(f"records-{uuid4().hex[:8]}")
    with in_practice(house.practice.id) as tx:
        operations.open_practice(tx, house.practice)
        operations.publish_practitioner(tx, house.practitioner)
        for name in NAMES:
            email = f"{name.split()[0].lower()}@people.example".replace("ö", "oe")
            client = replace(house.client, id=uuid4(), name=name, email=email)
            operations.store_client(tx, client, now=utc_now())
    return house.practice.id


def search(ask: Ask, actor: Actor, **asked: Any) -> ClientLinesPage:
    page = ask("search_clients", SearchClients(**asked), actor)
    assert isinstance(page, ClientLinesPage)
    return page


def names(clients: list[ClientLine]) -> list[str]:
    return [one.name for one in clients]


def test_clients_are_listed_by_name_page_by_page(ask: Ask, practice_id: UUID) -> None:
    """Whatever the case; each once; a cursor is an id and tells no name."""
    desk = member(practice_id, "front_desk")
    found, cursor = [], None
    for _ in range(3):
        page = search(ask, desk, cursor=cursor, limit=2)
        found += page.clients
        cursor = page.next_cursor
    assert names(found) == list(NAMES)
    assert cursor is None
    first = search(ask, desk, limit=2)
    assert first.next_cursor == str(first.clients[-1].id)
    assert len(first.practitioners) == 1
    for wrong in ("x", str(uuid4())):
        with pytest.raises(BadCursor):
            search(ask, desk, cursor=wrong)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("BERG", ["Ben Berg"]),
        ("cleo@", ["Cleo Client"]),
        ("100%", ["Ada 100% Sure"]),
        ("%", ["Ada 100% Sure"]),
        ("r_s", ["ada under_score"]),
        ("öz", ["Ömer Öz"]),
        ("nobody", []),
    ],
)
def test_they_are_found_by_a_part_of_name_or_address(
    ask: Ask, practice_id: UUID, text: str, found: list[str]
) -> None:
    """Signs with a meaning to the database are signs like others."""
    assert names(search(ask, member(practice_id, "admin"), text=text).clients) == found


def test_who_treats_looks_among_their_own(ask: Ask, practice_id: UUID) -> None:
    """They name whom they treat; without naming anybody they see nobody."""
    every = search(ask, member(practice_id, "owner")).clients
    treating = member(practice_id, "practitioner")
    own = [every[2].id, uuid4()]
    assert names(search(ask, treating, among=own).clients) == ["Ben Berg"]
    assert search(ask, treating, among=[]).clients == []
    with pytest.raises(Forbidden):
        search(ask, treating)


def test_a_record_is_read_within_its_practice(ask: Ask, practice_id: UUID) -> None:
    """By those who receive clients there; for everybody else there is none."""
    client_id = search(ask, member(practice_id, "owner"), text="cleo").clients[0].id
    asked = GetClientRecord(client_id=client_id)
    told = ask("get_client_record", asked, member(practice_id, "practitioner"))
    assert (told.name, told.email, told.has_account) == (
        "Cleo Client",
        "cleo@people.example",
        False,
    )
    for stranger in (
        member(practice_id, "billing"),
        member(uuid4(), "admin"),
        Actor("person", account_id=uuid4(), practice_id=practice_id),
        Actor(practice_id=practice_id),
    ):
        with pytest.raises(NotFound):
            ask("get_client_record", asked, stranger)
