"""Payments and the ledger as the money desk reads them: by time, in parts; and books that hold."""

from alembic import op

revision = "0003"
down_revision = "0002"

# The row-level policies let no expression be an index condition, so the moment is a column.
PAYMENTS = """
ALTER TABLE billing.payments ADD COLUMN dated_at timestamptz NOT NULL
    GENERATED ALWAYS AS (coalesce(captured_at, created_at)) STORED;
CREATE INDEX payments_dated_idx ON billing.payments (practice_id, dated_at, id);
CREATE INDEX payments_state_idx ON billing.payments (practice_id, state, dated_at, id);
CREATE INDEX ledger_transactions_occurred_idx
    ON billing.ledger_transactions (practice_id, occurred_at, id);
CREATE INDEX receivables_owed_idx ON billing.receivables (practice_id, changed_at, id)
    WHERE owed > 0;
CREATE INDEX refunds_refused_idx ON billing.refunds (practice_id, created_at)
    WHERE reason = 'refused'
"""

# The rows of a transaction are checked where they are; one without any row had none to check.
# Nothing but a trigger refuses an emptying to the owner, which no other one sees.
BOOKS = """
CREATE FUNCTION billing.check_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM billing.postings
            WHERE practice_id = NEW.practice_id AND transaction_id = NEW.id) THEN
        RAISE EXCEPTION 'ledger transaction % has no entries', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_transactions_have_entries';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_transactions_have_entries AFTER INSERT
    ON billing.ledger_transactions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing.check_entries();
CREATE TRIGGER ledger_transactions_never_emptied BEFORE TRUNCATE ON billing.ledger_transactions
    EXECUTE FUNCTION billing.refuse_change();
CREATE TRIGGER postings_never_emptied BEFORE TRUNCATE ON billing.postings
    EXECUTE FUNCTION billing.refuse_change()
"""


def upgrade() -> None:
    for statement in (PAYMENTS, BOOKS):
        op.execute(statement)
