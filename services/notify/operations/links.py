"""Links in mails: minted at delivery, kept as hashes, living until 30 days after the session."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.crypto import new_token, token_key
from services.common.errors import Forbidden
from services.contracts.booking.bookings import BookingView
from services.contracts.notify import (
    LinksRevoked,
    LinkUnknown,
    LinkView,
    ResolveLink,
    RevokeLinks,
)
from services.contracts.profiles.accounts import Role
from services.notify.models import Link
from services.notify.queries import links

LIVES_AFTER_SESSION = timedelta(days=30)
MAY_REVOKE = {Role.OWNER, Role.ADMIN, Role.FRONT_DESK, Role.PRACTITIONER}


def mint(tx: Session, booking: BookingView) -> str:
    """A new link's token (256 random bits); only its hash stays here."""
    token, expires_at = new_token(), booking.ends_at + LIVES_AFTER_SESSION
    links.align_expiry(tx, booking.practice_id, booking.id, expires_at)
    tx.add(
        Link(
            key=token_key(token),
            booking_id=booking.id,
            practice_id=booking.practice_id,
            client_id=booking.client_id,
            expires_at=expires_at,
        )
    )
    return token


def resolve_link(tx: Session, command: ResolveLink, *, now: datetime) -> LinkView:
    """Whom the link stands for. Unknown, expired and revoked ones answer alike."""
    link = links.find(tx, command.link_key)
    is_living = link is not None and link.revoked_at is None and now < link.expires_at
    if link is None or not is_living:
        raise LinkUnknown("This link does not work any more.")
    return LinkView(
        booking_id=link.booking_id,
        practice_id=link.practice_id,
        client_id=link.client_id,
        expires_at=link.expires_at,
    )


def revoke_links(tx: Session, command: RevokeLinks, *, actor: Actor) -> LinksRevoked:
    """End the links of a booking of the actor's practice; raises Forbidden."""
    if actor.practice_id is None or not MAY_REVOKE & actor.roles:
        raise Forbidden("Only the practice's staff may end links.")
    return LinksRevoked(count=links.revoke(tx, actor.practice_id, command.booking_id))


def forget_expired(tx: Session, *, now: datetime) -> None:
    """Links past their time go; they answered as if unknown already."""
    links.forget_expired_before(tx, now)
