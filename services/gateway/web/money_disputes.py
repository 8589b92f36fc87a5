"""Disputes: what clients say to their banks, by when to answer, and what was answered."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.common.clock import utc_now
from services.common.errors import NotFound
from services.contracts.billing.disputes import (
    AcceptLoss,
    DisputeAnswered,
    DisputesPage,
    DisputeView,
    GetDispute,
    ListDisputes,
    SubmitEvidence,
)
from services.contracts.booking.terms import GetTerms, TermsView
from services.gateway.forms.money_back import AcceptForm, EvidenceForm
from services.gateway.forms.reading import Flawed, Sent, SentLong, parsed
from services.gateway.web import dispute_facts, labels
from services.gateway.web import money_back_words as words
from services.gateway.web.ids import kept_form_id
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.page import page, redirect
from services.gateway.web.paging import Trail
from services.gateway.web.treating import client_names
from services.gateway.web.zones import ShownZone, shown_zone

router = APIRouter(prefix="/practices/{practice_id}/money/disputes")
Context = dict[str, Any]
Texts = dict[str, str]
SECTION = "disputes"
SENT = "Your answer is on its way to the bank. It can take up to three months to decide."
ACCEPTED = "The client keeps the money, and the dispute is closed."
ANSWERED = "This dispute was answered or decided already. Here is how it stands."
Shown = Annotated[Literal["open", "all"], Query()]
Turned = Annotated[str, Query(alias="page", max_length=2000)]


@router.get("")
async def disputes_page(desk: AtMoney, show: Shown = "open", turned: Turned = "") -> Response:
    """Open ones by their deadline, or all, the latest first."""
    trail, shown = Trail.parse(turned), shown_zone(desk.request, desk.visitor)
    asked = ListDisputes(is_open=show == "open", cursor=trail.here or None)
    found = await desk.backend.ask(desk.actor, asked, DisputesPage)
    names = await client_names(desk.backend, desk.actor, (one.client_id for one in found.disputes))
    context = {
        "desk": desk.frame(SECTION),
        "zone_label": shown.name,
        "filters": [
            {"label": label, "url": desk.url(SECTION, show=key), "is_selected": key == show}
            for key, label in (("open", "Open"), ("all", "All"))
        ],
        "is_open": show == "open",
        "csv_url": desk.url("disputes.csv"),
        "disputes": [line(desk, one, names, shown) for one in found.disputes],
        "pages": _pages(desk, show, trail, found.next_cursor),
    }
    return await page(desk.request, "money_disputes.html", context, active="money")


@router.get("/{dispute_id}")
async def dispute_page(desk: AtMoney, dispute_id: UUID) -> Response:
    """One of them, with the answer that was given, or the form for one."""
    return await _page(desk, await _dispute(desk, dispute_id), {}, {})


@router.post("/{dispute_id}/evidence")
async def submit_evidence(sent: SentLong, desk: AtMoney, dispute_id: UUID) -> Response:
    """Tell the bank the practice's side, once."""
    try:
        form = parsed(EvidenceForm, sent)
    except Flawed as flawed:
        dispute = await _dispute(desk, dispute_id)
        return await _page(desk, dispute, sent, flawed.errors, 422)
    command = SubmitEvidence(
        id=form.form_id,
        dispute_id=dispute_id,
        service_date=form.service_date,
        what_happened=form.what_happened,
        policy=form.policy,
        why_not_back=form.why_not_back,
    )
    return await _answered(desk, command, dispute_id, SENT)


@router.get("/{dispute_id}/accept")
async def accept_page(desk: AtMoney, dispute_id: UUID) -> Response:
    """The question: nothing has happened yet."""
    dispute = await _dispute(desk, dispute_id)
    back = desk.url(f"{SECTION}/{dispute_id}")
    if not dispute.can_answer:
        return redirect(desk.request, back, notice=ANSWERED, kind="info")
    names = await client_names(desk.backend, desk.actor, [dispute.client_id])
    context = {
        "desk": desk.frame(SECTION),
        "dispute": line(desk, dispute, names, shown_zone(desk.request, desk.visitor)),
        "action": f"{back}/accept",
        "back_url": back,
        "form_id": kept_form_id(""),
    }
    return await page(desk.request, "money_dispute_accept.html", context, active="money")


