"""Payments and the ledger as the money desk reads them: by time, in parts."""

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
    ON billing.ledger_transactions (practice_id, occurred_at, id)
"""


def upgrade() -> None:
    op.execute(PAYMENTS)
