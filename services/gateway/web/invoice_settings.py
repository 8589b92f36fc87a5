"""How a practice writes its invoices: who it is, which tax it charges, its logo, a preview."""

import base64
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from services.common.clock import utc_now
from services.common.errors import InvalidInput
from services.contracts.billing.invoice_settings import (
    Country,
    GetInvoiceLogo,
    GetInvoiceSettings,
    InvoiceLogoView,
    InvoiceSettingsView,
    NoInvoiceSettings,
    OfferingKind,
    ServiceKind,
    SetInvoiceLogo,
    SetInvoiceSettings,
)
from services.contracts.billing.invoices import InvoiceFileView, PreviewInvoice
from services.contracts.booking.billed import (
    ListPracticeOfferings,
    PracticeOffering,
    PracticeOfferingsView,
)
from services.gateway.forms.invoices import OFFERING, SettingsForm, other_kinds
from services.gateway.forms.reading import Flawed, SentLong, parsed
from services.gateway.forms.uploads import SentFile
from services.gateway.web import roster
from services.gateway.web.invoice_files import download
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.page import page, redirect
from services.gateway.web.roster import Roster
from services.gateway.web.zones import choices, is_known

router = APIRouter(prefix="/practices/{practice_id}/money/invoice-settings")
Context = dict[str, Any]
SECTION = "invoice-settings"
SAVED = "Saved. Invoices from now on are written this way; those issued stay as they are."
LOGO_SAVED = "The logo stands at the head of invoices from now on."
LOGO_GONE = "Invoices from now on have no logo."
NO_FILE = "Choose a picture first."
MOST_LOGO_BYTES = 40_000
BAD_TAX_ID = (
    "This number cannot be right: please check each digit. A VAT id begins with its country, "
    "as in DE136695976."
)
UNPRINTABLE = "This holds signs that cannot be printed. Please write it in Latin letters."
COUNTRIES = ((Country.DE, "Germany"), (Country.GB, "United Kingdom"), (Country.AU, "Australia"))
LANGUAGES = (("en", "English"), ("de", "German"))
KINDS = (
    (ServiceKind.THERAPY, "Therapy, which is exempt from tax"),
    (ServiceKind.COACHING, "Coaching, which is taxed"),
)
PRICES = (("with", "With tax in them"), ("without", "Without tax, which comes on top"))


@router.get("")
async def settings_page(desk: AtMoney) -> Response:
    """The settings as they are kept; empty where nothing was said yet."""
    seen = await _kept(desk)
    return await _page(desk, seen, _values(seen) if seen else _first(desk), {})


@router.post("")
async def save(sent: SentLong, desk: AtMoney) -> Response:
    """Keep them; what is wrong is said at its field, and what was typed stays."""
    try:
        form = parsed(SettingsForm, sent)
        await desk.backend.ask(desk.actor, _command(form, sent), InvoiceSettingsView)
    except Flawed as flawed:
        return await _page(desk, await _kept(desk), sent, flawed.errors, 422)
    except InvalidInput as flaws:
        return await _page(desk, await _kept(desk), sent, _at_fields(flaws), 422)
    return redirect(desk.request, desk.url(SECTION), notice=SAVED)


@router.post("/logo")
async def save_logo(sent: SentFile, desk: AtMoney) -> Response:
    """Put a picture at the head of the invoices to come, or take it away."""
    is_removal = sent.fields.get("act") == "remove"
    flaw = "" if is_removal else _flaw(sent.content)
    if not flaw:
        png = None if is_removal else base64.b64encode(sent.content).decode()
        try:
            await desk.backend.ask(desk.actor, SetInvoiceLogo(png=png), InvoiceSettingsView)
        except InvalidInput as refused:
            flaw = f"This picture {refused.detail.get('png', 'cannot be taken')}."
    if flaw:
        seen = await _kept(desk)
        values = _values(seen) if seen else _first(desk)
        return await _page(desk, seen, values, {"png": flaw}, 422)
    notice = LOGO_GONE if is_removal else LOGO_SAVED
    return redirect(desk.request, desk.url(SECTION), notice=notice)


@router.get("/logo")
async def logo(desk: AtMoney) -> Response:
    """The picture, for the page of the settings."""
    found = await desk.backend.ask(desk.actor, GetInvoiceLogo(), InvoiceLogoView)
    return Response(base64.b64decode(found.png), media_type="image/png")


