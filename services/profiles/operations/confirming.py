"""The link in the mail of a registration: what its page asks, and the account it makes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.contracts.profiles.accounts import GuestOf, LoginView, WrongCredentials
from services.contracts.profiles.registering import (
    ConfirmRegistration,
    GetRegistration,
    RegistrationUnknown,
    RegistrationView,
)
from services.profiles.domain.registering import alive_since
from services.profiles.models import Account, Registration, RegistrationMail
from services.profiles.operations.entrance import Entrance
from services.profiles.operations.joining import join_guests
from services.profiles.operations.logins import open_login
from services.profiles.operations.registering import settle_address
from services.profiles.queries import registrations


def get_registration(tx: Session, command: GetRegistration, *, now: datetime) -> RegistrationView:
    """What the page behind the link has to ask; raises RegistrationUnknown."""
    found = registrations.behind_link(tx, command.link_key, alive_since(now))
    if not found:
        raise _unknown()
    return RegistrationView(needs_password=_of_browser(found, command.browser_key) is None)


def confirm_registration(
    door: Entrance, command: ConfirmRegistration, *, now: datetime
) -> LoginView:
    """Make the account and open its first login; the link works once.

    Who opens the link of a registration that they did not make has neither its browser nor its
    password: a stranger's registration of their address gives nobody an account on it.
    Raises TooManyTries, RegistrationUnknown, WrongCredentials, Busy.
    """
    door.count(door.limits.sign_in, command.link_key, command.address)
    with door.database.plumbing() as tx:
        found = registrations.behind_link(tx, command.link_key, alive_since(now))
    if not found:
        raise _unknown()
    chosen = _of_browser(found, command.browser_key) or _of_password(door, found, command.password)
    if chosen is None:
        raise WrongCredentials("This is not the password that was chosen.")
    with door.database.transaction() as tx:
        if not _use(tx, command.link_key) or not _open(tx, chosen, now):
            raise _unknown()
        settle_address(tx, chosen.email)
        records = [GuestOf.model_validate(one) for one in chosen.guest_of]
        join_guests(tx, chosen.id, chosen, [*records, *command.guest_of], now=now)
    return open_login(door, chosen.id, command.login_key, now=now)


def _unknown() -> RegistrationUnknown:
    return RegistrationUnknown("This link does not work any more.")


def _of_browser(found: Sequence[Registration], browser_key: str | None) -> Registration | None:
    own = (one for one in found if browser_key is not None and one.browser_key == browser_key)
    return next(own, None)


def _of_password(
    door: Entrance, found: Sequence[Registration], password: str
) -> Registration | None:
    """Of several registrations of one address, the one that was made with this password."""
    for one in found if password else ():
        if door.passwords.is_right(one.password_hash, password):
            return one
    return None


def _use(tx: Session, link_key: str) -> bool:
    """Whether the link was there still; of several at once, one finds it."""
    used = delete(RegistrationMail).where(RegistrationMail.link_key == link_key)
    return tx.execute(used.returning(RegistrationMail.id)).first() is not None


def _open(tx: Session, chosen: Registration, now: datetime) -> bool:
    """Whether the account was made; not where its address has one by now."""
    new = insert(Account).values(
        id=chosen.id,
        email=chosen.email,
        name=chosen.name,
        time_zone=chosen.time_zone,
        password_hash=chosen.password_hash,
        is_operator=False,
        created_at=now,
    )
    made = tx.execute(new.on_conflict_do_nothing().returning(Account.id))
    return made.first() is not None
