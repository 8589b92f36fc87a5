"""Reads of clients and of how to reach them, always within one practice."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from services.contracts.profiles.clients import ClientName, ContactView
from services.profiles.models import (
    Account,
    Client,
    Member,
    Practice,
    Practitioner,
    PublishedPractitioner,
)


def practice(tx: Session, practice_id: UUID) -> Practice | None:
    """One practice."""
    return tx.get(Practice, practice_id)


def client(tx: Session, practice_id: UUID, client_id: UUID) -> Client | None:
    """One client of a practice."""
    return tx.get(Client, (practice_id, client_id))


def client_of_account(tx: Session, practice_id: UUID, account_id: UUID) -> Client | None:
    """The client that an account is in a practice."""
    own = select(Client).where(Client.practice_id == practice_id, Client.account_id == account_id)
    return tx.scalar(own)


def member(tx: Session, practice_id: UUID, account_id: UUID) -> Member | None:
    """An account's place in a practice."""
    return tx.get(Member, (practice_id, account_id))


def member_names(tx: Session, practice_id: UUID, account_ids: list[UUID]) -> list[tuple[UUID, str]]:
    """Names of a practice's people by their accounts; unknown ids are left out."""
    named = (
        select(Account.id, Account.name)
        .join(Member, Member.account_id == Account.id)
        .where(Member.practice_id == practice_id, Member.account_id.in_(account_ids))
    )
    return [(row.id, row.name) for row in tx.execute(named.order_by(Account.name, Account.id))]


def member_count(tx: Session, practice_id: UUID) -> int:
    """How many work in a practice."""
    counted = select(func.count()).select_from(Member).where(Member.practice_id == practice_id)
    return tx.scalar(counted) or 0


def client_names(tx: Session, practice_id: UUID, client_ids: list[UUID]) -> list[ClientName]:
    """Names of a practice's clients, by name; unknown ids are left out."""
    named = select(Client.id, Client.name).where(
        Client.practice_id == practice_id, Client.id.in_(client_ids)
    )
    return [
        ClientName(id=row.id, name=row.name)
        for row in tx.execute(named.order_by(Client.name, Client.id))
    ]


def contact(
    tx: Session, practice_id: UUID, client_id: UUID | None, practitioner_id: UUID
) -> ContactView | None:
    """The practitioner and the practice that a mail names, with the address of a client."""
    told = _reached.where(Practice.id == practice_id, Practitioner.id == practitioner_id)
    if client_id is not None:
        of_client = (Client.name, Client.email, Client.phone, Client.time_zone)
        told = told.add_columns(*of_client).join(Client, Client.practice_id == Practice.id)
        told = told.where(Client.id == client_id)
    row = tx.execute(told).mappings().first()
    return None if row is None else ContactView.model_validate(dict(row))


_reached: Select[*tuple[Any, ...]] = (
    select(
        Practitioner.name.label("practitioner_name"),
        Practitioner.email.label("practitioner_email"),
        Practice.name.label("practice_name"),
        Practice.email.label("practice_email"),
        func.coalesce(func.nullif(PublishedPractitioner.address, ""), Practice.address).label(
            "practice_address"
        ),
    )
    .select_from(Practitioner)
    .join(Practice, Practice.id == Practitioner.practice_id)
    .outerjoin(PublishedPractitioner, PublishedPractitioner.id == Practitioner.id)
)
