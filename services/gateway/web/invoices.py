"""A practice's invoices: listed, read, downloaded, taken back."""

import asyncio
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.common.errors import InvalidInput, NotFound
from services.contracts.billing.invoices import (
    AlreadyCredited,
    CreditInvoice,
    GetInvoice,
    GetInvoiceFile,
    GetStatement,
    InvoiceFileView,
    InvoiceKind,
    InvoicesPage,
    InvoiceView,
    ListInvoices,
)
from services.gateway.forms.invoices import CreditForm
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.web import invoice_words
from services.gateway.web.ids import kept_form_id
from services.gateway.web.invoice_files import download
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.page import page, redirect
from services.gateway.web.paging import Trail

router = APIRouter(prefix="/practices/{practice_id}/money/invoices")
Context = dict[str, Any]
PER_PAGE = 25
Turned = Annotated[str, Query(alias="page", max_length=2000)]
Wanted = Annotated[str, Query(max_length=40)]
CREDITED = "Taken back by this credit note. Its sessions can be invoiced anew."
WAS_CREDITED = "This invoice was taken back already."
NO_STATEMENT = (
    "There is no statement of these dates: choose a year at most, in which something was issued "
    "in one currency."
)


@router.get("")
async def invoices_page(
    desk: AtMoney,
    kind: Wanted = "",
    client: Wanted = "",
    from_on: Annotated[str, Query(alias="from", max_length=10)] = "",
    until_on: Annotated[str, Query(alias="until", max_length=10)] = "",
    turned: Turned = "",
) -> Response:
    """What was issued, the latest first; what is wrong in a filter is left out of it."""
    trail = Trail.parse(turned)
    chosen = {
        "kind": kind if kind in list(InvoiceKind) else "",
        "client": str(_uuid(client) or ""),
        "from": _day(from_on),
        "until": _day(until_on),
    }
    asked = ListInvoices(
        kind=InvoiceKind(chosen["kind"]) if chosen["kind"] else None,
        client_id=_uuid(client),
        from_on=date.fromisoformat(chosen["from"]) if chosen["from"] else None,
        until_on=date.fromisoformat(chosen["until"]) if chosen["until"] else None,
        cursor=trail.here or None,
        limit=PER_PAGE,
    )
    found = await desk.backend.ask(desk.actor, asked, InvoicesPage)
    context = {
        "desk": desk.frame("invoices"),
        "kinds": _kinds(desk, chosen),
        "chosen": chosen,
        "action": desk.url("invoices"),
        "clear_url": desk.url("invoices") if any(chosen.values()) else None,
        "new_url": desk.url("invoices/new", client=chosen["client"]),
        "run_url": desk.url("invoices/run"),
        "statement_url": desk.url("invoices/statement", **chosen | {"kind": ""})
        if chosen["client"]
        else None,
        "invoices": [_line(desk, one) for one in found.invoices],
        "pages": _pages(desk, chosen, trail, found.next_cursor),
    }
    return await page(desk.request, "invoices.html", context, active="money")


@router.get("/statement")
async def statement(
    desk: AtMoney,
    client: UUID,
    from_on: Annotated[str, Query(alias="from", max_length=10)] = "",
    until_on: Annotated[str, Query(alias="until", max_length=10)] = "",
) -> Response:
    """A PDF of what was issued to a client; of the last year where no dates are chosen."""
    first, last = _day(from_on), _day(until_on)
    asked = GetStatement(
        client_id=client,
        from_on=date.fromisoformat(first) if first else None,
        until_on=date.fromisoformat(last) if last else None,
    )
    try:
        return download(await desk.backend.ask(desk.actor, asked, InvoiceFileView))
    except (NotFound, InvalidInput):
        url = desk.url("invoices", client=str(client), **{"from": first, "until": last})
        return redirect(desk.request, url, notice=NO_STATEMENT, kind="warn")


