"""Invoicing all that is owed until a day: looked up, looked over, then issued at once."""

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response

from services.common.clock import utc_now
from services.common.messages import Command
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
from services.contracts.billing.invoice_settings import NoInvoiceSettings
from services.gateway.forms.invoices import InvoiceRunForm
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.web import labels, money_words
from services.gateway.web.ids import kept_form_id
from services.gateway.web.invoice_new import FIRST
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.page import page, redirect
from services.gateway.web.paging import Trail

router = APIRouter(prefix="/practices/{practice_id}/money/invoices/run")
Context = dict[str, Any]
PER_PAGE = 25
Turned = Annotated[str, Query(alias="page", max_length=2000)]
HERE = "invoices/run"
LEFT_OUT = {
    LeftOut.LATER: (
        "One session takes place after that day.",
        "{count} sessions take place after that day.",
    ),
    LeftOut.UNKNOWN: (
        "One session belongs to another client by now: write its invoice by hand.",
        "{count} sessions belong to other clients by now: write their invoices by hand.",
    ),
    LeftOut.UNPRINTABLE: (
        "One session's client has no name that can be printed: write its invoice by hand.",
        "{count} sessions' clients have no name that can be printed: write their invoices by hand.",
    ),
    LeftOut.CHANGED: (
        "One session was paid, invoiced or changed meanwhile.",
        "{count} sessions were paid, invoiced or changed meanwhile.",
    ),
}
STOPPED = {
    StopReason.ASKED: "Nothing was issued: the run was stopped.",
    StopReason.SETTINGS: (
        "Nothing was issued: the invoice settings had changed since the sessions were looked up."
        " Begin anew, and look over what would be issued now."
    ),
}
NOTHING = "Every session that is owed is on an invoice already."
NOT_NOW = "That is not possible any more: this is how far the run is."
LET_GO = "Stopped. Nothing was issued."


@router.get("")
async def run_page(desk: AtMoney, turned: Turned = "") -> Response:
    """How far the latest run is, or the way to begin one."""
    return await _page(desk, Trail.parse(turned), {}, {})


@router.post("")
async def start(sent: Sent, desk: AtMoney) -> Response:
    """Begin one; the same form twice begins one run."""
    try:
        form = parsed(InvoiceRunForm, sent)
        await _ask(desk, StartInvoiceRun(id=form.form_id, until_on=form.until_on))
    except Flawed as flawed:
        return await _page(desk, Trail.parse(""), sent, flawed.errors, status=422)
    except NothingToInvoice:
        return redirect(desk.request, desk.url(HERE), notice=NOTHING, kind="info")
    except RunUnderWay:
        return redirect(desk.request, desk.url(HERE), notice=NOT_NOW, kind="info")
    except NoInvoiceSettings:
        return redirect(desk.request, desk.url("invoice-settings"), notice=FIRST, kind="info")
    return redirect(desk.request, desk.url(HERE))


@router.post("/{run_id}/issue")
async def issue(sent: Sent, desk: AtMoney, run_id: UUID) -> Response:
    """Issue what was looked over."""
    try:
        await _ask(desk, IssueInvoiceRun(run_id=run_id))
    except RunNotReady:
        return redirect(desk.request, desk.url(HERE), notice=NOT_NOW, kind="info")
    return redirect(desk.request, desk.url(HERE))


@router.post("/{run_id}/stop")
async def stop(sent: Sent, desk: AtMoney, run_id: UUID) -> Response:
    """Let it go."""
    try:
        await _ask(desk, StopInvoiceRun(run_id=run_id))
    except RunNotReady:
        return redirect(desk.request, desk.url(HERE), notice=NOT_NOW, kind="info")
    return redirect(desk.request, desk.url(HERE), notice=LET_GO)


async def _ask(desk: MoneyDesk, command: Command) -> InvoiceRunPage:
    return await desk.backend.ask(desk.actor, command, InvoiceRunPage)


async def _page(
    desk: MoneyDesk, trail: Trail, sent: dict[str, str], errors: dict[str, str], status: int = 200
) -> Response:
    told = await _ask(desk, GetInvoiceRun(cursor=trail.here or None, limit=PER_PAGE))
    zone = ZoneInfo((await desk.practice()).time_zone)
    usual = {"until_on": _last_of_month_before(utc_now().astimezone(zone).date()).isoformat()}

    def url(turned: str) -> str:
        return desk.url(HERE, page=turned)

    context = {
        "desk": desk.frame("invoices"),
        "back_url": desk.url("invoices"),
        "owed_url": desk.url("owed"),
        "refresh_url": desk.url(HERE),
        "run": told.run and _run(desk, told.run, zone),
        "drafts": [_draft(one) for one in told.drafts],
        "pages": trail.pages(url, told.next_cursor),
        "action": desk.url(HERE),
        "form_id": kept_form_id(sent.get("form_id", "")),
        "values": sent or usual,
        "errors": errors,
    }
    return await page(desk.request, "invoice_run.html", context, active="money", status=status)


def _run(desk: MoneyDesk, run: InvoiceRunView, zone: ZoneInfo) -> Context:
    totals = " and ".join(labels.money_label(one) for one in run.totals)
    return {
        "state": run.state.value,
        "is_given_up": run.is_given_up,
        "until_label": labels.full_date_label(run.until_on),
        "at_label": money_words.stamp(run.ended_at or run.started_at, zone),
        "looked_up": run.looked_up,
        "session_count": run.session_count,
        "invoice_count": run.invoice_count,
        "total_label": totals,
        "left_out": [_left_out(reason, count) for reason, count in run.left_out.items()],
        "stopped_label": STOPPED[run.stop_reason] if run.stop_reason else "",
        "issue_url": desk.url(f"{HERE}/{run.id}/issue"),
        "stop_url": desk.url(f"{HERE}/{run.id}/stop"),
        "is_over": run.state in (RunState.ISSUED, RunState.STOPPED),
    }


def _left_out(reason: LeftOut, count: int) -> str:
    one, many = LEFT_OUT[reason]
    return one if count == 1 else many.format(count=count)


def _draft(one: InvoiceDraft) -> Context:
    return {
        "recipient_name": one.recipient_name,
        "session_count": one.session_count,
        "total_label": labels.money_label(one.total),
    }


def _last_of_month_before(today: date) -> date:
    return today.replace(day=1) - timedelta(days=1)
