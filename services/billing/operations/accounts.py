"""A client's money, as their practice's staff read it."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.billing.operations.preparing import view
from services.billing.queries import accounts
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
    return ClientAccountView(
        sums=[
            ClientSum(paid=Money(int(paid), currency), refunded=Money(int(refunded), currency))
            for currency, paid, refunded in accounts.sums_of_client(tx, *of_whom, only)
        ],
        payments=[view(payment, now) for payment in found],
    )
