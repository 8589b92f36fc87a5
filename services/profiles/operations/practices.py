"""Accounts, practices and their members, as the platform's staff or the demo set them up."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.errors import Forbidden, NotFound
from services.contracts.profiles.practices import (
    GetPractice,
    GetStaffing,
    PracticeView,
    StaffingView,
)
from services.profiles.domain.records import AccountRecord, MemberRecord, PracticeRecord
from services.profiles.models import Account, Member, Practice
from services.profiles.operations.logins import end_logins
from services.profiles.operations.storing import store
from services.profiles.queries import people


def open_account(tx: Session, record: AccountRecord, *, now: datetime) -> None:
    """Store an account. A password that is there already stays as it is."""
    new = insert(Account).values(**asdict(record), is_operator=False, created_at=now)
    password_hash = func.coalesce(Account.password_hash, new.excluded.password_hash)
    known = {name: new.excluded[name] for name in ("email", "name", "time_zone")}
    changes = {**known, "password_hash": password_hash}
    tx.execute(new.on_conflict_do_update(index_elements=["id"], set_=changes))


def make_operator(tx: Session, account_id: UUID, *, now: datetime) -> None:
    """Make an account one of the platform's staff; its logins end."""
    is_none_yet = (Account.id == account_id, Account.is_operator.is_(False))
    made = update(Account).where(*is_none_yet).values(is_operator=True)
    if tx.execute(made.returning(Account.id)).first():
        end_logins(tx, account_id, now=now)


def open_practice(tx: Session, record: PracticeRecord) -> None:
    """Store a practice."""
    store(tx, Practice, asdict(record))


def get_staffing(tx: Session, command: GetStaffing, *, actor: Actor) -> StaffingView:
    """How many work in the actor's practice; raises Forbidden for who is no member."""
    if actor.practice_id is None or not actor.roles:
        raise Forbidden("Only members of a practice see who works there.")
    return StaffingView(member_count=people.member_count(tx, actor.practice_id))


def get_practice(tx: Session, command: GetPractice, *, actor: Actor) -> PracticeView:
    """The actor's practice; raises Forbidden for who is no member."""
    if actor.practice_id is None or not actor.roles:
        raise Forbidden("Only members of a practice see how its books are kept.")
    found = tx.get(Practice, actor.practice_id)
    if found is None:
        raise NotFound("There is no such practice.")
    return PracticeView(
        id=found.id, name=found.name, time_zone=found.time_zone, currency=found.currency
    )


def add_member(tx: Session, record: MemberRecord, *, now: datetime) -> None:
    """Give an account its place in a practice, or other roles there; its logins end if it changed.

    A practitioner must have been published before.
    """
    values = asdict(record) | {"roles": sorted(str(role) for role in record.roles)}
    if store(tx, Member, values, keys=("practice_id", "account_id")):
        end_logins(tx, record.account_id, now=now)
