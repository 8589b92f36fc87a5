"""Who looked at a chart, as its client is told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.contracts.plans.content import Party
from services.contracts.plans.views import AccessesView, AccessView, VisitView
from services.plans.domain.looks import APART, Look, Told, Visit, page_of
from services.plans.queries import charts

MOST_VISITS = 20
AT_ONCE = 200
"""So many looks are read at first; where they are not enough for a page, four times as many."""


def accesses_view(
    tx: Session, practice_id: UUID, chart_id: UUID, before: datetime | None = None
) -> AccessesView:
    """A page of the visits to a chart. It ends between two moments, so that none falls between
    pages."""
    told = _told(tx, practice_id, chart_id, before)
    return AccessesView(
        accesses=[_access_view(look) for visit in told.visits for look in visit.looks],
        earlier=told.earlier,
        visits=[_visit_view(one) for one in told.visits],
        practice_id=practice_id,
    )


def _told(tx: Session, practice_id: UUID, chart_id: UUID, before: datetime | None) -> Told:
    limit, until = AT_ONCE, before and before + APART
    while True:
        looks = charts.accesses(tx, practice_id, chart_id, limit, until)
        told = page_of(looks, before, MOST_VISITS, is_cut=len(looks) == limit)
        if told is not None:
            return told
        limit *= 4


def _visit_view(visit: Visit) -> VisitView:
    who = visit.looker
    is_staff = who.party == Party.PRACTITIONER
    return VisitView(
        from_at=visit.from_at,
        until_at=visit.until_at,
        party=Party(who.party),
        practitioner_id=who.practitioner_id,
        account_id=who.account_id if is_staff else None,
        is_supervisor=who.is_supervisor,
        is_by_link=who.booking_id is not None,
        read=visit.kinds(is_write=False),
        written=visit.kinds(is_write=True),
    )


def _access_view(look: Look) -> AccessView:
    who = look.looker
    return AccessView(
        at=look.at,
        party=Party(who.party),
        practitioner_id=who.practitioner_id,
        is_write=look.is_write,
        kind=look.kind,
        is_supervisor=who.is_supervisor,
        is_by_link=who.booking_id is not None,
    )
