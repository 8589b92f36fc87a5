"""People with logins, stored through the operations of profiles: members, operators, clients."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from uuid_utils.compat import uuid7

from deploy.local.product import Product
from services.common.auth import service_actor
from services.common.clock import utc_now
from services.common.database import Database
from services.contracts.profiles.accounts import Role
from services.profiles import operations
from services.profiles.adapters.passwords import Passwords
from services.profiles.domain.records import AccountRecord, MemberRecord
from tests.factories.clinic import ZONE, Clinic

PASSWORD = "Quittenmus-und-Zimt-27"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account; a member where a clinic is named, of the platform as operator."""

    name: str
    clinic: Clinic | None = None
    role: Role | None = None
    is_operator: bool = False
    account_id: UUID = field(default_factory=uuid7)

    @property
    def email(self) -> str:
        return f"person-{self.account_id.hex}@people.example"

    @property
    def practitioner_id(self) -> UUID | None:
        """Whose calendar it is, for who treats."""
        treats = self.clinic is not None and self.role is Role.PRACTITIONER
        return self.clinic.practitioner_id if self.clinic and treats else None


def store_people(product: Product, people: Iterable[Person]) -> None:
    """Store their accounts, all under PASSWORD, and their places."""
    database = Database(product.environment["PROFILES_DATABASE_URL"], pool_size=1)
    password_hash = Passwords().hash(PASSWORD)
    for person in people:
        _store(database, person, password_hash)
    database.engine.dispose()


def _store(database: Database, person: Person, password_hash: str) -> None:
    now = utc_now()
    record = AccountRecord(person.account_id, person.email, person.name, ZONE, password_hash)
    with database.plumbing() as tx:
        operations.open_account(tx, record, now=now)
        if person.is_operator:
            operations.make_operator(tx, person.account_id, now=now)
    if person.clinic is None or person.role is None:
        return
    place = MemberRecord(
        person.clinic.id, person.account_id, frozenset({person.role}), person.practitioner_id
    )
    with database.transaction(service_actor("profiles", person.clinic.id, "test")) as tx:
        operations.add_member(tx, place, now=now)
