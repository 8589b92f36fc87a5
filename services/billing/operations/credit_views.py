"""What payments are told with where sessions of packages were used instead of money."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from services.billing.queries import credits
from services.contracts.billing import CreditState, PaidByCredit, PaymentView


def credits_of(tx: Session, booking_ids: Sequence[UUID]) -> dict[UUID, PaidByCredit]:
    """By booking the package that it used, as far as the actor may see it."""
    return {
        use.booking_id: PaidByCredit(sale_id=use.sale_id, name=name, state=CreditState(use.state))
        for use, name in credits.names_by_booking(tx, booking_ids)
    }


def with_credits(tx: Session, views: Sequence[PaymentView]) -> list[PaymentView]:
    """The payments, those whose booking used a session of a package with it."""
    known = credits_of(tx, [one.booking_id for one in views]) if views else {}
    return [
        one.model_copy(update={"credit": known[one.booking_id]}) if one.booking_id in known else one
        for one in views
    ]
