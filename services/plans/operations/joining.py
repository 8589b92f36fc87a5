"""What a guest's chart holds is their account's to read, once they have one."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.contracts.profiles.registering import GuestJoined
from services.plans.models import Chart, Course, Intake, Plan, Version


def join_account(tx: Session, event: GuestJoined) -> None:
    """The chart of the client that has no account yet, with what lies in it so far.

    Who looked before stays as it was written.
    """
    of_client = Chart.practice_id == event.practice_id, Chart.client_id == event.client_id
    charts = select(Chart.id).where(*of_client)
    for table in (Plan, Version, Course, Intake):
        _join(tx, table, event, table.chart_id.in_(charts))
    _join(tx, Chart, event, Chart.client_id == event.client_id)


def _join(tx: Session, table: Any, event: GuestJoined, whose: Any) -> None:
    of_guest = update(table).where(
        table.practice_id == event.practice_id, whose, table.account_id.is_(None)
    )
    joined = of_guest.values(account_id=event.account_id)
    tx.execute(joined.execution_options(synchronize_session=False))
