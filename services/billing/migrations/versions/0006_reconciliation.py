"""Payouts, what Stripe moved, and where the ledger differs from it."""

from alembic import op

from services.common.tenancy import protect

revision = "0006"
down_revision = "0005"

PAYOUTS = """
CREATE TABLE billing.payouts (
    id uuid NOT NULL CONSTRAINT payouts_pkey PRIMARY KEY,
    practice_id uuid NOT NULL,
    stripe_payout_id varchar(255) NOT NULL,
    amount bigint,
    currency char(3) CONSTRAINT payouts_currency_known CHECK (currency ~ '^[A-Z]{3}$'),
    status varchar(20) NOT NULL CONSTRAINT payouts_status_known CHECK (
        status IN ('announced','pending','in_transit','paid','failed','canceled')),
    is_automatic boolean NOT NULL,
    created_at timestamptz NOT NULL,
    arrives_at timestamptz,
    failure varchar(80),
    listed_after varchar(255),
    is_listed boolean NOT NULL,
    seen_at timestamptz NOT NULL,
    CONSTRAINT payouts_one_per_stripe_id UNIQUE (practice_id, stripe_payout_id),
    CONSTRAINT payouts_amount_when_seen CHECK (
        (status = 'announced') = (amount IS NULL) AND num_nulls(amount, currency) <> 1)
);
CREATE INDEX payouts_listed_idx ON billing.payouts (practice_id, created_at, id);
CREATE TABLE billing.balance_transactions (
    id uuid NOT NULL CONSTRAINT balance_transactions_pkey PRIMARY KEY,
    practice_id uuid NOT NULL,
    stripe_id varchar(255) NOT NULL,
    type varchar(60) NOT NULL,
    category varchar(60) NOT NULL,
    source_id varchar(255),
    amount bigint NOT NULL,
    stripe_fee bigint NOT NULL,
    commission bigint NOT NULL,
    currency char(3) NOT NULL
        CONSTRAINT balance_transactions_currency_known CHECK (currency ~ '^[A-Z]{3}$'),
    source_amount bigint,
    source_currency char(3),
    payment_intent_id varchar(255),
    payment_id uuid,
    refund_id uuid,
    payout_id uuid CONSTRAINT balance_transactions_payout_id_fkey REFERENCES billing.payouts,
    created_at timestamptz NOT NULL,
    available_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    is_gone boolean NOT NULL,
    CONSTRAINT balance_transactions_one_per_stripe_id UNIQUE (practice_id, stripe_id),
    CONSTRAINT balance_transactions_source_whole
        CHECK (num_nulls(source_amount, source_currency) <> 1)
);
CREATE INDEX balance_transactions_time_idx
    ON billing.balance_transactions (practice_id, created_at, id);
CREATE INDEX balance_transactions_source_idx
    ON billing.balance_transactions (practice_id, source_id);
CREATE INDEX balance_transactions_intent_idx
    ON billing.balance_transactions (practice_id, payment_intent_id);
CREATE INDEX balance_transactions_payout_idx
    ON billing.balance_transactions (practice_id, payout_id, created_at, id)
"""
RUNS = """
CREATE TABLE billing.reconciliation_runs (
    id uuid NOT NULL CONSTRAINT reconciliation_runs_pkey PRIMARY KEY,
    practice_id uuid NOT NULL,
    since timestamptz,
    is_thorough boolean NOT NULL,
    after varchar(255),
    seen bigint NOT NULL DEFAULT 0,
    found bigint NOT NULL DEFAULT 0,
    settled bigint NOT NULL DEFAULT 0,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    CONSTRAINT reconciliation_runs_counts_positive
        CHECK (seen >= 0 AND found >= 0 AND settled >= 0)
);
CREATE UNIQUE INDEX reconciliation_runs_one_at_a_time
    ON billing.reconciliation_runs (practice_id) WHERE finished_at IS NULL;
CREATE INDEX reconciliation_runs_started_idx
    ON billing.reconciliation_runs (practice_id, started_at);
CREATE TABLE billing.reconciliation_balances (
    practice_id uuid NOT NULL,
    run_id uuid NOT NULL
        CONSTRAINT reconciliation_balances_run_id_fkey REFERENCES billing.reconciliation_runs,
    currency char(3) NOT NULL
        CONSTRAINT reconciliation_balances_currency_known CHECK (currency ~ '^[A-Z]{3}$'),
    at_stripe bigint NOT NULL,
    in_ledger bigint NOT NULL,
    brought_in bigint NOT NULL,
    CONSTRAINT reconciliation_balances_pkey PRIMARY KEY (practice_id, run_id, currency)
)
"""
DIFFERENCES = """
CREATE TABLE billing.reconciliation_differences (
    id uuid NOT NULL CONSTRAINT reconciliation_differences_pkey PRIMARY KEY,
    practice_id uuid NOT NULL,
    kind varchar(30) NOT NULL CONSTRAINT reconciliation_differences_kind_known CHECK (kind IN (
        'charge_unknown_here','charge_unknown_at_stripe','refund_unknown_here',
        'refund_unknown_at_stripe','payout_unknown_here','payout_unknown_at_stripe',
        'payout_differs','amount_differs','fee_differs','commission_differs','currency_differs',
        'entry_missing','posted_twice','movement_unknown')),
    subject varchar(255) NOT NULL,
    stripe_amount bigint,
    stripe_currency char(3),
    ledger_amount bigint,
    ledger_currency char(3),
    balance_transaction_id uuid
        CONSTRAINT reconciliation_differences_balance_transaction_id_fkey
        REFERENCES billing.balance_transactions,
    payment_id uuid
        CONSTRAINT reconciliation_differences_payment_id_fkey REFERENCES billing.payments,
    refund_id uuid
        CONSTRAINT reconciliation_differences_refund_id_fkey REFERENCES billing.refunds,
    payout_id uuid
        CONSTRAINT reconciliation_differences_payout_id_fkey REFERENCES billing.payouts,
    happened_at timestamptz NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    state varchar(10) NOT NULL,
    outcome varchar(10) CONSTRAINT reconciliation_differences_outcome_known
        CHECK (outcome IN ('vanished','imported','adjusted','explained')),
    settled_at timestamptz,
    revision bigint NOT NULL DEFAULT 0,
    CONSTRAINT reconciliation_differences_one_per_subject UNIQUE (practice_id, kind, subject),
    CONSTRAINT reconciliation_differences_settled_whole CHECK (
        (state = 'settled') = (outcome IS NOT NULL)
        AND (state = 'settled') = (settled_at IS NOT NULL)
        AND state IN ('open','settled')),
    CONSTRAINT reconciliation_differences_amounts_whole CHECK (
        num_nulls(stripe_amount, stripe_currency) <> 1
        AND num_nulls(ledger_amount, ledger_currency) <> 1
        AND num_nonnulls(stripe_amount, ledger_amount) > 0)
);
CREATE INDEX reconciliation_differences_state_idx
    ON billing.reconciliation_differences (practice_id, state, first_seen_at, id);
CREATE TABLE billing.reconciliation_decisions (
    id uuid NOT NULL CONSTRAINT reconciliation_decisions_pkey PRIMARY KEY,
    practice_id uuid NOT NULL,
    difference_id uuid NOT NULL
        CONSTRAINT reconciliation_decisions_difference_id_fkey
        REFERENCES billing.reconciliation_differences,
    revision bigint NOT NULL,
    way varchar(10) NOT NULL CONSTRAINT reconciliation_decisions_way_known
        CHECK (way IN ('import','adjust','explain')),
    words varchar(500) NOT NULL
        CONSTRAINT reconciliation_decisions_says_why CHECK (words <> ''),
    decided_by uuid NOT NULL,
    decided_at timestamptz NOT NULL
);
CREATE INDEX reconciliation_decisions_difference_idx
    ON billing.reconciliation_decisions (practice_id, difference_id);
CREATE TRIGGER reconciliation_decisions_append_only
    BEFORE UPDATE OR DELETE ON billing.reconciliation_decisions
    FOR EACH ROW EXECUTE FUNCTION billing.refuse_change()
"""
LEDGER = """
ALTER TABLE billing.ledger_transactions
    ADD COLUMN payout_id uuid CONSTRAINT ledger_transactions_payout_id_fkey
        REFERENCES billing.payouts,
    ADD COLUMN difference_id uuid CONSTRAINT ledger_transactions_difference_id_fkey
        REFERENCES billing.reconciliation_differences,
    DROP CONSTRAINT ledger_transactions_one_cause,
    ADD CONSTRAINT ledger_transactions_one_cause
        CHECK (num_nonnulls(payment_id, receivable_id, payout_id, difference_id) = 1),
    DROP CONSTRAINT ledger_transactions_kind_known,
    ADD CONSTRAINT ledger_transactions_kind_known CHECK (
        kind IN ('charged','processed','ended','refunded','owed','reversed','granted',
            'refund_failed','paid_elsewhere','disputed','reinstated','dispute_lost','paid_out',
            'arrived','returned','imported','adjusted'));
CREATE INDEX ledger_transactions_payout_idx
    ON billing.ledger_transactions (practice_id, payout_id);
CREATE INDEX ledger_transactions_difference_idx
    ON billing.ledger_transactions (practice_id, difference_id);
CREATE INDEX IF NOT EXISTS payments_intent_idx
    ON billing.payments (practice_id, payment_intent_id);
CREATE INDEX payments_charge_idx ON billing.payments (practice_id, charge_id);
CREATE INDEX payments_captured_at_idx ON billing.payments (practice_id, captured_at);
CREATE INDEX refunds_made_idx ON billing.refunds (practice_id, made_at);
CREATE INDEX refunds_stripe_refund_idx ON billing.refunds (practice_id, stripe_refund_id);
ALTER TABLE billing.due_work
    DROP CONSTRAINT due_work_kind_known,
    ADD CONSTRAINT due_work_kind_known CHECK (
        kind IN ('settle_payment','make_refund','check_refund','settle_disputes','settle_payout',
            'reconcile'));
ALTER TABLE billing.refunds
    DROP CONSTRAINT refunds_reason_known,
    ADD CONSTRAINT refunds_reason_known
        CHECK (reason IN ('cancelled','refused','no_show','goodwill','not_held','wrong_amount',
            'paid_twice','other','at_stripe'))
"""
# What happened is never taken away; what a decision was, never changed.
KEPT = {
    "payouts": "amount, currency, status, is_automatic, created_at, arrives_at, failure,"
    " listed_after, is_listed, seen_at",
    "balance_transactions": "type, category, source_id, amount, stripe_fee, commission, currency,"
    " source_amount, source_currency, payment_intent_id, payment_id, refund_id, payout_id,"
    " created_at, available_at, seen_at, is_gone",
    "reconciliation_runs": "after, seen, found, settled, finished_at",
    "reconciliation_balances": "",
    "reconciliation_differences": "stripe_amount, stripe_currency, ledger_amount,"
    " ledger_currency, balance_transaction_id, payment_id, refund_id, payout_id, last_seen_at,"
    " state, outcome, settled_at, revision",
    "reconciliation_decisions": "",
}


def upgrade() -> None:
    for statement in (PAYOUTS, RUNS, DIFFERENCES, LEDGER):
        op.execute(statement)
    for table, columns in KEPT.items():
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON billing.{table} FROM attune_billing")
        if columns:
            op.execute(f"GRANT UPDATE ({columns}) ON billing.{table} TO attune_billing")
        for statement in protect(f"billing.{table}"):
            op.execute(statement)
