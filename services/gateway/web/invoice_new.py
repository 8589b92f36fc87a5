"""Writing an invoice or a receipt: whose sessions, which of them, to whom."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.common.errors import InvalidInput
from services.contracts.billing.invoice_settings import NoInvoiceSettings
from services.contracts.billing.invoices import (
    AlreadyInvoiced,
    BillableClientsPage,
    BillableView,
    InvoiceKind,
    InvoiceView,
    IssueInvoice,
    ListBillable,
    ListBillableClients,
    NotBillable,
)
from services.gateway.forms.invoices import CHOSEN, InvoiceForm, invoice_of
from services.gateway.forms.reading import Flawed, Sent
from services.gateway.web import invoice_words, labels
from services.gateway.web.ids import kept_form_id
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.page import page, redirect
from services.gateway.web.paging import Trail
from services.gateway.web.treating import NAME_OF_NONE, client_names

router = APIRouter(prefix="/practices/{practice_id}/money/invoices/new")
Context = dict[str, Any]
PER_PAGE = 25
Turned = Annotated[str, Query(alias="page", max_length=2000)]
FIRST = "Say who the practice is on an invoice; then the first one can be written."
TAKEN = (
    "One of these sessions is on an invoice by now, or its money has changed. This is what is left."
)
UNPRINTABLE = "This holds signs that cannot be printed. Please write it in Latin letters."


@router.get("")
async def new_page(
    desk: AtMoney, client: UUID | None = None, kind: str = "", turned: Turned = ""
) -> Response:
    """Clients with something to invoice; or what there is of one of them."""
    if client is None:
        return await _clients_page(desk, Trail.parse(turned))
    try:
        told = await desk.backend.ask(desk.actor, ListBillable(client_id=client), BillableView)
    except NoInvoiceSettings:
        return redirect(desk.request, desk.url("invoice-settings"), notice=FIRST, kind="info")
    return await _sessions_page(desk, client, told, _kind(kind, told), {}, {})


@router.post("")
async def issue(sent: Sent, desk: AtMoney) -> Response:
    """Issue it; the same form twice leads to the same invoice."""
    try:
        form = invoice_of(sent)
        seen = await desk.backend.ask(desk.actor, _command(form), InvoiceView)
    except Flawed as flawed:
        return await _again(desk, sent, flawed.errors, 422)
    except InvalidInput as flaws:
        return await _again(desk, sent, dict.fromkeys(flaws.detail, UNPRINTABLE), 422)
    except (AlreadyInvoiced, NotBillable):
        return await _again(desk, sent, {"form": TAKEN}, 409)
    except NoInvoiceSettings:
        return redirect(desk.request, desk.url("invoice-settings"), notice=FIRST, kind="info")
    notice = f"{invoice_words.title_of(seen)} is issued."
    return redirect(desk.request, desk.url(f"invoices/{seen.id}"), notice=notice)


def _command(form: InvoiceForm) -> IssueInvoice:
    return IssueInvoice(
        id=form.form_id,
        kind=form.kind,
        client_id=form.client,
        booking_ids=form.sessions,
        recipient_name=form.recipient_name,
        recipient_address=form.recipient_address,
    )


async def _again(
    desk: MoneyDesk, sent: dict[str, str], errors: dict[str, str], status: int
) -> Response:
    """The page with what was typed; the list of clients where it is not said whose."""
    try:
        client = UUID(sent.get("client", ""))
    except ValueError:
        return redirect(desk.request, desk.url("invoices/new"))
    told = await desk.backend.ask(desk.actor, ListBillable(client_id=client), BillableView)
    kind = _kind(sent.get("kind", ""), told)
    return await _sessions_page(desk, client, told, kind, sent, errors, status)


async def _clients_page(desk: MoneyDesk, trail: Trail) -> Response:
    asked = ListBillableClients(cursor=trail.here or None, limit=PER_PAGE)
    found = await desk.backend.ask(desk.actor, asked, BillableClientsPage)
    ids = [one.client_id for one in found.clients]
    names = await client_names(desk.backend, desk.actor, ids)

    def url(turned: str) -> str:
        return desk.url("invoices/new", page=turned)

    context = {
        "desk": desk.frame("invoices"),
        "back_url": desk.url("invoices"),
        "clients": [
            {
                "name": names.get(one.client_id, NAME_OF_NONE),
                "url": desk.url("invoices/new", client=str(one.client_id)),
                "owed_count": one.owed_count,
                "paid_count": one.paid_count,
            }
            for one in found.clients
        ],
        "pages": trail.pages(url, found.next_cursor),
    }
    return await page(desk.request, "invoice_who.html", context, active="money")


async def _sessions_page(
    desk: MoneyDesk,
    client: UUID,
    told: BillableView,
    kind: InvoiceKind,
    sent: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    names = await client_names(desk.backend, desk.actor, [client])
    name = names.get(client, NAME_OF_NONE)
    known = {
        "recipient_name": told.last_name or name,
        "recipient_address": told.last_address,
    }
    context = {
        "desk": desk.frame("invoices"),
        "back_url": desk.url("invoices/new"),
        "client_name": name,
        "client": str(client),
        "kind": kind.value,
        "kinds": _kinds(desk, client, told, kind),
        "sessions": [_session(one, sent) for one in told.sessions if one.kind is kind],
        "action": desk.url("invoices/new"),
        "form_id": kept_form_id(sent.get("form_id", "")),
        "values": sent or known,
        "errors": errors,
    }
    return await page(desk.request, "invoice_new.html", context, active="money", status=status)


def _session(one: Any, sent: dict[str, str]) -> Context:
    name = f"{CHOSEN}{one.booking_id}"
    return {
        "name": name,
        "on_label": labels.full_date_label(one.session_on),
        "words": one.words,
        "money_label": labels.money_label(one.money),
        "is_chosen": not sent or name in sent,
    }


def _kinds(desk: MoneyDesk, client: UUID, told: BillableView, kind: InvoiceKind) -> list[Context]:
    every = ((InvoiceKind.INVOICE, "Owed"), (InvoiceKind.RECEIPT, "Paid"))
    return [
        {
            "label": f"{label} ({sum(session.kind is one for session in told.sessions)})",
            "url": desk.url("invoices/new", client=str(client), kind=one.value),
            "is_selected": one is kind,
        }
        for one, label in every
    ]


def _kind(text: str, told: BillableView) -> InvoiceKind:
    """Which kind the page is for: the one that is asked for, else one that there is."""
    if text in (InvoiceKind.INVOICE, InvoiceKind.RECEIPT):
        return InvoiceKind(text)
    is_any_owed = any(one.kind is InvoiceKind.INVOICE for one in told.sessions)
    return InvoiceKind.INVOICE if is_any_owed or not told.sessions else InvoiceKind.RECEIPT
