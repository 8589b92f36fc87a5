"""The demo's year in plans: what booking would have told of each session beside the courses."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from deploy.local.demo import DemoData, DemoPractice, DemoSession
from deploy.local.demo.plans import demo_plans
from deploy.local.demo_people import setter
from services.common import runtime
from services.plans.models import KnownSession

GIVEN_UP = ("cancelled", "late_cancelled")
MARKED = ("attended", "no_show")


def load_history(
    data: DemoData, practice: DemoPractice, its: Sequence[DemoSession], now: datetime
) -> None:
    """Who has come before is no new client: whoever asks for an intake has to know of it."""
    rows = list(known(data, practice, its, now))
    if not rows:
        return
    with runtime.of_process("plans").database.transaction(setter(practice)) as tx:
        tx.execute(insert(KnownSession), rows)


def known(
    data: DemoData, practice: DemoPractice, its: Sequence[DemoSession], now: datetime
) -> Iterator[dict[str, Any]]:
    """A row for each of a practice's sessions beside its plans' stories: of a client with a plan,
    those that ended before it began."""
    begun = {
        data.client(plan.client).id: now - timedelta(days=plan.started_days_ago)
        for plan in demo_plans(data)
    }
    for session in its:
        client_id = data.client(session.client).id
        if session.of_course or session.ends_at > begun.get(client_id, session.ends_at):
            continue
        yield {
            "practice_id": practice.id,
            "booking_id": session.booking_id,
            "client_id": client_id,
            "practitioner_id": data.practitioner(session.practitioner).id,
            "starts_at": session.starts_at,
            "is_given_up": session.state in GIVEN_UP,
            "is_late": session.state == "late_cancelled",
            "told_at": session.booked_at,
            "booked_at": session.booked_at,
            "attendance": session.state if session.state in MARKED else None,
            "marks": int(session.state in MARKED),
        }
