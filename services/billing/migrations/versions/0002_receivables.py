"""What clients owe for sessions that are not paid here, and what goes back of a missed one."""

from alembic import op

from services.common.tenancy import protect

revision = "0002"
down_revision = "0001"

RECEIVABLES = """
CREATE TABLE billing.receivables (
    id uuid NOT NULL CONSTRAINT receivables_pkey PRIMARY KEY,
    practice_id uuid NOT NULL,
    booking_id uuid NOT NULL,
    client_id uuid NOT NULL,
    price_id uuid NOT NULL CONSTRAINT receivables_price_id_fkey REFERENCES billing.prices,
    amount bigint NOT NULL CONSTRAINT receivables_amount_positive CHECK (amount > 0),
    currency char(3) NOT NULL
        CONSTRAINT receivables_currency_known CHECK (currency ~ '^[A-Z]{3}$'),
    owed bigint NOT NULL DEFAULT 0,
    number bigint NOT NULL DEFAULT 0
        CONSTRAINT receivables_number_positive CHECK (number >= 0),
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT receivables_one_per_booking UNIQUE (practice_id, booking_id),
    CONSTRAINT receivables_owed_within_amount CHECK (owed BETWEEN 0 AND amount)
);
CREATE INDEX receivables_client_idx ON billing.receivables (practice_id, client_id);
CREATE INDEX payments_client_idx ON billing.payments (practice_id, client_id);
REVOKE UPDATE, DELETE, TRUNCATE ON billing.receivables FROM attune_billing;
GRANT UPDATE (owed, number, changed_at) ON billing.receivables TO attune_billing
"""
LEDGER = """
ALTER TABLE billing.ledger_transactions
    ALTER COLUMN payment_id DROP NOT NULL,
    ADD COLUMN receivable_id uuid CONSTRAINT ledger_transactions_receivable_id_fkey
        REFERENCES billing.receivables,
    ADD CONSTRAINT ledger_transactions_one_cause
        CHECK (num_nonnulls(payment_id, receivable_id) = 1),
    DROP CONSTRAINT ledger_transactions_kind_known,
    ADD CONSTRAINT ledger_transactions_kind_known CHECK (
        kind IN ('charged','processed','ended','refunded','owed','reversed'));
CREATE INDEX ledger_transactions_receivable_idx
    ON billing.ledger_transactions (practice_id, receivable_id)
"""
REFUNDS = """
ALTER TABLE billing.refunds
    DROP CONSTRAINT refunds_reason_known,
    ADD CONSTRAINT refunds_reason_known CHECK (reason IN ('cancelled','refused','no_show'))
"""


def upgrade() -> None:
    for statement in (RECEIVABLES, LEDGER, REFUNDS, *protect("billing.receivables")):
        op.execute(statement)
