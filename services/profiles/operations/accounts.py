"""Making accounts and telling them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.database import constraint_of
from services.common.errors import DifferentContent, Forbidden, NotFound
from services.contracts.profiles import AccountView, EmailTaken, RegisterAccount
from services.profiles.domain.passwords import check_uncommon
from services.profiles.models import Account
from services.profiles.operations.entrance import Entrance
from services.profiles.queries import accounts

_TOLD_BY_THESE = {"accounts_pkey", "accounts_email_unique"}


def person(actor: Actor) -> UUID:
    """The account that acts; raises Forbidden for anybody who is not signed in."""
    if actor.kind != "person" or actor.account_id is None:
        raise Forbidden("Please sign in first.")
    return actor.account_id


def register_account(door: Entrance, command: RegisterAccount, *, now: datetime) -> AccountView:
    """Make an account. The work is the same whether or not the address has one already.

    Raises CommonPassword, TooManyTries, EmailTaken, DifferentContent.
    """
    check_uncommon(command.password, email=command.email, name=command.name)
    door.count(door.limits.register, command.email, command.address)
    password_hash = door.passwords.hash(command.password)
    account = _new_account(command, password_hash, now)
    try:
        with door.database.transaction() as tx:
            tx.add(account)
            tx.flush()
            return accounts.account_view(tx, account)
    except IntegrityError as broken:
        if constraint_of(broken) not in _TOLD_BY_THESE:
            raise
    return _as_before(door, command)


def _new_account(command: RegisterAccount, password_hash: str, now: datetime) -> Account:
    return Account(
        id=command.id,
        email=command.email,
        name=command.name,
        time_zone=command.time_zone,
        password_hash=password_hash,
        is_operator=False,
        created_at=now,
    )


def _as_before(door: Entrance, command: RegisterAccount) -> AccountView:
    """The account of an earlier call with the same id and content."""
    with door.database.transaction(Actor(kind="person", account_id=command.id)) as tx:
        stored = accounts.account(tx, command.id)
        view = accounts.account_view(tx, stored) if stored else None
    if stored is None or view is None:
        raise EmailTaken("This address has an account already.")
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
