"""Clients: persons within one practice."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.errors import DifferentContent, Forbidden, NotFound
from services.contracts.profiles.clients import (
    ClientsView,
    ClientView,
    ContactView,
    EnsureClient,
    GetClient,
    GetContact,
    GetOwnClient,
    ListClients,
    OwnClientView,
)
from services.profiles.domain.records import ClientRecord
from services.profiles.models import Client
from services.profiles.operations.records import colleagues
from services.profiles.queries import people


def ensure_client(tx: Session, command: EnsureClient, *, actor: Actor, now: datetime) -> ClientView:
    """Make or find the record of who comes; the transaction is the named practice's.

    A person's first record becomes their own in the practice, whatever name they type. It takes
    over name, address, phone and time zone of each call that names it: mails go to what was typed
    last. Every other record (a guest's, of whom staff book for, of whom a person books for) has
    no account and stays as it was made. A newly agreed version is kept with its moment; the first
    moment of a version stays.

    Raises NotFound for an unknown practice and for an id that is somebody else's,
    DifferentContent for the id of a record that stays, with other content, and for a person's
    own where they book for somebody else.
    """
    if actor.kind not in {"anonymous", "person"}:
        raise Forbidden("Only clients have a client record.")
    if people.practice(tx, command.practice_id) is None:
        raise NotFound("There is no such practice.")
    owner = None if actor.roles else actor.account_id
    found = people.client(tx, command.practice_id, command.id) or _made(tx, command, owner, now)
    if found.account_id not in (None, owner):
        raise NotFound("There is no such client.")
    if not command.keeps_existing:
        _renew(found, command, now)
    return ClientView(id=found.id, practice_id=found.practice_id, account_id=found.account_id)


def _made(tx: Session, command: EnsureClient, owner: UUID | None, now: datetime) -> Client:
    """The call's record, the person's own if it is they and they have none; another call may be
    first."""
    is_own = owner is not None and not command.is_for_another
    for account_id in (owner, None) if is_own else (None,):
        record = _record(command, account_id, now)
        if _insert(tx, record, now):
            return Client(**asdict(record), created_at=now)
    made = people.client(tx, command.practice_id, command.id)
    if made is None:
        raise NotFound("There is no such client.")
    return made


def _renew(found: Client, command: EnsureClient, now: datetime) -> None:
    """A person's own record follows what they type; every other has to be as the call says."""
    is_own = found.account_id is not None and not command.is_for_another
    if is_own:
        _take_over(found, command, now)
    elif found.account_id is not None or _content(found) != _content(command):
        raise DifferentContent("This id was used for something else.")


def _take_over(found: Client, command: EnsureClient, now: datetime) -> None:
    found.name, found.email = command.name, command.email
    found.phone, found.time_zone = command.phone, command.time_zone
    if command.agreed_to is not None and command.agreed_to != found.agreed_to:
        found.agreed_to, found.agreed_at = command.agreed_to, now


def _content(source: Client | EnsureClient) -> tuple[str | None, ...]:
    return (source.name, source.email, source.phone, source.time_zone)


def _record(command: EnsureClient, account_id: UUID | None, now: datetime) -> ClientRecord:
    agreed_at = now if command.agreed_to else None
    told = command.model_dump(exclude={"keeps_existing", "is_for_another"})
    return ClientRecord(account_id=account_id, agreed_at=agreed_at, **told)


def _insert(tx: Session, record: ClientRecord, now: datetime) -> bool:
    """Whether it was not there yet, neither under this id nor as the person's own."""
    return tx.scalar(_ONCE, asdict(record) | {"created_at": now}) is not None


# Built once, because building it costs more than running it.
_CLIENTS: Any = Client.__table__
_ONCE = insert(_CLIENTS).on_conflict_do_nothing().returning(_CLIENTS.c.id)


def store_client(tx: Session, record: ClientRecord, *, now: datetime) -> None:
    """Store a client under a given id; one that is there already stays as it is."""
    _insert(tx, record, now)


def get_own_client(tx: Session, command: GetOwnClient, *, actor: Actor) -> OwnClientView:
    """The actor's own record in a practice; raises NotFound where there is none yet."""
    own = actor.account_id and people.client_of_account(tx, command.practice_id, actor.account_id)
    if not own:
        raise NotFound("There is no such client.")
    return OwnClientView(
        id=own.id,
        practice_id=own.practice_id,
        name=own.name,
        email=own.email,
        phone=own.phone,
        agreed_to=own.agreed_to,
        agreed_at=own.agreed_at,
    )


def get_client(tx: Session, command: GetClient, *, actor: Actor) -> ClientView:
    """A client of the practice, for who treats there and for the service that keeps charts.

    Raises NotFound.
    """
    is_known = actor.is_service or "practitioner" in actor.roles
    if actor.practice_id is None or not is_known:
        raise NotFound("There is no such client.")
    own = people.client(tx, actor.practice_id, command.client_id)
    if own is None:
        raise NotFound("There is no such client.")
    return ClientView(id=own.id, practice_id=own.practice_id, account_id=own.account_id)


def get_contact(tx: Session, command: GetContact, *, actor: Actor) -> ContactView:
    """Who is reached at delivery, and how; the actor is a service within the practice.

    Raises NotFound for who is not of that practice.
    """
    if not actor.is_service or actor.practice_id is None:
        raise Forbidden("Only a service asks for addresses, within one practice.")
    client_id = None if command.is_for_practitioner else command.client_id
    told = people.contact(tx, actor.practice_id, client_id, command.practitioner_id)
    if told is None:
        raise NotFound("There is nobody to reach.")
    return told


def list_clients(tx: Session, command: ListClients, *, actor: Actor) -> ClientsView:
    """Names of clients, for members of their practice; unknown and foreign ids are left out.

    With them the names of who treats there, where that is asked for. Billing asks by itself for
    whom it writes invoices. Raises Forbidden.
    """
    is_billing = actor.is_service and actor.issuer == "billing"
    if actor.practice_id is None or not (actor.roles or is_billing):
        raise Forbidden("Only members of a practice see its clients.")
    return ClientsView(
        clients=people.client_names(tx, actor.practice_id, command.client_ids),
        practitioners=colleagues(tx, actor.practice_id) if command.is_with_practitioners else [],
    )
