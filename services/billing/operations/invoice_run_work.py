"""The work on a run of invoices: sessions looked up a hundred at a time, then issued as one.

Looking up is repeated where it was interrupted; issuing happens whole or not at all, so neither is
done twice. A session that is invoiced by hand meanwhile, or whose money changes, is left out.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.billing.domain import invoicing
from services.billing.domain.invoicing import Claim
from services.billing.domain.printable import unprintable
from services.billing.models import InvoiceRun, InvoiceRunLine
from services.billing.operations.invoice_runs import end_unissued, left_out
from services.billing.operations.invoice_settings import kept_settings
from services.billing.operations.invoice_settings import view as settings_view
from services.billing.operations.invoicing import issuer_of, today_in
from services.billing.operations.surroundings import Surroundings, itself
from services.billing.operations.work import UnknownForGood
from services.billing.queries import invoice_run_issue, invoices
from services.billing.queries import invoice_runs as runs
from services.billing.queries.invoice_run_issue import Issue
from services.common.money import Money
from services.contracts.base import MOST_IDS
from services.contracts.billing.invoice_runs import LeftOut, RunState, StopReason
from services.contracts.billing.invoice_settings import InvoiceSettingsView
from services.contracts.billing.invoices import MOST_LINES
from services.contracts.booking.billed import BilledSession

NOW_AGAIN = timedelta()


class DoesNotAddUp(UnknownForGood):
    """What a run would issue is not what is owed: nothing was issued, and a person has to look."""


def go_on(around: Surroundings, practice_id: UUID, run_id: UUID, now: datetime) -> timedelta | None:
    """The next piece of a run; again at once while sessions wait to be looked up."""
    us = itself(practice_id, f"invoice_run:{run_id}")
    with around.database.transaction(us) as tx:
        run = runs.lock_run(tx, practice_id, run_id)
        if run is None or run.state not in (RunState.LOOKING_UP, RunState.ISSUING):
            return None
        if run.state == RunState.ISSUING:
            issue(tx, run, now)
            return None
        lines = runs.waiting(tx, run, MOST_IDS)
        if not lines:
            runs.draft(tx, run, MOST_LINES)
            run.state = RunState.READY.value
            return None
    _look_up(around, run, lines)
    return NOW_AGAIN


def issue(tx: Session, run: InvoiceRun, now: datetime) -> None:
    """Issue the run's invoices, numbered by name, in one transaction.

    Where the practice has changed how it writes invoices, they would not be what was looked over:
    the run ends without any. Raises DoesNotAddUp.
    """
    settings = settings_view(kept_settings(tx, run.practice_id))
    if settings.model_dump(mode="json") != run.settings:
        end_unissued(tx, run, StopReason.SETTINGS, now)
        return
    today = today_in(settings, now)
    counter = invoices.lock_counter(tx, run.practice_id, today.year)
    issued = invoice_run_issue.issue(
        tx,
        run,
        Issue(
            year=today.year,
            last=counter.last_number,
            issued_on=today,
            issued_at=now,
            due_on=today + timedelta(days=settings.payment_days),
            logo_digest=settings.logo_digest,
            content=json.dumps(issuer_of(settings)),
        ),
    )
    if not invoice_run_issue.adds_up(tx, run):
        raise DoesNotAddUp
    counter.last_number += issued.invoices
    run.invoice_count, run.totals = issued.invoices, issued.totals
    run.left_out = left_out(tx, run)
    run.state, run.ended_at = RunState.ISSUED.value, now
    runs.forget_staged(tx, run)


def _look_up(around: Surroundings, run: InvoiceRun, lines: Sequence[InvoiceRunLine]) -> None:
    us = itself(run.practice_id, f"invoice_run:{run.id}")
    told = around.booking.billed([one.booking_id for one in lines], us)
    names = around.clients.names(list({one.client_id for one in lines}), us)
    sessions = {one.booking_id: one for one in told}
    settings = InvoiceSettingsView.model_validate(run.settings)
    known = [
        _looked_up(one, sessions.get(one.booking_id), names.get(one.client_id, ""), run, settings)
        for one in lines
    ]
    with around.database.transaction(us) as tx:
        still = runs.lock_run(tx, run.practice_id, run.id)
        if still is not None and still.state == RunState.LOOKING_UP:
            runs.keep_looked_up(tx, still, known)


def _looked_up(
    line: InvoiceRunLine,
    session: BilledSession | None,
    name: str,
    run: InvoiceRun,
    settings: InvoiceSettingsView,
) -> dict[str, Any]:
    """What is written down of a session: what its invoice says, or why it is on none."""
    if session is None or session.client_id != line.client_id:
        return _left(line, LeftOut.UNKNOWN)
    if invoicing.day_of(session) > run.until_on:
        return _left(line, LeftOut.LATER)
    if not name or unprintable(name):
        return _left(line, LeftOut.UNPRINTABLE)
    claim = Claim(line.booking_id, Money(line.owed, line.currency), None)
    said = invoicing.line_of(claim, session, settings)
    return {
        "booking_id": str(line.booking_id),
        "account_id": str(session.account_id) if session.account_id else None,
        "starts_at": session.starts_at.isoformat(),
        "session_on": said.session_on.isoformat(),
        "recipient_name": name,
        "words": said.words,
        "tax_rule": said.treatment.rule.value,
        "tax_basis_points": said.treatment.basis_points,
        "net": said.amounts.net.amount,
        "tax": said.amounts.tax.amount,
        "gross": said.amounts.gross.amount,
    }


def _left(line: InvoiceRunLine, reason: LeftOut) -> dict[str, Any]:
    return {"booking_id": str(line.booking_id), "left_out": reason.value}
