"""Giving money of one payment back: chosen, shown with all that it does, confirmed."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.common.errors import DifferentContent, InvalidInput
from services.common.money import Money
from services.contracts.billing.refunds import (
    CHOSEN,
    NothingToRefund,
    PaymentDisputed,
    PracticeRefund,
    ProposeRefund,
    RefundChanged,
    RefundPayment,
    RefundProposal,
    RefundReason,
    RefundWay,
)
from services.gateway.forms.money_back import ConfirmForm, RefundForm
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.web import labels
from services.gateway.web import money_back_words as words
from services.gateway.web.ids import kept_form_id
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.page import page, redirect
from services.gateway.web.treating import client_names

router = APIRouter(prefix="/practices/{practice_id}/money/payments/{payment_id}/refund")
Context = dict[str, Any]
Texts = dict[str, str]
PROMISED = "The refund of {} is promised. Here you see what becomes of it; the client gets a mail."
CHANGED = "Something about this payment has changed since you looked. These are the new figures."
ALREADY = "A refund was made from this form already. For another one, begin at its payment."
BY_YOURSELF = (
    "Your Stripe account does not know this payment. So you pay the client back yourself, for"
    " example by bank transfer, and note it under Needs action afterwards."
)
REASON_CHOICES = [
    {"value": one.value, "label": words.REASONS[one]} for one in RefundReason if one in CHOSEN
]


@router.get("")
async def refund_page(desk: AtMoney, payment_id: UUID) -> Response:
    """How much, and why."""
    try:
        whole = await _propose(desk, payment_id, RefundWay.FULL, None)
    except (NothingToRefund, PaymentDisputed) as refusal:
        return redirect(
            desk.request,
            desk.url(f"payments/{payment_id}"),
            notice=refusal.message,
            kind="info",
        )
    return await _form(desk, whole, {"way": RefundWay.FULL.value}, {})


@router.post("/preview")
async def preview(sent: Sent, desk: AtMoney, payment_id: UUID) -> Response:
    """What it would do: nothing has happened yet."""
    whole = await _propose(desk, payment_id, RefundWay.FULL, None)
    try:
        form = parsed(RefundForm, sent)
        _check_words(form)
        money = form.money(whole.refund.currency)
        shown = await _propose(desk, payment_id, form.way, money)
    except Flawed as flawed:
        return await _form(desk, whole, sent, flawed.errors, 422)
    except InvalidInput as flawed:
        return await _form(desk, whole, sent, _named(flawed), 422)
    except NothingToRefund as refusal:
        return await _form(desk, whole, sent, {"way": refusal.message}, 422)
    return await _preview(desk, shown, sent)


@router.post("")
async def refund(sent: Sent, desk: AtMoney, payment_id: UUID) -> Response:
    """Do what was shown; other figures by now are shown anew, and nothing is done."""
    try:
        form = parsed(ConfirmForm, sent)
        command = _command(form, payment_id)
        made = await desk.backend.ask(desk.actor, command, PracticeRefund)
    except Flawed as flawed:
        whole = await _propose(desk, payment_id, RefundWay.FULL, None)
        return await _form(desk, whole, sent, flawed.errors, 422)
    except RefundChanged:
        return await _shown_anew(desk, form, sent, payment_id)
    except DifferentContent:
        return redirect(desk.request, desk.url("refunds"), notice=ALREADY, kind="info")
    except (NothingToRefund, PaymentDisputed, InvalidInput) as refusal:
        back = desk.url(f"payments/{payment_id}")
        return redirect(desk.request, back, notice=refusal.message, kind="warn")
    told = PROMISED.format(labels.money_label(made.money))
    return redirect(desk.request, desk.url("refunds"), notice=told)


async def _shown_anew(
    desk: MoneyDesk, form: ConfirmForm, sent: Texts, payment_id: UUID
) -> Response:
    money = Money(form.refund, form.currency) if form.way is RefundWay.PART else None
    try:
        shown = await _propose(desk, payment_id, form.way, money)
    except (NothingToRefund, InvalidInput):
        whole = await _propose(desk, payment_id, RefundWay.FULL, None)
        return await _form(desk, whole, sent, {"form": CHANGED}, 409)
    return await _preview(desk, shown, sent, CHANGED, 409)


async def _propose(
    desk: MoneyDesk, payment_id: UUID, way: RefundWay, money: Money | None
) -> RefundProposal:
    command = ProposeRefund(payment_id=payment_id, way=way, money=money)
    return await desk.backend.ask(desk.actor, command, RefundProposal)


def _command(form: ConfirmForm, payment_id: UUID) -> RefundPayment:
    return RefundPayment(
        id=form.form_id,
        payment_id=payment_id,
        way=form.way,
        money=Money(form.refund, form.currency),
        reason=form.reason,
        words=form.words_,
        agreed=form.agreed,
    )


def _check_words(form: RefundForm) -> None:
    if form.reason not in CHOSEN:
        raise Flawed({"reason": "Choose a reason."})
    if form.reason is RefundReason.OTHER and not form.words_:
        raise Flawed({"words": "Say in a few words why."})


def _named(flawed: InvalidInput) -> Texts:
    known = {"amount", "reason", "words"}
    return {name if name in known else "form": told for name, told in flawed.detail.items()}


async def _form(
    desk: MoneyDesk, whole: RefundProposal, sent: Texts, errors: Texts, status: int = 200
) -> Response:
    names = await client_names(desk.backend, desk.actor, [whole.client_id])
    context = {
        "desk": desk.frame("refunds"),
        "client_name": names.get(whole.client_id, "Client"),
        "back_url": desk.url(f"payments/{whole.payment_id}"),
        "action": desk.url(f"payments/{whole.payment_id}/refund/preview"),
        "form_id": kept_form_id(sent.get("form_id", "")),
        "rows": _standing(whole),
        "currency": whole.refund.currency,
        "ways": [{"value": one.value, "label": _way_label(one, whole)} for one in RefundWay],
        "reasons": REASON_CHOICES,
        "values": sent,
        "errors": errors,
    }
    return await page(desk.request, "money_refund.html", context, status=status, active="money")


def _standing(whole: RefundProposal) -> list[Context]:
    rows = [
        ("Paid", whole.captured),
        ("Went back or is promised", whole.back_before),
        ("Left to give back", whole.refund),
    ]
    return [{"label": label, "text": labels.money_label(money)} for label, money in rows]


def _way_label(way: RefundWay, whole: RefundProposal) -> str:
    amount = f": {labels.money_label(whole.refund)}" if way is RefundWay.FULL else ""
    return words.WAYS[way] + amount


async def _preview(
    desk: MoneyDesk, shown: RefundProposal, sent: Texts, warning: str = "", status: int = 200
) -> Response:
    names = await client_names(desk.backend, desk.actor, [shown.client_id])
    reason = RefundReason(sent["reason"])
    context = {
        "desk": desk.frame("refunds"),
        "warning": warning,
        "client_name": names.get(shown.client_id, "Client"),
        "amount": labels.money_label(shown.refund),
        "percent_label": f"{shown.percent} %" if shown.percent is not None else "",
        "effects": effects(shown),
        "reason_label": words.REASONS[reason],
        "words": sent.get("words", "").strip(),
        "action": desk.url(f"payments/{shown.payment_id}/refund"),
        "back_url": desk.url(f"payments/{shown.payment_id}/refund"),
        "form_id": kept_form_id(sent.get("form_id", "")),
        "kept": _kept(shown, sent),
    }
    template = "money_refund_preview.html"
    return await page(desk.request, template, context, status=status, active="money")


def _kept(shown: RefundProposal, sent: Texts) -> Texts:
    """What the confirmation carries on: what was typed, and the figures that were shown."""
    return {
        "way": shown.way.value,
        "amount": sent.get("amount", ""),
        "reason": sent["reason"],
        "words": sent.get("words", ""),
        "refund": str(shown.refund.amount),
        "currency": shown.refund.currency,
        "agreed": shown.agreed,
    }


def effects(shown: RefundProposal) -> list[Context]:
    """What happens to whom, a line each."""
    if not shown.is_at_stripe:
        return [
            {"label": "The client", "text": BY_YOURSELF},
            {"label": "The booking", "text": _booking(shown)},
        ]
    told = labels.money_label
    stripe = (
        f"Keeps its fee of {told(shown.stripe_fee)}; Stripe does not give it back."
        if shown.stripe_fee is not None
        else "Keeps its fee, which it has not told yet; it does not give it back."
    )
    commission = (
        f"{told(shown.commission_back)} of it come back to you, in proportion."
        if shown.commission_back.amount
        else "There is none to come back."
    )
    return [
        {"label": "The client", "text": _client(shown)},
        {"label": "The booking", "text": _booking(shown)},
        {"label": "Stripe", "text": stripe},
        {"label": "The commission", "text": commission},
        {
            "label": "Your balance at Stripe",
            "text": f"Falls by {told(-shown.balance)} in all.",
        },
    ]


def _client(shown: RefundProposal) -> str:
    left = labels.money_label(shown.left_after)
    after = f" After it {left} of this payment are left." if shown.left_after.amount else ""
    amount = labels.money_label(shown.refund)
    return f"Gets {amount} on the card that paid, in 5 to 10 days, and a mail about it.{after}"


def _booking(shown: RefundProposal) -> str:
    if not shown.booking_stands:
        return "Is over. The money comes out of what your practice had kept."
    if not shown.booking_after.amount:
        return "Stands, and is paid for with nothing any more. It is not cancelled by this."
    left = labels.money_label(shown.booking_after)
    return f"Stands, and {left} stay paid for it. It is not cancelled by this."
