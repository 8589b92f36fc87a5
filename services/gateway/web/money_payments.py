"""The payments of a practice: listed by filters that stand in the address, and one by one."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response

from services.common.clock import utc_now
from services.contracts.billing.practice_payments import (
    GetPracticePayment,
    ListPracticePayments,
    PaymentSum,
    PracticePayment,
    PracticePaymentsPage,
    PracticePaymentView,
)
from services.contracts.profiles.clients import ClientsView, ListClients
from services.contracts.profiles.practices import PracticeView
from services.contracts.profiles.records import ClientLinesPage, SearchClients
from services.gateway.forms.money import PaymentsForm
from services.gateway.forms.reading import Flawed, parsed
from services.gateway.web import labels, links, money_payment, money_words
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.page import page

router = APIRouter(prefix="/practices/{practice_id}/money/payments")
Context = dict[str, Any]
SECTION = "payments"
PER_PAGE = 25
MOST_CLIENTS = 50
Turned = Annotated[str, Query(alias="page", max_length=200)]
NAMES = ("since", "until", "state", "practitioner", "who", "client", "least", "most")


@dataclass(frozen=True, slots=True)
class Listed:
    """What was found; `told` is None where the filters do not fit, which `errors` say.

    `practice`: where it had to be known to understand the filters.
    `only`: the one client whose payments they are, where one is named.
    """

    practice: PracticeView | None
    told: PracticePaymentsPage | None
    errors: dict[str, str]
    only: list[UUID] | None = None


@router.get("")
async def payments_page(desk: AtMoney, request: Request, turned: Turned = "") -> Response:
    """The payments that the filters let through, the latest first, and their sums."""
    sent = filters_of(request)
    listed = await _listed(desk, sent, turned)
    practice, people = await asyncio.gather(_practice(desk, listed), _people(desk, listed))
    status = 422 if listed.errors else 200
    context = _context(desk, listed, practice, people, sent)
    return await page(request, "money_payments.html", context, status=status, active="money")


@router.get("/{payment_id}")
async def payment_page(desk: AtMoney, payment_id: UUID) -> Response:
    """One payment: what came of it, and each entry that it made in the books."""
    asked = GetPracticePayment(payment_id=payment_id)
    found = await desk.backend.ask(desk.actor, asked, PracticePaymentView)
    practice, people = await asyncio.gather(
        desk.practice(), _names(desk, [found.payment.client_id])
    )
    context = money_payment.context(desk, found, people, ZoneInfo(practice.time_zone), utc_now())
    return await page(desk.request, "money_payment.html", context, active="money")


def filters_of(request: Request) -> dict[str, str]:
    """What the address says of the filters that there are."""
    query = request.query_params
    return {name: query[name].strip() for name in NAMES if query.get(name, "").strip()}


async def asked_of(
    desk: MoneyDesk, practice: PracticeView, sent: dict[str, str]
) -> ListPracticePayments:
    """The question that filters mean; raises Flawed."""
    form = parsed(PaymentsForm, sent)
    return form.asked(practice, await _clients(desk, form))


async def _listed(desk: MoneyDesk, sent: dict[str, str], turned: str) -> Listed:
    practice = await desk.practice() if sent else None
    try:
        asked = await asked_of(desk, practice, sent) if practice else ListPracticePayments()
    except Flawed as flawed:
        return Listed(practice, None, flawed.errors)
    part = asked.model_copy(update={"cursor": turned or None, "limit": PER_PAGE})
    found = await desk.backend.ask(desk.actor, part, PracticePaymentsPage)
    return Listed(practice, found, {}, asked.client_ids if "client" in sent else None)


async def _clients(desk: MoneyDesk, form: PaymentsForm) -> list[UUID] | None:
    """Whose payments are wanted: of the one, or of those whose name holds the text."""
    if form.client is not None:
        return [form.client]
    if form.who is None:
        return None
    asked = SearchClients(text=form.who, limit=MOST_CLIENTS)
    found = await desk.backend.ask(desk.actor, asked, ClientLinesPage)
    if found.next_cursor:
        raise Flawed({"who": f"More than {MOST_CLIENTS} clients have this. Enter more of a name."})
    return [one.id for one in found.clients]


async def _practice(desk: MoneyDesk, listed: Listed) -> PracticeView:
    return listed.practice or await desk.practice()


async def _people(desk: MoneyDesk, listed: Listed) -> ClientsView:
    ids = [one.client_id for one in listed.told.payments] if listed.told else []
    return await _names(desk, [*ids, *(listed.only or [])])


async def _names(desk: MoneyDesk, ids: list[UUID]) -> ClientsView:
    """Names of these clients, and of everybody who treats in the practice."""
    asked = ListClients(client_ids=list(dict.fromkeys(ids)), is_with_practitioners=True)
    return await desk.backend.ask(desk.actor, asked, ClientsView)


def _context(
    desk: MoneyDesk,
    listed: Listed,
    practice: PracticeView,
    people: ClientsView,
    sent: dict[str, str],
) -> Context:
    told, zone = listed.told, ZoneInfo(practice.time_zone)
    names = {one.id: one.name for one in people.clients}
    treating = {one.id: one.name for one in people.practitioners}
    only = listed.only[0] if listed.only else None
    return {
        "desk": desk.frame(SECTION),
        "zone_label": labels.zone_name(zone),
        "currency": practice.currency,
        "action": desk.url(SECTION),
        "values": sent,
        "errors": listed.errors,
        "states": _options("Any state", money_words.STATE_CHOICES),
        "practitioners": _options("Everybody", {str(id_): name for id_, name in treating.items()}),
        "set_count": len(sent),
        "clear_url": desk.url(SECTION),
        "csv_url": desk.url(f"{SECTION}.csv", **sent),
        "client": _only(desk, sent, names.get(only, "Client")) if only else None,
        "sums": [_sum(one) for one in (told.sums or [] if told else [])],
        "is_too_much": bool(sent) and told is not None and told.sums is None,
        "payments": [
            _line(desk, one, names, treating, zone) for one in (told.payments if told else [])
        ],
        "pages": _pages(desk, sent, told),
    }


def _only(desk: MoneyDesk, sent: dict[str, str], name: str) -> Context:
    others = {key: text for key, text in sent.items() if key != "client"}
    return {"id": sent["client"], "name": name, "let_go_url": desk.url(SECTION, **others)}


def _options(whatever: str, known: dict[str, str]) -> list[Context]:
    choices = [{"value": value, "label": label} for value, label in known.items()]
    return [{"value": "", "label": whatever}, *choices]


def _sum(told: PaymentSum) -> Context:
    net = told.captured - told.refunded
    return {
        "count_label": "1 payment" if told.count == 1 else f"{told.count:,} payments",
        "rows": [
            {"label": "Asked for", "text": labels.money_label(told.asked)},
            {"label": "Paid", "text": labels.money_label(told.captured)},
            {"label": "Went back", "text": labels.money_label(told.refunded)},
            {"label": "Left", "text": labels.money_label(net)},
        ],
    }


def _line(
    desk: MoneyDesk,
    payment: PracticePayment,
    names: dict[UUID, str],
    treating: dict[UUID, str],
    zone: ZoneInfo,
) -> Context:
    return {
        "url": desk.url(f"{SECTION}/{payment.id}"),
        "at": labels.instant(payment.dated_at),
        "at_label": labels.moment_label(payment.dated_at, zone, utc_now()),
        "client_name": names.get(payment.client_id, "Client"),
        "client_url": desk.url(SECTION, client=str(payment.client_id)),
        "whom": treating.get(payment.practitioner_id, ""),
        "is_package": payment.sale_id is not None,
        "session_url": _about_url(desk, payment),
        "amount": labels.money_label(payment.price),
        "back": labels.money_label(payment.refunded) if payment.refunded.amount else "",
        "status": money_words.payment_status(payment),
    }


def _about_url(desk: MoneyDesk, payment: PracticePayment) -> str | None:
    """What it pays for: a package, or a session, which opens to who sees sessions."""
    if payment.sale_id is not None:
        return desk.url(f"packages/sales/{payment.sale_id}")
    if desk.sees_sessions:
        return links.staff_booking_url(desk.practice_id, payment.booking_id)
    return None


def _pages(desk: MoneyDesk, sent: dict[str, str], told: PracticePaymentsPage | None) -> Context:
    before, after = (told.previous_cursor, told.next_cursor) if told else (None, None)
    return desk.pages(SECTION, before, after, **sent)
