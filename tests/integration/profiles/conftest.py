"""The profiles service over the real broker, database and Redis."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from redis import Redis
from sqlalchemy.orm import Session

from deploy.local.stack import Stack
from services.common.auth import Actor, service_actor
from services.common.clock import utc_now
from services.common.database import Database
from services.common.messages import Command, View
from services.common.rpc.client import Caller
from services.contracts.profiles.accounts import AccountView, LoginsEnded, LoginView
from services.contracts.profiles.catalogue import (
    ApproachesView,
    ApproachView,
    TopicsView,
    TopicView,
)
from services.contracts.profiles.clients import ClientsView, ClientView, ContactView, OwnClientView
from services.contracts.profiles.directory import DirectoryPage, PractitionersView, PractitionerView
from services.contracts.profiles.members import MembersView
from services.contracts.profiles.records import ClientLinesPage, ClientRecordView
from services.contracts.profiles.registering import RegistrationMailView, RegistrationView
from services.profiles import operations
from services.profiles.adapters.passwords import Passwords
from services.profiles.catalogue import load_catalogue
from services.profiles.domain.records import AccountRecord, PractitionerRecord
from tests.integration.profiles.broker import EventSource
from tests.integration.profiles.samples import (
    PASSWORD,
    House,
    a_house,
    a_practitioner,
    registration,
)

TRIES, TRIES_EVERYWHERE = 5, 12
Ask = Callable[..., Any]
Opened = Callable[[str], AccountView]
InPractice = Callable[[UUID], AbstractContextManager[Session]]

ANSWERS: dict[str, type[View]] = {
    "register_account": AccountView,
    "send_registration_mail": RegistrationMailView,
    "get_registration": RegistrationView,
    "confirm_registration": LoginView,
    "sign_in": LoginView,
    "sign_out": LoginsEnded,
    "revoke_logins": LoginsEnded,
    "get_account": AccountView,
    "list_topics": TopicsView,
    "get_topic": TopicView,
    "list_approaches": ApproachesView,
    "get_approach": ApproachView,
    "search_directory": DirectoryPage,
    "get_practitioner": PractitionerView,
    "ensure_client": ClientView,
    "get_own_client": OwnClientView,
    "get_contact": ContactView,
    "list_clients": ClientsView,
    "list_practitioners": PractitionersView,
    "list_members": MembersView,
    "search_clients": ClientLinesPage,
    "get_client_record": ClientRecordView,
}


@pytest.fixture(scope="session")
def profiles_database(database: Callable[[str], Database]) -> Database:
    """The database as the service's runtime role."""
    return database("profiles")


@pytest.fixture(scope="session")
def in_practice(profiles_database: Database) -> InPractice:
    """A transaction within a practice, as the runtime role."""
    return lambda practice_id: profiles_database.transaction(
        service_actor("profiles", practice_id, "test")
    )


@pytest.fixture(scope="session")
def ask(serving: Callable[..., None], caller: Callable[[str], Caller]) -> Ask:
    """Call the running service: `ask("get_topic", GetTopic(slug="grief"))`."""
    serving(
        "profiles",
        PROFILES_SIGN_IN_TRIES=str(TRIES),
        PROFILES_SIGN_IN_TRIES_EVERYWHERE=str(TRIES_EVERYWHERE),
        PROFILES_REGISTER_TRIES=str(TRIES),
        PROFILES_REGISTER_TRIES_EVERYWHERE=str(TRIES_EVERYWHERE),
    )

    def call(
        method: str, command: Command, actor: Actor | None = None, issuer: str = "gateway"
    ) -> View:
        line = caller(issuer)
        return line.call("profiles", method, command, actor or Actor(), ANSWERS[method])

    return call


@pytest.fixture(scope="session")
def opened(ask: Ask, profiles_database: Database) -> Opened:
    """An account with PASSWORD, as if its mail had been opened."""
    password_hash = Passwords().hash(PASSWORD)

    def make(name: str) -> AccountView:
        told = registration(name)
        record = AccountRecord(told.id, told.email, told.name, told.time_zone, password_hash)
        with profiles_database.plumbing() as tx:
            operations.open_account(tx, record, now=utc_now())
        return AccountView(id=told.id, email=told.email, name=told.name, time_zone=told.time_zone)

    return make


@pytest.fixture(scope="session")
def redis(servers: Stack) -> Iterator[Any]:
    """Redis as the gateway reads it."""
    with Redis.from_url(servers.redis_url, decode_responses=True) as client:
        yield client


@pytest.fixture(scope="session")
def catalogue(profiles_database: Database) -> None:
    """Topics and approaches, stored twice to the same end."""
    for _ in range(2):
        with profiles_database.plumbing() as tx:
            operations.store_catalogue(tx, load_catalogue())


@pytest.fixture(scope="session")
def houses(in_practice: InPractice, catalogue: None) -> tuple[House, House]:
    """Two practices of their own, each with a practitioner and a client."""
    made = (a_house("linden"), a_house("alder"))
    for house in made:
        with in_practice(house.practice.id) as tx:
            operations.open_practice(tx, house.practice)
            operations.publish_practitioner(tx, house.practitioner)
            operations.store_client(tx, house.client, now=utc_now())
    return made


@pytest.fixture(scope="session")
def booking_events(servers: Stack, ask: Ask) -> Iterator[EventSource]:
    """Events as booking publishes them, with its broker user."""
    with EventSource.of("booking", servers) as source:
        yield source


@pytest.fixture(scope="session")
def billing_events(servers: Stack, ask: Ask) -> Iterator[EventSource]:
    """Events as billing publishes them, with its broker user."""
    with EventSource.of("billing", servers) as source:
        yield source


@pytest.fixture
def therapist(houses: tuple[House, House], in_practice: InPractice) -> PractitionerRecord:
    """Somebody new, published, of whom neither booking nor billing has told anything."""
    record = replace(a_practitioner(houses[0].practice), topics=("sleep",))
    with in_practice(record.practice_id) as tx:
        operations.publish_practitioner(tx, record)
    return record
