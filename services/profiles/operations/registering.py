"""Registering: written down alike for every address, an account once its mailbox is proven."""

from datetime import datetime

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.common.auth import Actor
from services.common.errors import DifferentContent, Forbidden, NotFound
from services.common.outbox import emit
from services.contracts.base import PLATFORM
from services.contracts.profiles.accounts import AccountView, RegisterAccount
from services.contracts.profiles.registering import (
    IssuedMailView,
    IssueRegistrationMail,
    RegistrationMailAsked,
    RegistrationMailView,
    SendRegistrationMail,
)
from services.profiles.domain.passwords import check_uncommon
from services.profiles.domain.registering import alive_since
from services.profiles.models import Registration, RegistrationMail, plumbing
from services.profiles.operations.entrance import Entrance
from services.profiles.queries import accounts, registrations


def register_account(door: Entrance, command: RegisterAccount, *, now: datetime) -> AccountView:
    """Write down who wants an account, and ask for the mail; the account as it will be.

    Accounts are not looked at, so neither the answer nor the time it takes can tell whether the
    address has one. Raises CommonPassword, TooManyTries, DifferentContent.
    """
    check_uncommon(command.password, email=command.email, name=command.name)
    door.count(door.limits.register, command.email, command.address)
    door.count_mail(command.email, command.address)
    password_hash = door.passwords.hash(command.password)
    with door.database.transaction() as tx:
        is_new = _insert(tx, command, password_hash, now)
        if is_new:
            _ask_mail(tx, command.email, now)
    if not is_new:
        _check_as_before(door, command)
    return AccountView(
        id=command.id, email=command.email, name=command.name, time_zone=command.time_zone
    )


def _insert(tx: Session, command: RegisterAccount, password_hash: str, now: datetime) -> bool:
    """Whether it was written down; not under an id that was there before."""
    new = insert(Registration).values(
        id=command.id,
        email=command.email,
        name=command.name,
        time_zone=command.time_zone,
        password_hash=password_hash,
        browser_key=command.browser_key,
        guest_of=[record.model_dump(mode="json") for record in command.guest_of],
        created_at=now,
    )
    made = tx.execute(new.on_conflict_do_nothing().returning(Registration.id))
    return made.first() is not None


def _check_as_before(door: Entrance, command: RegisterAccount) -> None:
    """Raises DifferentContent unless an earlier call with this id said the same."""
    with door.database.plumbing() as tx:
        stored = registrations.registration(tx, command.id)
    told = stored and (stored.email.lower(), stored.name, stored.time_zone)
    is_same = told == (command.email.lower(), command.name, command.time_zone)
    if stored is None or not is_same:
        raise DifferentContent("This id was used for something else.")
    if not door.passwords.is_right(stored.password_hash, command.password):
        raise DifferentContent("This id was used for something else.")


def send_registration_mail(
    door: Entrance, command: SendRegistrationMail, *, now: datetime
) -> RegistrationMailView:
    """Ask for another mail, whatever is known of the address; raises TooManyTries."""
    email = command.email or _email_of(door, command.browser_key, now)
    if email:
        door.count(door.limits.register, email, command.address)
        door.count_mail(email, command.address)
        with door.database.plumbing() as tx:
            _ask_mail(tx, email, now)
    return RegistrationMailView()


def _email_of(door: Entrance, browser_key: str | None, now: datetime) -> str | None:
    if browser_key is None:
        return None
    with door.database.plumbing() as tx:
        return registrations.email_of_browser(tx, browser_key, alive_since(now))


def _ask_mail(tx: Session, email: str, now: datetime) -> None:
    mail_id = uuid7()
    tx.execute(insert(RegistrationMail).values(id=mail_id, email=email, created_at=now))
    fact = RegistrationMailAsked(occurred_at=now, practice_id=PLATFORM, mail_id=mail_id)
    emit(tx, plumbing.outbox, fact)


def issue_registration_mail(
    tx: Session, command: IssueRegistrationMail, *, actor: Actor, now: datetime
) -> IssuedMailView:
    """Where the mail goes, and whether to a known account; else its link works from now on.

    Raises Forbidden for people, NotFound where there is nothing to say any more.
    """
    if not actor.is_service:
        raise Forbidden("Only a service asks for addresses.")
    mail = registrations.lock_mail(tx, command.mail_id, alive_since(now))
    if mail is None:
        raise NotFound("There is no such mail.")
    if accounts.account_by_email(tx, mail.email) is not None:
        return IssuedMailView(email=mail.email, has_account=True)
    if not registrations.waiting(tx, mail.email, alive_since(now)):
        raise NotFound("Nobody registered this address.")
    mail.link_key = command.link_key
    return IssuedMailView(email=mail.email, has_account=False)


def forget_registrations(tx: Session, *, now: datetime) -> None:
    """What was not confirmed in three days goes, with what was typed."""
    for kind in (Registration, RegistrationMail):
        tx.execute(delete(kind).where(kind.created_at <= alive_since(now)))


def settle_address(tx: Session, email: str) -> None:
    """There is an account now: nothing waits for this address any more."""
    for kind in (Registration, RegistrationMail):
        tx.execute(delete(kind).where(func.lower(kind.email) == func.lower(email)))