@router.get("/{invoice_id}")
async def invoice_page(desk: AtMoney, invoice_id: UUID) -> Response:
    """One invoice, and the way to take it back."""
    return await _page(desk, await _invoice(desk, invoice_id), {}, {})


@router.get("/{invoice_id}/file")
async def invoice_file(desk: AtMoney, invoice_id: UUID) -> Response:
    """Its PDF, of this practice alone."""
    asked = GetInvoiceFile(invoice_id=invoice_id)
    _, found = await asyncio.gather(
        _invoice(desk, invoice_id), desk.backend.ask(desk.actor, asked, InvoiceFileView)
    )
    return download(found)


@router.post("/{invoice_id}/credit")
async def credit(sent: Sent, desk: AtMoney, invoice_id: UUID) -> Response:
    """Take it back by a credit note; the same form twice leads to the same note."""
    seen = await _invoice(desk, invoice_id)
    try:
        form = parsed(CreditForm, sent)
        command = CreditInvoice(id=form.form_id, invoice_id=invoice_id, reason=form.reason)
        note = await desk.backend.ask(desk.actor, command, InvoiceView)
    except Flawed as flawed:
        return await _page(desk, seen, sent, flawed.errors, 422)
    except AlreadyCredited:
        again = await _invoice(desk, invoice_id)
        return await _page(desk, again, {}, {"form": WAS_CREDITED}, 409)
    return redirect(desk.request, desk.url(f"invoices/{note.id}"), notice=CREDITED)


async def _invoice(desk: MoneyDesk, invoice_id: UUID) -> InvoiceView:
    """An invoice of this practice; who keeps this desk may be another practice's client."""
    seen = await desk.backend.ask(desk.actor, GetInvoice(invoice_id=invoice_id), InvoiceView)
    if seen.practice_id != desk.practice_id:
        raise NotFound("There is no such invoice.")
    return seen


async def _page(
    desk: MoneyDesk,
    seen: InvoiceView,
    values: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    base = desk.url(f"invoices/{seen.id}")
    can_credit = seen.credited_by is None and seen.kind is not InvoiceKind.CREDIT_NOTE
    others = [
        {"label": label, "number": one.number, "url": desk.url(f"invoices/{one.id}")}
        for label, one in (("Takes back", seen.credits), ("Taken back by", seen.credited_by))
        if one is not None
    ]
    context = {
        "desk": desk.frame("invoices"),
        "invoice": invoice_words.page_of(seen),
        "others": others,
        "back_url": desk.url("invoices"),
        "file_url": f"{base}/file",
        "client_url": desk.url("invoices", client=str(seen.client_id)),
        "credit_url": f"{base}/credit" if can_credit else None,
        "again_url": desk.url("invoices/new", client=str(seen.client_id)),
        "form_id": kept_form_id(values.get("form_id", "")),
        "values": values,
        "errors": errors,
    }
    return await page(desk.request, "invoice.html", context, active="money", status=status)


def _line(desk: MoneyDesk, one: Any) -> Context:
    url = desk.url(f"invoices/{one.id}")
    return invoice_words.line_of(one, url, f"{url}/file")


def _kinds(desk: MoneyDesk, chosen: dict[str, str]) -> list[Context]:
    """All, and each kind, as addresses that keep the other filters."""
    every = [("", "All"), *((kind.value, f"{label}s") for kind, label in KIND_LABELS)]
    return [
        {
            "label": label,
            "url": desk.url("invoices", **chosen | {"kind": value}),
            "is_selected": chosen["kind"] == value,
        }
        for value, label in every
    ]


KIND_LABELS = tuple(invoice_words.KINDS.items())


def _pages(
    desk: MoneyDesk, chosen: dict[str, str], trail: Trail, next_cursor: str | None
) -> Context:
    def url(turned: str) -> str:
        return desk.url("invoices", **chosen | {"page": turned})

    return trail.pages(url, next_cursor)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> str:
    """A date of an address; "" for what is none that lists can be asked for."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    return day.isoformat() if 2000 <= day.year < 2200 else ""
