"""Plans, their versions, and the log of exercises."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, UnaryExpression, case, exists, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from services.contracts.plans.content import PlanState, VersionState
from services.plans.models import Alert, Entry, Plan, Version

MOST = 200
MOST_ENTRIES = 100


def plan(tx: Session, plan_id: UUID) -> Plan | None:
    """The plan, where the policies show it to the transaction."""
    return tx.scalar(select(Plan).where(Plan.id == plan_id))


def lock_plan(tx: Session, practice_id: UUID, plan_id: UUID) -> Plan:
    """The plan as it is now, for this transaction alone."""
    query = select(Plan).where(Plan.practice_id == practice_id, Plan.id == plan_id)
    locked = query.with_for_update().execution_options(populate_existing=True)
    return tx.execute(locked).scalar_one()


def versions(tx: Session, found: Plan) -> Sequence[Version]:
    """All versions of a plan, the first one first."""
    query = select(Version).where(
        Version.practice_id == found.practice_id, Version.plan_id == found.id
    )
    return tx.scalars(query.order_by(Version.number)).all()


def entries(tx: Session, found: Plan) -> Sequence[Entry]:
    """The exercises that were tried, the latest first."""
    query = select(Entry).where(Entry.practice_id == found.practice_id, Entry.plan_id == found.id)
    latest = query.order_by(Entry.logged_at.desc(), Entry.id.desc())
    return tx.scalars(latest.limit(MOST_ENTRIES)).all()


def entries_between(
    tx: Session, found: Plan, since: datetime | None, until: datetime
) -> Sequence[Entry]:
    """What was tried from one moment, or the beginning, until before another; latest first."""
    query = select(Entry).where(
        Entry.practice_id == found.practice_id,
        Entry.plan_id == found.id,
        Entry.logged_at < until,
    )
    if since is not None:
        query = query.where(Entry.logged_at >= since)
    latest = query.order_by(Entry.logged_at.desc(), Entry.id.desc())
    return tx.scalars(latest.limit(MOST_ENTRIES)).all()


def entry(tx: Session, practice_id: UUID, entry_id: UUID) -> Entry | None:
    """One of the practice, of whichever plan."""
    return tx.get(Entry, (practice_id, entry_id))


def of_account(tx: Session, account_id: UUID) -> list[tuple[Plan, str]]:
    """A client's plans in all practices that they have seen, each with its last version's state."""
    return _with_last(tx, Plan.account_id == account_id, Plan.first_proposed_at.is_not(None))


def of_practitioner(tx: Session, practice_id: UUID, account_id: UUID) -> list[tuple[Plan, str]]:
    """The plans that somebody keeps in a practice, each with its last version's state: those
    with an alert that nobody has looked at first, then those that have not ended."""
    is_theirs = Plan.practitioner_account_id == account_id
    is_unseen = exists().where(
        Alert.practice_id == Plan.practice_id, Alert.plan_id == Plan.id, Alert.seen_at.is_(None)
    )
    urgency = (is_unseen.desc(), (Plan.state == PlanState.ENDED).asc())
    return _with_last(tx, Plan.practice_id == practice_id, is_theirs, first=urgency)


def with_client(tx: Session, practice_id: UUID, account_id: UUID, client_id: UUID) -> UUID | None:
    """The plan that somebody keeps with a client: what both agreed to before a draft, a living one
    before what has ended, then the one changed last."""
    query = select(Plan.id).where(
        Plan.practice_id == practice_id,
        Plan.practitioner_account_id == account_id,
        Plan.client_id == client_id,
    )
    order = case((Plan.state == PlanState.ENDED, 2), (Plan.state == PlanState.DRAFT, 1), else_=0)
    ordered = query.order_by(order, Plan.changed_at.desc(), Plan.id.desc())
    return tx.scalar(ordered.limit(1))


def agreed_sessions(
    tx: Session, practice_id: UUID, plan_ids: Iterable[UUID]
) -> dict[UUID, int | None]:
    """How many sessions the two of each plan agreed on; None for plans without an end."""
    query = (
        select(Version.plan_id, Version.sessions)
        .ext(distinct_on(Version.plan_id))
        .where(Version.practice_id == practice_id, Version.plan_id.in_(plan_ids))
        .where(Version.state == VersionState.AGREED)
        .order_by(Version.plan_id, Version.number.desc())
    )
    return dict(iter(tx.execute(query)))


def _with_last(
    tx: Session, *which: ColumnElement[bool], first: Sequence[UnaryExpression[bool]] = ()
) -> list[tuple[Plan, str]]:
    last = (
        select(Version.practice_id, Version.plan_id, Version.state)
        .ext(distinct_on(Version.practice_id, Version.plan_id))
        .order_by(Version.practice_id, Version.plan_id, Version.number.desc())
        .subquery()
    )
    is_its = (last.c.practice_id == Plan.practice_id) & (last.c.plan_id == Plan.id)
    query = select(Plan, last.c.state).join(last, is_its).where(*which)
    ordered = query.order_by(*first, Plan.changed_at.desc(), Plan.id.desc()).limit(MOST)
    return [(found, state) for found, state in tx.execute(ordered)]
