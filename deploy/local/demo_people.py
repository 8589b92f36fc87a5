"""The demo in profiles: the catalogue, practices, practitioners, clients and their logins."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from deploy.local.demo import DemoData, DemoPractice, DemoPractitioner
from services.common import runtime
from services.common.auth import Actor, service_actor
from services.contracts.base import Format
from services.contracts.profiles.accounts import Role
from services.contracts.profiles.clients import BOOKING_WORDS
from services.contracts.profiles.directory import Profession
from services.profiles import operations as profiles
from services.profiles.adapters.passwords import Passwords
from services.profiles.catalogue import load_catalogue
from services.profiles.domain.records import (
    AccountRecord,
    ClientRecord,
    CredentialRecord,
    MemberRecord,
    PracticeRecord,
    PractitionerRecord,
)

FIRST_BOOKED = timedelta(days=366)
"""Before the year of past sessions that the demo tells of."""


def setter(practice: DemoPractice) -> Actor:
    """Who sets a demo practice up."""
    return service_actor("demo", practice.id, "demo")


def load_people(data: DemoData, passwords: dict[str, str], now: datetime) -> None:
    """Everybody: an account that is there says that the whole demo is."""
    database = runtime.of_process("profiles").database
    hasher = Passwords()
    hashes = {one.account_id: hasher.hash(passwords[one.kind]) for one in data.logins}
    with database.plumbing() as tx:
        profiles.store_catalogue(tx, load_catalogue())
        for account in _accounts(data, hashes):
            profiles.open_account(tx, account, now=now)
    for practice in data.practices:
        with database.transaction(setter(practice)) as tx:
            _load_practice(tx, data, practice, now)
    operator = next(login for login in data.logins if login.kind == "operator")
    with database.plumbing() as tx:
        record = AccountRecord(
            operator.account_id, operator.email, operator.name, "UTC", hashes[operator.account_id]
        )
        profiles.open_account(tx, record, now=now)
        profiles.make_operator(tx, operator.account_id, now=now)


def _accounts(data: DemoData, hashes: dict[UUID, str]) -> list[AccountRecord]:
    """Everybody with a login; only the four that are printed can sign in."""
    clients = [
        (one.account_id, one.email, one.name, data.practice(one.practice).zone)
        for one in data.clients
        if one.account_id
    ]
    treating = [
        (one.account_id, one.email, one.name, data.practice(one.practice).zone)
        for one in data.practitioners
    ]
    members = [
        (member.account_id, member.email, member.name, practice.zone)
        for practice in data.practices
        for member in practice.members
    ]
    return [
        AccountRecord(id_, email, name, zone, hashes.get(id_))
        for id_, email, name, zone in (*clients, *treating, *members)
    ]


def _load_practice(tx: Session, data: DemoData, practice: DemoPractice, now: datetime) -> None:
    profiles.open_practice(
        tx,
        PracticeRecord(
            id=practice.id,
            name=practice.name,
            email=practice.email,
            address=f"{practice.street}, {practice.postal_code} {practice.city}",
            city=practice.city,
            time_zone=practice.zone,
            currency=practice.currency,
        ),
    )
    for person in data.practitioners_of(practice.slug):
        profiles.publish_practitioner(tx, _practitioner(practice, person, data.today))
        roles = frozenset({Role.PRACTITIONER})
        record = MemberRecord(practice.id, person.account_id, roles, person.id)
        profiles.add_member(tx, record, now=now)
    for member in practice.members:
        roles = frozenset({Role(member.role)})
        profiles.add_member(tx, MemberRecord(practice.id, member.account_id, roles), now=now)
    for client in data.clients_of(practice.slug):
        known = ClientRecord(
            client.id,
            practice.id,
            client.name,
            client.email,
            practice.zone,
            client.account_id,
            agreed_to=BOOKING_WORDS,
            agreed_at=now - FIRST_BOOKED,
        )
        profiles.store_client(tx, known, now=now)


def _practitioner(
    practice: DemoPractice, person: DemoPractitioner, today: date
) -> PractitionerRecord:
    seen_on = datetime(today.year, 1, 15, tzinfo=UTC).date() if person.is_verified else None
    return PractitionerRecord(
        id=person.id,
        practice_id=practice.id,
        slug=person.slug,
        name=f"{person.title} {person.name}" if person.title else person.name,
        email=person.email,
        title=person.headline,
        pronouns=person.pronouns or "",
        profession=Profession(person.kind),
        verified_on=seen_on,
        credentials=tuple(
            CredentialRecord(one.name, one.issuer, one.number, one.since, seen_on)
            for one in person.credentials
        ),
        portrait_url=f"/static/portraits/{person.portrait}",
        about=tuple(person.bio.split("\n\n")),
        languages=person.languages,
        formats=tuple(Format(one) for one in person.formats),
        address=f"{practice.street}, {practice.postal_code} {practice.city}"
        + (f", {person.room}" if person.room else ""),
        city=practice.city,
        time_zone=practice.zone,
        topics=person.topics,
        approaches=person.approaches,
    )
