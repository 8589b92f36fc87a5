"""The dates that were chosen for plans."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.plans.models import Course, Plan


def courses(tx: Session, found: Plan) -> Sequence[Course]:
    """All choices of dates of a plan, the first one first, as they are now."""
    query = select(Course).where(
        Course.practice_id == found.practice_id, Course.plan_id == found.id
    )
    fresh = query.order_by(Course.choice).execution_options(populate_existing=True)
    return tx.scalars(fresh).all()
