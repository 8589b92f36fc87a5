"""Making accounts and telling them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.errors import DifferentContent, Forbidden, NotFound
from services.common.outbox import emit
from services.contracts.base import PLATFORM
from services.contracts.profiles.accounts import (
    AccountAddressView,
    AccountView,
    EmailTaken,
    GetAccountAddress,
    RegisterAccount,
    RegistrationReceived,
)
from services.profiles.domain.passwords import check_uncommon
from services.profiles.models import Account, plumbing
from services.profiles.operations.entrance import Entrance
from services.profiles.queries import accounts


def person(actor: Actor) -> UUID:
    """The account that acts; raises Forbidden for anybody who is not signed in."""
    if actor.kind != "person" or actor.account_id is None:
        raise Forbidden("Please sign in first.")
    return actor.account_id


def register_account(door: Entrance, command: RegisterAccount, *, now: datetime) -> AccountView:
    """Make an account; a mail tells the owner of its address, or of the account it had before.

    The work is the same in both cases, statement by statement, so that the time it takes does
    not tell whether the address has an account. Raises CommonPassword, TooManyTries, EmailTaken,
    DifferentContent.
    """
    check_uncommon(command.password, email=command.email, name=command.name)
    door.count(door.limits.register, command.email, command.address)
    password_hash = door.passwords.hash(command.password)
    with door.database.transaction() as tx:
        is_new = _insert(tx, command, password_hash, now)
        owner = accounts.account_by_email(tx, command.email)
        view = accounts.account_view(tx, owner) if owner else None
        if owner is not None and (is_new or owner.id != command.id):
            _tell(tx, owner.id, is_new=is_new, now=now)
    if owner is not None and owner.id != command.id:
        raise EmailTaken("This address has an account already.")
    return view if is_new and view is not None else _as_before(door, command)


def _insert(tx: Session, command: RegisterAccount, password_hash: str, now: datetime) -> bool:
    """Whether the account was made; not where its address or its id was there before."""
    new = insert(Account).values(
        id=command.id,
        email=command.email,
        name=command.name,
        time_zone=command.time_zone,
        password_hash=password_hash,
        is_operator=False,
        created_at=now,
    )
    made = tx.execute(new.on_conflict_do_nothing().returning(Account.id))
    return made.first() is not None


def _tell(tx: Session, account_id: UUID, *, is_new: bool, now: datetime) -> None:
    fact = RegistrationReceived(
        occurred_at=now, practice_id=PLATFORM, account_id=account_id, is_new=is_new
    )
    emit(tx, plumbing.outbox, fact)


def _as_before(door: Entrance, command: RegisterAccount) -> AccountView:
    """The account of an earlier call with the same id and content."""
    with door.database.transaction(Actor(kind="person", account_id=command.id)) as tx:
        stored = accounts.account(tx, command.id)
        view = accounts.account_view(tx, stored) if stored else None
    if stored is None or view is None:
        raise DifferentContent("This id was used for something else.")
    told = (stored.email.lower(), stored.name, stored.time_zone)
    is_same = told == (command.email.lower(), command.name, command.time_zone)
    if is_same and door.passwords.is_right(stored.password_hash, command.password):
        return view
    raise DifferentContent("This id was used for something else.")


def get_account(tx: Session, *, actor: Actor) -> AccountView:
    """The actor's own account; raises NotFound where it is gone."""
    account = accounts.account(tx, person(actor))
    if account is None:
        raise NotFound("There is no such account.")
    return accounts.account_view(tx, account)


def get_account_address(
    tx: Session, command: GetAccountAddress, *, actor: Actor
) -> AccountAddressView:
    """Where to write to an account; raises Forbidden for people, NotFound where it is gone."""
    if not actor.is_service:
        raise Forbidden("Only a service asks for addresses.")
    account = accounts.account(tx, command.account_id)
    if account is None:
        raise NotFound("There is no such account.")
    return AccountAddressView(email=account.email)