@router.post("/{dispute_id}/accept")
async def accept_loss(sent: Sent, desk: AtMoney, dispute_id: UUID) -> Response:
    """Let the client have the money."""
    try:
        form = parsed(AcceptForm, sent)
    except Flawed:
        return redirect(desk.request, desk.url(f"{SECTION}/{dispute_id}/accept"))
    command = AcceptLoss(id=form.form_id, dispute_id=dispute_id)
    return await _answered(desk, command, dispute_id, ACCEPTED)


async def _answered(
    desk: MoneyDesk, command: SubmitEvidence | AcceptLoss, dispute_id: UUID, notice: str
) -> Response:
    back = desk.url(f"{SECTION}/{dispute_id}")
    try:
        await desk.backend.ask(desk.actor, command, DisputeView)
    except DisputeAnswered:
        return redirect(desk.request, back, notice=ANSWERED, kind="warn")
    return redirect(desk.request, back, notice=notice)


async def _dispute(desk: MoneyDesk, dispute_id: UUID) -> DisputeView:
    return await desk.backend.ask(desk.actor, GetDispute(dispute_id=dispute_id), DisputeView)


async def _page(
    desk: MoneyDesk, dispute: DisputeView, sent: Texts, errors: Texts, status: int = 200
) -> Response:
    shown = shown_zone(desk.request, desk.visitor)
    names = await client_names(desk.backend, desk.actor, [dispute.client_id])
    base = desk.url(f"{SECTION}/{dispute.id}")
    told = await _facts(desk, dispute) if dispute.can_answer and not sent else {}
    context = {
        "desk": desk.frame(SECTION),
        "dispute": line(desk, dispute, names, shown),
        "back_url": desk.url(SECTION),
        "zone_label": shown.name,
        "has_money": dispute.has_money,
        "is_inquiry": dispute.is_inquiry,
        "answer": _answer(dispute, shown),
        "can_answer": dispute.can_answer,
        "action": f"{base}/evidence",
        "accept_url": f"{base}/accept",
        "form_id": kept_form_id(sent.get("form_id", "")),
        "values": sent or told,
        "errors": errors,
    }
    return await page(desk.request, "money_dispute.html", context, status=status, active="money")


async def _facts(desk: MoneyDesk, dispute: DisputeView) -> Texts:
    """What is known of the appointment, as a beginning; nothing where booking has none."""
    try:
        terms = await desk.backend.ask(
            desk.actor, GetTerms(booking_id=dispute.booking_id), TermsView
        )
    except NotFound:
        return {}
    return dispute_facts.beginning(dispute, terms, utc_now())


def _answer(dispute: DisputeView, shown: ShownZone) -> Context | None:
    if dispute.answer is None:
        return None
    told = dispute.answer
    texts = [
        ("When the appointment was", told.service_date),
        ("What took place", told.what_happened),
        ("Your cancellation policy", told.policy),
        ("Why no refund is due", told.why_not_back),
    ]
    return {
        "kind": str(told.kind),
        "at": labels.instant(told.asked_at),
        "at_label": labels.moment_label(told.asked_at, shown.info, utc_now()),
        "is_sent": told.sent_at is not None,
        "texts": [{"label": label, "text": text} for label, text in texts if text],
    }


def line(
    desk: MoneyDesk, dispute: DisputeView, names: dict[UUID, str], shown: ShownZone
) -> Context:
    """A dispute in a list."""
    now = utc_now()
    return {
        "url": desk.url(f"{SECTION}/{dispute.id}"),
        "at": labels.instant(dispute.opened_at),
        "at_label": labels.moment_label(dispute.opened_at, shown.info, now),
        "client_name": names.get(dispute.client_id, "Client"),
        "payment_url": desk.url(f"payments/{dispute.payment_id}"),
        "amount": labels.money_label(dispute.money),
        "said": words.said(dispute),
        "status": words.DISPUTE_STATES[dispute.state],
        "deadline": words.deadline(dispute, shown.info, now),
        "due_at": labels.instant(dispute.due_at) if dispute.due_at else "",
    }


def _pages(desk: MoneyDesk, show: str, trail: Trail, next_cursor: str | None) -> Context:
    def url(turned: str) -> str:
        return desk.url(SECTION, show=show, page=turned)

    return trail.pages(url, next_cursor)
