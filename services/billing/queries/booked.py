"""The ledger's transactions of many causes at once: counted, and summed by account."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.billing.domain.accounts import Account, Kind
from services.billing.models import LedgerPosting, LedgerTransaction

Sums = dict[tuple[Account, str], int]
Cause = tuple[UUID, Kind]


class Entries:
    """Of each cause and kind: how many transactions there are, and what they posted in sum."""

    def __init__(self, counts: dict[Cause, int], sums: dict[Cause, Sums]) -> None:
        self._counts = counts
        self._sums = sums

    def has(self, cause: UUID, kind: Kind) -> bool:
        """Whether there is one."""
        return (cause, kind) in self._counts

    def counts(self, cause: UUID, kinds: Iterable[Kind]) -> dict[Kind, int]:
        """How many of each kind."""
        return {kind: self._counts[cause, kind] for kind in kinds if self.has(cause, kind)}

    def sums(self, cause: UUID, kinds: Iterable[Kind]) -> Sums:
        """What they posted, by account and currency."""
        total: Sums = defaultdict(int)
        for kind in kinds:
            for place, amount in self._sums.get((cause, kind), {}).items():
                total[place] += amount
        return total


def entries(
    tx: Session, practice_id: UUID, cause: Any, ids: Sequence[UUID], kinds: Sequence[Kind]
) -> Entries:
    """What the ledger has of these; `cause` is the column of its transactions that names them."""
    if not ids:
        return Entries({}, {})
    which = (
        LedgerTransaction.practice_id == practice_id,
        cause.in_(ids),
        LedgerTransaction.kind.in_(kinds),
    )
    of_cause = (cause, LedgerTransaction.kind)
    counted = select(*of_cause, func.count()).where(*which).group_by(*of_cause)
    counts = {(id_, Kind(kind)): count for id_, kind, count in tx.execute(counted)}
    places = (*of_cause, LedgerPosting.account, LedgerPosting.currency)
    its_own = (LedgerPosting.transaction_id == LedgerTransaction.id) & (
        LedgerPosting.practice_id == LedgerTransaction.practice_id
    )
    summed = select(*places, func.sum(LedgerPosting.amount)).join(LedgerPosting, its_own)
    sums: dict[Cause, Sums] = defaultdict(dict)
    for id_, kind, account, currency, amount in tx.execute(summed.where(*which).group_by(*places)):
        sums[id_, Kind(kind)][Account(account), currency] = int(amount)
    return Entries(counts, sums)
