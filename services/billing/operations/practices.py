"""Connecting a practice with its own Stripe account."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.billing.models import StripeAccount


def connect_practice(
    tx: Session, practice_id: UUID, stripe_account_id: str, commission_basis_points: int
) -> None:
    """Let the practice take payments on its account; the commission holds for pages to come.

    `commission_basis_points`: hundredths of a percent, 0 to 5000. Repeatable. An account that
    is another practice's breaks `stripe_accounts_one_practice`.
    """
    terms = {
        "stripe_account_id": stripe_account_id,
        "commission_basis_points": commission_basis_points,
    }
    connected = insert(StripeAccount).values(practice_id=practice_id, **terms)
    tx.execute(connected.on_conflict_do_update(index_elements=["practice_id"], set_=terms))
