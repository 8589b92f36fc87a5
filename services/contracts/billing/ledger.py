"""The ledger as the practice's money desk reads it."""

from uuid import UUID

from services.common.messages import Instant, View
from services.common.money import Money


class EntryView(View):
    """An entry of a transaction on one account; debits positive, credits negative."""

    account: str
    money: Money


class TransactionView(View):
    """One movement of money with its entries, which sum to zero per currency.

    It is about a payment or a receivable, where it is about one.
    """

    id: UUID
    kind: str
    occurred_at: Instant
    payment_id: UUID | None
    receivable_id: UUID | None
    entries: list[EntryView]
