"""How a practice writes its invoices: its settings and its logo."""

import base64
import binascii
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.billing.adapters import typesetting
from services.billing.domain.logos import flaw_of
from services.billing.domain.printable import unprintable
from services.billing.domain.tax_ids import tax_id_of
from services.billing.models import InvoiceLogo, InvoiceSettings
from services.billing.operations.keepers import practice_of_keeper
from services.billing.queries import invoice_settings
from services.common.auth import Actor
from services.common.errors import InvalidInput, NotFound
from services.contracts.billing.invoice_settings import (
    InvoiceLogoView,
    InvoiceSettingsView,
    NoInvoiceSettings,
    SetInvoiceLogo,
    SetInvoiceSettings,
)

PRINTED = ("legal_name", "address", "legal_lines")


def get_invoice_settings(tx: Session, *, actor: Actor) -> InvoiceSettingsView:
    """The practice's settings; raises Forbidden, NoInvoiceSettings."""
    return view(kept_settings(tx, practice_of_keeper(actor)))


def set_invoice_settings(
    tx: Session, command: SetInvoiceSettings, *, actor: Actor, now: datetime
) -> InvoiceSettingsView:
    """Keep them; repeating it changes nothing. Raises Forbidden, InvalidInput by field."""
    practice_id = practice_of_keeper(actor)
    content = _checked(command).model_dump(mode="json")
    values = {"content": content, "changed_at": now}
    kept = insert(InvoiceSettings).values(practice_id=practice_id, **values)
    tx.execute(kept.on_conflict_do_update(index_elements=["practice_id"], set_=values))
    return view(kept_settings(tx, practice_id))


def set_invoice_logo(
    tx: Session, command: SetInvoiceLogo, *, actor: Actor, now: datetime
) -> InvoiceSettingsView:
    """Keep a logo for the invoices to come, or none; raises NoInvoiceSettings, InvalidInput."""
    practice_id = practice_of_keeper(actor)
    settings = kept_settings(tx, practice_id)
    settings.logo_digest = _kept_logo(tx, practice_id, command.png, now) if command.png else None
    settings.changed_at = now
    tx.flush()
    return view(settings)


def get_invoice_logo(tx: Session, *, actor: Actor) -> InvoiceLogoView:
    """The practice's logo; raises Forbidden, NotFound."""
    practice_id = practice_of_keeper(actor)
    settings = invoice_settings.settings(tx, practice_id)
    digest = settings.logo_digest if settings else None
    png = invoice_settings.logo(tx, practice_id, digest) if digest else None
    if png is None:
        raise NotFound("There is no logo.")
    return InvoiceLogoView(png=base64.b64encode(png).decode())


def kept_settings(tx: Session, practice_id: UUID) -> InvoiceSettings:
    """The practice's settings; raises NoInvoiceSettings."""
    settings = invoice_settings.settings(tx, practice_id)
    if settings is None:
        raise NoInvoiceSettings("The practice has not said yet who it is on an invoice.")
    return settings


def view(settings: InvoiceSettings) -> InvoiceSettingsView:
    """The settings, for the wire."""
    told = settings.content | {"logo_digest": settings.logo_digest}
    return InvoiceSettingsView.model_validate(told)


def check_printable(**texts: str) -> None:
    """Raises InvalidInput, by field, for characters that no invoice can be printed with.

    It does not say which: they are part of a name, and refusals travel.
    """
    flaws = {name: "cannot be printed" for name, text in texts.items() if unprintable(text)}
    if flaws:
        raise InvalidInput("Some characters cannot be printed.", flaws)


def _checked(command: SetInvoiceSettings) -> SetInvoiceSettings:
    """The settings as they are kept, with the tax id in its one form."""
    check_printable(**{name: getattr(command, name) for name in PRINTED})
    if not command.tax_id:
        return command
    tax_id = tax_id_of(command.tax_id, command.country)
    if tax_id is None:
        raise InvalidInput("This tax id cannot be right.", {"tax_id": "fails its check"})
    return command.model_copy(update={"tax_id": tax_id})


def _kept_logo(tx: Session, practice_id: UUID, png: str, now: datetime) -> str:
    try:
        image = base64.b64decode(png, validate=True)
    except binascii.Error:
        raise InvalidInput("This is no picture.", {"png": "is not base64"}) from None
    if flaw := flaw_of(image):
        raise InvalidInput("This picture cannot be taken.", {"png": flaw})
    try:
        typesetting.check_picture(image, now)
    except typesetting.Unprintable:
        raise InvalidInput("This picture cannot be taken.", {"png": "cannot be read"}) from None
    digest = sha256(image).hexdigest()
    row = {"practice_id": practice_id, "digest": digest, "png": image}
    tx.execute(insert(InvoiceLogo).values(row).on_conflict_do_nothing())
    return digest