@router.get("/preview")
async def preview(desk: AtMoney) -> Response:
    """A PDF of a session made up, by the settings as they are kept."""
    return download(await desk.backend.ask(desk.actor, PreviewInvoice(), InvoiceFileView))


def _flaw(content: bytes) -> str:
    """What is wrong with a file before anybody is asked about it."""
    if not content:
        return NO_FILE
    return "This picture is larger than 40 kB." if len(content) > MOST_LOGO_BYTES else ""


def _command(form: SettingsForm, sent: Mapping[str, str]) -> SetInvoiceSettings:
    others = other_kinds(sent, form.usual_kind)
    return SetInvoiceSettings(
        country=form.country,
        language=form.language,
        time_zone=form.time_zone,
        legal_name=form.legal_name,
        address=form.address,
        tax_id=form.tax_id,
        legal_lines=form.legal_lines,
        payment_days=form.payment_days,
        usual_kind=form.usual_kind,
        other_kinds=[OfferingKind(offering_id=id_, kind=kind) for id_, kind in others.items()],
        prices_include_tax=form.prices == "with",
        is_small_business=form.is_small_business is not None,
    )


def _at_fields(flaws: InvalidInput) -> dict[str, str]:
    """A refusal of billing's, at its field."""
    return {name: BAD_TAX_ID if name == "tax_id" else UNPRINTABLE for name in flaws.detail}


async def _kept(desk: MoneyDesk) -> InvoiceSettingsView | None:
    try:
        return await desk.backend.ask(desk.actor, GetInvoiceSettings(), InvoiceSettingsView)
    except NoInvoiceSettings:
        return None


def _first(desk: MoneyDesk) -> dict[str, str]:
    """What a practice is likely to say first."""
    return {
        "legal_name": desk.here.practice_name,
        "country": Country.DE.value,
        "language": "en",
        "time_zone": desk.visitor.require_login().account.time_zone,
        "payment_days": "14",
        "usual_kind": ServiceKind.THERAPY.value,
        "prices": "with",
    }


def _values(seen: InvoiceSettingsView) -> dict[str, str]:
    """What the fields hold for settings that are kept."""
    texts = ("legal_name", "address", "tax_id", "language", "time_zone", "legal_lines")
    return {name: getattr(seen, name) for name in texts} | {
        "country": seen.country.value,
        "payment_days": str(seen.payment_days),
        "usual_kind": seen.usual_kind.value,
        "prices": "with" if seen.prices_include_tax else "without",
        "is_small_business": "yes" if seen.is_small_business else "",
        **{f"{OFFERING}{one.offering_id}": one.kind.value for one in seen.other_kinds},
    }


async def _page(
    desk: MoneyDesk,
    seen: InvoiceSettingsView | None,
    values: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    asked = ListPracticeOfferings()
    offered = await desk.backend.ask(desk.actor, asked, PracticeOfferingsView)
    cards = await roster.of_ids(desk.backend, (one.practitioner_id for one in offered.offerings))
    base, zone = desk.url(SECTION), values.get("time_zone", "")
    context = {
        "desk": desk.frame(SECTION),
        "action": base,
        "logo_action": f"{base}/logo",
        "logo_url": _logo_url(base, seen),
        "preview_url": f"{base}/preview" if seen else None,
        "is_kept": seen is not None,
        "countries": _options(COUNTRIES),
        "languages": _options(LANGUAGES),
        "zones": choices(utc_now(), *([zone] if is_known(zone) else [])),
        "kinds": _options(KINDS),
        "prices": _options(PRICES),
        "offerings": sorted(
            (_offering(one, cards, values) for one in offered.offerings),
            key=lambda one: str(one["label"]),
        ),
        "values": values,
        "errors": errors,
    }
    return await page(desk.request, "invoice_settings.html", context, active="money", status=status)


def _logo_url(base: str, seen: InvoiceSettingsView | None) -> str | None:
    """Its address carries its digest, so that a new picture is not taken for the old one."""
    digest = seen.logo_digest if seen else None
    return f"{base}/logo?v={digest[:10]}" if digest else None


def _offering(one: PracticeOffering, cards: Roster, values: Mapping[str, str]) -> Context:
    """An offering that may be another kind than most."""
    name, card = f"{OFFERING}{one.id}", cards.get(one.practitioner_id)
    whose = f"{card.name}: " if card else ""
    return {
        "name": name,
        "label": f"{whose}{one.name}, {one.minutes} minutes",
        "value": values.get(name, ""),
    }


def _options(pairs: Any) -> list[Context]:
    return [{"value": str(value), "label": label} for value, label in pairs]
