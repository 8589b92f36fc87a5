"""Calls of the practice's money desk about its ledger."""

from services.billing.operations import exporting, ledger_reading
from services.billing.service.desk import BY_GATEWAY, Desk
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.billing.exports import ExportJournal, JournalPart
from services.contracts.billing.ledger import (
    AccountEntriesPage,
    GetLedgerTransaction,
    GetTrialBalance,
    ListAccountEntries,
    TransactionView,
    TrialBalanceView,
)


class LedgerCalls(Desk):
    """Balances, entries, and the journal as a file."""

    @rpc(by=BY_GATEWAY)
    def get_trial_balance(self, call: Call, command: GetTrialBalance) -> TrialBalanceView:
        """The chart of accounts with its balances."""
        with self.db.reading(call.actor) as tx:
            return ledger_reading.get_trial_balance(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def list_account_entries(self, call: Call, command: ListAccountEntries) -> AccountEntriesPage:
        """A part of an account's entries."""
        with self.db.reading(call.actor) as tx:
            return ledger_reading.list_account_entries(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def get_ledger_transaction(self, call: Call, command: GetLedgerTransaction) -> TransactionView:
        """One transaction."""
        with self.db.reading(call.actor) as tx:
            return ledger_reading.get_ledger_transaction(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def export_journal(self, call: Call, command: ExportJournal) -> JournalPart:
        """A part of the journal as a file."""
        with self.db.reading(call.actor) as tx:
            return exporting.export_journal(tx, command, actor=call.actor)
