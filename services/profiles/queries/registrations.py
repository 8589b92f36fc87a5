"""Reads of registrations and their mails."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.profiles.domain.registering import MOST_WAITING
from services.profiles.models import Registration, RegistrationMail


def registration(tx: Session, registration_id: UUID) -> Registration | None:
    """One registration."""
    return tx.get(Registration, registration_id)


def email_of_browser(tx: Session, browser_key: str, since: datetime) -> str | None:
    """The address that a browser registered last."""
    own = select(Registration.email).where(
        Registration.browser_key == browser_key, Registration.created_at > since
    )
    return tx.scalar(own.order_by(Registration.created_at.desc()).limit(1))


def waiting(tx: Session, email: str, since: datetime) -> Sequence[Registration]:
    """The registrations of an address, the newest first."""
    of_address = select(Registration).where(
        func.lower(Registration.email) == func.lower(email), Registration.created_at > since
    )
    newest = of_address.order_by(Registration.created_at.desc(), Registration.id.desc())
    return tx.scalars(newest.limit(MOST_WAITING)).all()


def lock_mail(tx: Session, mail_id: UUID, since: datetime) -> RegistrationMail | None:
    """A mail that may still be sent, locked."""
    found = select(RegistrationMail).where(
        RegistrationMail.id == mail_id, RegistrationMail.created_at > since
    )
    return tx.scalar(found.with_for_update())


def behind_link(tx: Session, link_key: str, since: datetime) -> Sequence[Registration]:
    """The registrations of the address whose mail held this link; none for a link that is over."""
    email = select(RegistrationMail.email).where(
        RegistrationMail.link_key == link_key, RegistrationMail.created_at > since
    )
    found = tx.scalar(email)
    return [] if found is None else waiting(tx, found, since)
