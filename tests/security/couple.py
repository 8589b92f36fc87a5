"""A practitioner and a client with a session, as profiles and booking know them."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from services.common.auth import Actor, service_actor
from services.common.database import Database
from services.profiles import operations as profiles
from services.profiles.domain.records import AccountRecord, ClientRecord
from tests.integration.booking.practice import NOW, Practice
from tests.integration.profiles.samples import a_house


@dataclass(frozen=True, slots=True)
class Pair:
    """A practitioner and a client with a session."""

    practice: Practice
    client: ClientRecord
    booking_id: UUID

    @property
    def practitioner(self) -> Actor:
        return self.practice.person(self.practice.practitioner_account, "practitioner")

    @property
    def reader(self) -> Actor:
        return Actor(kind="person", account_id=self.client.account_id)


def open_pair(database: Callable[[str], Database]) -> Pair:
    """Both with an account; no canary is in what they are called."""
    made, account_id = a_house("plan-canary"), uuid4()
    record = ClientRecord(
        id=uuid4(),
        practice_id=made.practice.id,
        name="Client",
        email="client@plan-canary.example",
        time_zone="Europe/Berlin",
        account_id=account_id,
    )
    opened, practitioner_id = database("profiles"), made.practitioner.id
    practice = Practice(database("booking"), made.practice.id, practitioner_id).open()
    with opened.plumbing() as tx:
        for id_ in (account_id, practice.practitioner_account):
            account = AccountRecord(id_, f"{id_.hex}@canary.example", "Somebody", "UTC")
            profiles.open_account(tx, account, now=NOW)
    with opened.transaction(service_actor("profiles", made.practice.id, "test")) as tx:
        profiles.open_practice(tx, made.practice)
        profiles.publish_practitioner(tx, made.practitioner)
        profiles.store_client(tx, record, now=NOW)
    return Pair(practice, record, practice.book_and_pay(client_id=record.id).id)
