"""The practice's refunds: promised, made, failed; and the ways out of a failure."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.common.clock import utc_now
from services.contracts.billing.refunds import (
    GetRefund,
    ListRefunds,
    NotePaidElsewhere,
    NotRetryable,
    PracticeRefund,
    RefundsPage,
    RefundState,
    RetryRefund,
)
from services.gateway.forms.money_back import ElsewhereForm, TryForm
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.web import labels
from services.gateway.web import money_back_words as words
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.page import page, redirect
from services.gateway.web.paging import Trail
from services.gateway.web.treating import client_names
from services.gateway.web.zones import ShownZone, shown_zone

router = APIRouter(prefix="/practices/{practice_id}/money/refunds")
Context = dict[str, Any]
SECTION = "refunds"
CHOICES = {
    RefundState.PROMISED: "On their way",
    RefundState.MADE: "Made",
    RefundState.FAILED: "Failed",
    RefundState.ELSEWHERE: "Paid back elsewhere",
}
SENT_AGAIN = "It is sent once more. If it fails again, it comes back here."
NOTED = "Noted: this money is back with the client."
NOT_FAILED = "This refund is not waiting for that any more. Here is how it stands now."
State = Annotated[RefundState | None, Query()]
Turned = Annotated[str, Query(alias="page", max_length=2000)]


@router.get("")
async def refunds_page(desk: AtMoney, state: State = None, turned: Turned = "") -> Response:
    """All of them, or those of one state, the latest first."""
    trail, shown = Trail.parse(turned), shown_zone(desk.request, desk.visitor)
    asked = ListRefunds(state=state, cursor=trail.here or None)
    found = await desk.backend.ask(desk.actor, asked, RefundsPage)
    names = await client_names(desk.backend, desk.actor, (one.client_id for one in found.refunds))
    context = {
        "desk": desk.frame(SECTION),
        "zone_label": shown.name,
        "filters": _filters(desk, state),
        "is_filtered": state is not None,
        "all_url": desk.url(SECTION),
        "csv_url": desk.url("refunds.csv", state=state or ""),
        "payments_url": desk.url("payments"),
        "refunds": [line(desk, one, names, shown) for one in found.refunds],
        "pages": _pages(desk, state, trail, found.next_cursor),
    }
    return await page(desk.request, "money_refunds.html", context, active="money")


@router.post("/{refund_id}/retry")
async def retry(sent: Sent, desk: AtMoney, refund_id: UUID) -> Response:
    """Send a failed one once more."""
    try:
        attempt = parsed(TryForm, sent).attempt
    except Flawed:
        return redirect(desk.request, desk.url(SECTION), notice=NOT_FAILED, kind="warn")
    command = RetryRefund(refund_id=refund_id, attempt=attempt)
    try:
        await desk.backend.ask(desk.actor, command, PracticeRefund)
    except NotRetryable:
        return redirect(desk.request, desk.url(SECTION), notice=NOT_FAILED, kind="warn")
    return redirect(desk.request, desk.url(SECTION), notice=SENT_AGAIN)


@router.get("/{refund_id}/elsewhere")
async def elsewhere_page(desk: AtMoney, refund_id: UUID) -> Response:
    """How a failed one was paid back."""
    refund = await desk.backend.ask(desk.actor, GetRefund(refund_id=refund_id), PracticeRefund)
    if refund.state is not RefundState.FAILED:
        return redirect(desk.request, desk.url(SECTION), notice=NOT_FAILED, kind="info")
    return await _elsewhere(desk, refund, {}, {})


@router.post("/{refund_id}/elsewhere")
async def note_elsewhere(sent: Sent, desk: AtMoney, refund_id: UUID) -> Response:
    """Keep that it was paid back."""
    refund = await desk.backend.ask(desk.actor, GetRefund(refund_id=refund_id), PracticeRefund)
    try:
        form = parsed(ElsewhereForm, sent)
    except Flawed as flawed:
        return await _elsewhere(desk, refund, sent, flawed.errors, 422)
    command = NotePaidElsewhere(refund_id=refund_id, attempt=form.attempt, words=form.how)
    try:
        await desk.backend.ask(desk.actor, command, PracticeRefund)
    except NotRetryable:
        return redirect(desk.request, desk.url(SECTION), notice=NOT_FAILED, kind="warn")
    return redirect(desk.request, desk.url(SECTION), notice=NOTED)


def line(
    desk: MoneyDesk, refund: PracticeRefund, names: dict[UUID, str], shown: ShownZone
) -> Context:
    """A refund in a list, with the ways out where it failed."""
    now = utc_now()
    base = desk.url(f"{SECTION}/{refund.id}")
    is_failed = refund.state is RefundState.FAILED
    return {
        "id": str(refund.id),
        "at": labels.instant(refund.created_at),
        "at_label": labels.moment_label(refund.created_at, shown.info, now),
        "client_name": names.get(refund.client_id, "Client"),
        "payment_url": desk.url(f"payments/{refund.payment_id}"),
        "amount": labels.money_label(refund.money),
        "percent_label": f"{refund.percent} %" if refund.percent is not None else "",
        "reason_label": words.REASONS[refund.reason],
        "words": refund.words,
        "status": words.REFUND_STATES[refund.state],
        "failure": words.failure(refund) if is_failed else "",
        "elsewhere_words": refund.elsewhere_words or "",
        "attempt": refund.attempt,
        "retry_url": f"{base}/retry" if refund.can_retry else None,
        "elsewhere_url": f"{base}/elsewhere" if is_failed else None,
    }


async def _elsewhere(
    desk: MoneyDesk,
    refund: PracticeRefund,
    values: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    names = await client_names(desk.backend, desk.actor, [refund.client_id])
    shown = shown_zone(desk.request, desk.visitor)
    context = {
        "desk": desk.frame(SECTION),
        "refund": line(desk, refund, names, shown),
        "back_url": desk.url(SECTION),
        "values": values,
        "errors": errors,
    }
    template = "money_refund_elsewhere.html"
    return await page(desk.request, template, context, status=status, active="money")


def _filters(desk: MoneyDesk, state: RefundState | None) -> list[Context]:
    every = {"label": "All", "url": desk.url(SECTION), "is_selected": state is None}
    return [every] + [
        {"label": label, "url": desk.url(SECTION, state=one), "is_selected": one is state}
        for one, label in CHOICES.items()
    ]


def _pages(
    desk: MoneyDesk, state: RefundState | None, trail: Trail, next_cursor: str | None
) -> Context:
    kept = {"state": str(state)} if state else {}

    def url(turned: str) -> str:
        return desk.url(SECTION, **kept, page=turned)

    return trail.pages(url, next_cursor)
