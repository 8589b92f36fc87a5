"""Signing in and out, and ending logins."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.contracts.logins import idle_minutes
from services.contracts.profiles.accounts import (
    AccountView,
    LoginsEnded,
    LoginView,
    SignIn,
    SignOut,
    WrongCredentials,
)
from services.profiles.models import Account, Revocation
from services.profiles.operations.accounts import person
from services.profiles.operations.entrance import Entrance
from services.profiles.operations.joining import join_guests
from services.profiles.queries import accounts

# A sign-in that was under way when logins had to end opens one at most five seconds later
# (the longest call): the wish is carried out until none can be left.
REPEATED_FOR = timedelta(seconds=10)
BATCH = 200


def sign_in(door: Entrance, command: SignIn, *, now: datetime) -> LoginView:
    """Open a login. An unknown address costs the same work as a wrong password, and one that
    waits for its mail is unknown still.

    Raises TooManyTries, WrongCredentials, Busy.
    """
    door.count(door.limits.sign_in, command.email, command.address)
    with door.database.plumbing() as tx:
        account = accounts.account_by_email(tx, command.email)
    stored = account.password_hash if account else None
    is_right = door.passwords.is_right(stored, command.password)
    if account is None or stored is None or not is_right:
        raise WrongCredentials("Address or password is not right.")
    if door.passwords.is_outdated(stored):
        _rehash(door, account.id, stored, command.password)
    if command.guest_of:
        with door.database.transaction() as tx:
            join_guests(tx, account.id, account, command.guest_of, now=now)
    login = open_login(door, account.id, command.login_key, now=now)
    door.welcome(command.email, command.address)
    return login


def open_login(door: Entrance, account_id: UUID, login_key: str, *, now: datetime) -> LoginView:
    """A login of somebody who has proven who they are; raises WrongCredentials, Busy."""
    view = _own_view(door, account_id)
    login = LoginView(account=view, signed_in_at=now, idle_minutes=idle_minutes(view))
    door.logins.open(login_key, login)
    return login


def _rehash(door: Entrance, account_id: UUID, stored: str, password: str) -> None:
    """Hash anew with today's parameters, unless the password was changed meanwhile."""
    fresh = door.passwords.hash(password)
    unchanged = (Account.id == account_id, Account.password_hash == stored)
    with door.database.plumbing() as tx:
        tx.execute(update(Account).where(*unchanged).values(password_hash=fresh))


def _own_view(door: Entrance, account_id: UUID) -> AccountView:
    with door.database.transaction(Actor(kind="person", account_id=account_id)) as tx:
        account = accounts.account(tx, account_id)
        if account is None:
            raise WrongCredentials("Address or password is not right.")
        return accounts.account_view(tx, account)


def sign_out(door: Entrance, command: SignOut) -> LoginsEnded:
    """End one login; an unknown one is no error."""
    return LoginsEnded(count=door.logins.close(command.login_key))


def revoke_logins(door: Entrance, *, actor: Actor, now: datetime) -> LoginsEnded:
    """End every login of the actor's account, and those that are being opened."""
    account_id = person(actor)
    with door.database.plumbing() as tx:
        end_logins(tx, account_id, now=now)
    return LoginsEnded(count=door.logins.end_opened_until(account_id, now))


def end_logins(tx: Session, account_id: UUID, *, now: datetime) -> None:
    """Wish, with the change that makes it necessary, that an account's logins end."""
    wish = insert(Revocation).values(account_id=account_id, revoked_at=now)
    is_later = wish.excluded.revoked_at > Revocation.revoked_at
    latest = case((is_later, wish.excluded.revoked_at), else_=Revocation.revoked_at)
    tx.execute(
        wish.on_conflict_do_update(index_elements=["account_id"], set_={"revoked_at": latest})
    )


def carry_out_revocations(door: Entrance, *, now: datetime) -> int:
    """End the logins of every wish, and forget wishes that are old enough; how many ended."""
    with door.database.plumbing() as tx:
        wishes = accounts.revocations(tx, BATCH)
    ended = sum(door.logins.end_opened_until(wish.account_id, wish.revoked_at) for wish in wishes)
    done = [wish.account_id for wish in wishes if wish.revoked_at <= now - REPEATED_FOR]
    if done:
        settled = (Revocation.account_id.in_(done), Revocation.revoked_at <= now - REPEATED_FOR)
        with door.database.plumbing() as tx:
            tx.execute(delete(Revocation).where(*settled))
    return ended
