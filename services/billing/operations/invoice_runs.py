"""A run of invoices as the desk sees it: begun, looked over, issued or let go."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.billing.models import InvoiceRun, InvoiceRunDraft
from services.billing.operations import work
from services.billing.operations.invoice_settings import kept_settings
from services.billing.operations.invoice_settings import view as settings_view
from services.billing.operations.keepers import practice_of_keeper
from services.billing.queries import invoice_runs as runs
from services.common.auth import Actor
from services.common.database import constraint_of
from services.common.errors import DifferentContent, NotFound
from services.common.money import Money
from services.contracts.base import BadCursor
from services.contracts.billing.invoice_runs import (
    GetInvoiceRun,
    InvoiceDraft,
    InvoiceRunPage,
    InvoiceRunView,
    IssueInvoiceRun,
    LeftOut,
    NothingToInvoice,
    RunNotReady,
    RunState,
    RunUnderWay,
    StartInvoiceRun,
    StopInvoiceRun,
    StopReason,
)


def start_invoice_run(
    tx: Session, command: StartInvoiceRun, *, actor: Actor, now: datetime
) -> None:
    """Put down what is owed and owe the look at it; the same again changes nothing.

    Raises Forbidden, NoInvoiceSettings, RunUnderWay, NothingToInvoice, DifferentContent.
    """
    practice_id = practice_of_keeper(actor)
    if _is_begun(tx, practice_id, command):
        return
    settings = settings_view(kept_settings(tx, practice_id))
    assert actor.account_id is not None
    run = InvoiceRun(
        practice_id=practice_id,
        id=command.id,
        until_on=command.until_on,
        state=RunState.LOOKING_UP.value,
        settings=settings.model_dump(mode="json"),
        session_count=1,
        started_by=actor.account_id,
        started_at=now,
    )
    tx.add(run)
    _flush_alone(tx)
    run.session_count = runs.stage(tx, practice_id, command.id)
    if run.session_count == 0:
        raise NothingToInvoice("Every session that is owed is on an invoice.")
    work.ask(tx, work.INVOICE_RUN, practice_id, command.id, now)


def get_invoice_run(tx: Session, command: GetInvoiceRun, *, actor: Actor) -> InvoiceRunPage:
    """The latest run. Raises Forbidden, BadCursor."""
    run = runs.latest(tx, practice_of_keeper(actor))
    if run is None:
        return InvoiceRunPage(run=None, drafts=[])
    limit = command.limit
    found = runs.drafts(tx, run, _after(command.cursor), limit + 1) if _is_ready(run) else []
    shown = found[:limit]
    return InvoiceRunPage(
        run=_view(tx, run),
        drafts=[_draft(one) for one in shown],
        next_cursor=str(shown[-1].position) if len(found) > limit else None,
    )


def issue_invoice_run(
    tx: Session, command: IssueInvoiceRun, *, actor: Actor, now: datetime
) -> None:
    """Owe the invoices of what was looked over. Raises Forbidden, NotFound, RunNotReady."""
    run = _locked(tx, command.run_id, actor)
    if run.state in (RunState.ISSUING, RunState.ISSUED):
        return
    if not _is_ready(run):
        raise _not_ready(run)
    run.state, run.issue_asked_by = RunState.ISSUING.value, actor.account_id
    work.ask(tx, work.INVOICE_RUN, run.practice_id, run.id, now)


def stop_invoice_run(tx: Session, command: StopInvoiceRun, *, actor: Actor, now: datetime) -> None:
    """Let it go before it issues, or where that was given up. Raises Forbidden, NotFound,
    RunNotReady."""
    run = _locked(tx, command.run_id, actor)
    if run.state == RunState.STOPPED:
        return
    is_given_up = runs.parked_at(tx, run.id, work.INVOICE_RUN) is not None
    if run.state not in (RunState.LOOKING_UP, RunState.READY) and not is_given_up:
        raise _not_ready(run)
    end_unissued(tx, run, StopReason.ASKED, now)
    runs.forget_work(tx, run.id, work.INVOICE_RUN)


def end_unissued(tx: Session, run: InvoiceRun, reason: StopReason, now: datetime) -> None:
    """End it, and forget what it looked up."""
    run.state, run.stop_reason, run.ended_at = RunState.STOPPED.value, reason.value, now
    runs.forget_staged(tx, run)


def left_out(tx: Session, run: InvoiceRun) -> dict[str, int]:
    """How many sessions are left out, by reason."""
    return {reason: count for reason, count in runs.looked_up(tx, run).items() if reason}


def _is_begun(tx: Session, practice_id: UUID, command: StartInvoiceRun) -> bool:
    known = runs.lock_run(tx, practice_id, command.id)
    if known is not None and known.until_on != command.until_on:
        raise DifferentContent("This id is another run's.")
    return known is not None


def _flush_alone(tx: Session) -> None:
    try:
        tx.flush()
    except IntegrityError as error:
        if constraint_of(error) != "invoice_runs_one_under_way":
            raise
        raise RunUnderWay("Another run has not ended yet.") from error


def _locked(tx: Session, run_id: UUID, actor: Actor) -> InvoiceRun:
    run = runs.lock_run(tx, practice_of_keeper(actor), run_id)
    if run is None:
        raise NotFound("There is no such run.")
    return run


def _is_ready(run: InvoiceRun) -> bool:
    return run.state == RunState.READY


def _not_ready(run: InvoiceRun) -> RunNotReady:
    return RunNotReady("This run cannot do that now.", {"state": run.state})


def _view(tx: Session, run: InvoiceRun) -> InvoiceRunView:
    count, totals, out = run.invoice_count, run.totals, run.left_out
    done = run.session_count
    if run.ended_at is None:
        looked_up = runs.looked_up(tx, run)
        done = sum(looked_up.values())
        out = {reason: number for reason, number in looked_up.items() if reason}
        count, totals = runs.drafted(tx, run)
    return InvoiceRunView(
        id=run.id,
        until_on=run.until_on,
        state=RunState(run.state),
        started_at=run.started_at,
        ended_at=run.ended_at,
        stop_reason=StopReason(run.stop_reason) if run.stop_reason else None,
        session_count=run.session_count,
        looked_up=done,
        left_out={LeftOut(reason): number for reason, number in sorted(out.items())},
        invoice_count=count,
        totals=[Money(amount, currency) for currency, amount in sorted(totals.items())],
        is_given_up=runs.parked_at(tx, run.id, work.INVOICE_RUN) is not None,
    )


def _draft(one: InvoiceRunDraft) -> InvoiceDraft:
    return InvoiceDraft(
        id=one.id,
        client_id=one.client_id,
        recipient_name=one.recipient_name,
        session_count=one.session_count,
        total=Money(one.total, one.currency),
    )


def _after(cursor: str | None) -> int:
    try:
        return int(cursor) if cursor else 0
    except ValueError:
        raise BadCursor("This page does not exist.", {"cursor": "is not known"}) from None
