"""A practice's settings for its invoices, and its logos."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.billing.models import InvoiceLogo, InvoiceSettings


def settings(tx: Session, practice_id: UUID) -> InvoiceSettings | None:
    """Those of the practice, once it has said them."""
    return tx.get(InvoiceSettings, practice_id)


def logo(tx: Session, practice_id: UUID, digest: str) -> bytes | None:
    """A logo that the practice uses or used."""
    query = select(InvoiceLogo.png).where(
        InvoiceLogo.practice_id == practice_id, InvoiceLogo.digest == digest
    )
    return tx.scalar(query)
