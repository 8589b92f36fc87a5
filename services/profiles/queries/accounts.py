"""Reads of accounts and their places in practices."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.contracts.profiles.accounts import AccountView, Membership, Role
from services.profiles.models import Account, Member, Practice, Revocation


def account(tx: Session, account_id: UUID) -> Account | None:
    """One account."""
    return tx.get(Account, account_id)


def account_by_email(tx: Session, email: str) -> Account | None:
    """The account with this address; upper and lower case are the same."""
    return tx.scalar(select(Account).where(func.lower(Account.email) == func.lower(email.strip())))


def account_view(tx: Session, account: Account) -> AccountView:
    """An account with its places in practices; the transaction must be that account's own."""
    return AccountView(
        id=account.id,
        email=account.email,
        name=account.name,
        time_zone=account.time_zone,
        is_operator=account.is_operator,
        memberships=memberships(tx, account.id),
    )


def memberships(tx: Session, account_id: UUID) -> list[Membership]:
    """Where an account is a member, by the practice's name."""
    places = (
        select(Member.practice_id, Practice.name, Member.roles, Member.practitioner_id)
        .join(Practice, Practice.id == Member.practice_id)
        .where(Member.account_id == account_id)
        .order_by(Practice.name, Practice.id)
    )
    return [
        Membership(
            practice_id=place.practice_id,
            practice_name=place.name,
            roles=[Role(role) for role in place.roles],
            practitioner_id=place.practitioner_id,
        )
        for place in tx.execute(places)
    ]


def revocations(tx: Session, limit: int) -> list[Revocation]:
    """Accounts whose logins have to end, the oldest wish first."""
    return list(tx.scalars(select(Revocation).order_by(Revocation.revoked_at).limit(limit)))
