"""A client's money, as their practice's staff read it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.billing.operations.credit_views import with_credits
from services.billing.operations.preparing import view
from services.billing.operations.receivables import view as view_receivable
from services.billing.queries import accounts, receivables
from services.common.auth import Actor
from services.common.errors import Forbidden
from services.common.money import Money
from services.contracts.billing import ClientAccountView, ClientSum, GetClientAccount

SEES_ALL = frozenset({"owner", "admin", "billing", "front_desk"})


def get_client_account(
    tx: Session, command: GetClientAccount, *, actor: Actor, now: datetime
) -> ClientAccountView:
    """Sums and payments of one client; raises Forbidden for who has no reason to know them."""
    is_treating = "practitioner" in actor.roles and command.practitioner_id is not None
    if actor.practice_id is None or not (actor.roles & SEES_ALL or is_treating):
        raise Forbidden("Only those who receive the client see what they paid.")
    of_whom = actor.practice_id, command.client_id
    only = command.practitioner_id
    found = accounts.payments_of_client(tx, *of_whom, command.booking_ids, only)
    owing = receivables.of_client(tx, *of_whom, command.booking_ids, only)
    return ClientAccountView(
        sums=_sums(tx, *of_whom, only),
        payments=with_credits(tx, [view(payment, now) for payment in found]),
        receivables=[view_receivable(one) for one in owing],
    )


def _sums(tx: Session, practice_id: UUID, client_id: UUID, only: UUID | None) -> list[ClientSum]:
    paid = {
        currency: (int(paid), int(back))
        for currency, paid, back in accounts.sums_of_client(tx, practice_id, client_id, only)
    }
    owed = {
        currency: int(amount)
        for currency, amount in receivables.sums_of_client(tx, practice_id, client_id, only)
    }
    return [
        ClientSum(
            paid=Money(paid.get(currency, (0, 0))[0], currency),
            refunded=Money(paid.get(currency, (0, 0))[1], currency),
            owed=Money(owed.get(currency, 0), currency),
        )
        for currency in sorted(paid.keys() | owed.keys())
    ]
