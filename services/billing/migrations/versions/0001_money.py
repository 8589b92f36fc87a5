"""Prices, payments, refunds, the ledger, Stripe's events and the work that is due."""

from alembic import op

from services.common.plumbing import create_plumbing
from services.common.tenancy import protect

revision = "0001"
down_revision = None

TABLES = """
CREATE TABLE billing.prices (
    id uuid NOT NULL CONSTRAINT prices_pkey PRIMARY KEY,
    practice_id uuid NOT NULL,
    offering_id uuid NOT NULL,
    practitioner_id uuid NOT NULL,
    version bigint NOT NULL CONSTRAINT prices_version_positive CHECK (version > 0),
    amount bigint NOT NULL CONSTRAINT prices_amount_positive CHECK (amount > 0),
    currency char(3) NOT NULL CONSTRAINT prices_currency_known CHECK (currency ~ '^[A-Z]{3}$'),
    published_at timestamptz NOT NULL,
    CONSTRAINT prices_one_per_version UNIQUE (offering_id, version)
);
CREATE TABLE billing.stripe_accounts (
    practice_id uuid NOT NULL CONSTRAINT stripe_accounts_pkey PRIMARY KEY,
    stripe_account_id varchar(255) NOT NULL
        CONSTRAINT stripe_accounts_one_practice UNIQUE,
    commission_basis_points bigint NOT NULL CONSTRAINT stripe_accounts_commission_range
        CHECK (commission_basis_points BETWEEN 0 AND 5000)
);
CREATE TABLE billing.payments (
    id uuid NOT NULL CONSTRAINT payments_pkey PRIMARY KEY,
    practice_id uuid NOT NULL,
    booking_id uuid NOT NULL,
    client_id uuid NOT NULL,
    account_id uuid,
    price_id uuid NOT NULL CONSTRAINT payments_price_id_fkey REFERENCES billing.prices,
    amount bigint NOT NULL CONSTRAINT payments_amount_positive CHECK (amount > 0),
    currency char(3) NOT NULL CONSTRAINT payments_currency_known CHECK (currency ~ '^[A-Z]{3}$'),
    state varchar(20) NOT NULL CONSTRAINT payments_state_known CHECK (
        state IN ('prepared','open','succeeded','expired','refunded','partly_refunded')),
    is_history boolean NOT NULL DEFAULT false,
    stripe_account_id varchar(255),
    application_fee bigint NOT NULL DEFAULT 0,
    attempt bigint NOT NULL DEFAULT 0,
    attempted_at timestamptz,
    checkout_session_id varchar(255),
    checkout_url text,
    success_url text,
    cancel_url text,
    expires_at timestamptz,
    payment_intent_id varchar(255),
    charge_id varchar(255),
    captured bigint NOT NULL DEFAULT 0,
    refunded bigint NOT NULL DEFAULT 0,
    captured_at timestamptz,
    processed_at timestamptz,
    close_asked_at timestamptz,
    refund_percent smallint CONSTRAINT payments_refund_percent_range
        CHECK (refund_percent BETWEEN 0 AND 100),
    ended_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT payments_one_per_booking UNIQUE (practice_id, booking_id),
    CONSTRAINT payments_refunded_within_captured CHECK (refunded >= 0 AND refunded <= captured),
    CONSTRAINT payments_captured_when_succeeded CHECK (
        (captured > 0) = (state IN ('succeeded','refunded','partly_refunded'))),
    CONSTRAINT payments_open_has_page CHECK (
        state <> 'open' OR (checkout_session_id IS NOT NULL AND expires_at IS NOT NULL))
);
CREATE UNIQUE INDEX payments_checkout_session_idx
    ON billing.payments (practice_id, checkout_session_id);
CREATE INDEX payments_account_idx ON billing.payments (practice_id, account_id);
CREATE TABLE billing.refunds (
    id uuid NOT NULL CONSTRAINT refunds_pkey PRIMARY KEY,
    practice_id uuid NOT NULL,
    payment_id uuid NOT NULL CONSTRAINT refunds_payment_id_fkey REFERENCES billing.payments,
    percent smallint NOT NULL CONSTRAINT refunds_percent_range
        CHECK (percent BETWEEN 0 AND 100),
    amount bigint NOT NULL CONSTRAINT refunds_amount_positive CHECK (amount > 0),
    currency char(3) NOT NULL,
    reason varchar(20) NOT NULL CONSTRAINT refunds_reason_known
        CHECK (reason IN ('cancelled','refused')),
    state varchar(20) NOT NULL CONSTRAINT refunds_state_known CHECK (state IN ('promised','made')),
    attempt bigint NOT NULL DEFAULT 1,
    idempotency_key varchar(255) NOT NULL CONSTRAINT refunds_one_per_key UNIQUE,
    sent_at timestamptz,
    stripe_refund_id varchar(255),
    made_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT refunds_made_when CHECK ((state = 'made') = (made_at IS NOT NULL))
);
CREATE INDEX refunds_payment_idx ON billing.refunds (practice_id, payment_id);
CREATE TABLE billing.ledger_transactions (
    id uuid NOT NULL CONSTRAINT ledger_transactions_pkey PRIMARY KEY,
    practice_id uuid NOT NULL,
    kind varchar(20) NOT NULL CONSTRAINT ledger_transactions_kind_known
        CHECK (kind IN ('charged','processed','ended','refunded')),
    payment_id uuid NOT NULL
        CONSTRAINT ledger_transactions_payment_id_fkey REFERENCES billing.payments,
    source_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    CONSTRAINT ledger_transactions_once UNIQUE (practice_id, kind, source_id)
);
CREATE INDEX ledger_transactions_payment_idx
    ON billing.ledger_transactions (practice_id, payment_id);
CREATE TABLE billing.postings (
    practice_id uuid NOT NULL,
    transaction_id uuid NOT NULL
        CONSTRAINT postings_transaction_id_fkey REFERENCES billing.ledger_transactions,
    account varchar(40) NOT NULL,
    currency char(3) NOT NULL CONSTRAINT postings_currency_known CHECK (currency ~ '^[A-Z]{3}$'),
    amount bigint NOT NULL CONSTRAINT postings_amount_not_zero CHECK (amount <> 0),
    CONSTRAINT postings_pkey PRIMARY KEY (practice_id, transaction_id, account, currency)
);
CREATE INDEX postings_account_idx ON billing.postings (practice_id, account, currency);
CREATE TABLE billing.stripe_events (
    id varchar(255) NOT NULL CONSTRAINT stripe_events_pkey PRIMARY KEY,
    type varchar(255) NOT NULL,
    account varchar(255),
    object_id varchar(255),
    payment_id uuid,
    request_id varchar(64) NOT NULL,
    received_at timestamptz NOT NULL,
    handled_at timestamptz,
    outcome varchar(20) CONSTRAINT stripe_events_outcome_known
        CHECK (outcome IN ('asked','ignored','unmatched')),
    tries bigint NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    parked_at timestamptz
);
CREATE INDEX stripe_events_due_idx ON billing.stripe_events (due_at)
    WHERE handled_at IS NULL AND parked_at IS NULL;
CREATE TABLE billing.due_work (
    id uuid NOT NULL CONSTRAINT due_work_pkey PRIMARY KEY,
    kind varchar(20) NOT NULL CONSTRAINT due_work_kind_known
        CHECK (kind IN ('settle_payment','make_refund')),
    practice_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    request_id varchar(64) NOT NULL,
    asked bigint NOT NULL DEFAULT 1,
    tries bigint NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    error varchar(300),
    parked_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT due_work_once UNIQUE (kind, subject_id)
);
CREATE INDEX due_work_due_idx ON billing.due_work (due_at) WHERE parked_at IS NULL;
"""

# The runtime role may not rewrite the past; the triggers hold for the owner too.
UNCHANGEABLE = {
    "prices": "prices_immutable",
    "ledger_transactions": "ledger_transactions_append_only",
    "postings": "postings_append_only",
}
REFUSE_CHANGE = """
CREATE FUNCTION billing.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is never changed', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$
"""

# The practice is named, or the policy's condition on it would lure the planner to an index that
# reads all of the practice's postings. A transaction whose rows this tenant does not see has
# no sum, and no sum is no balance.
BALANCED = """
CREATE FUNCTION billing.check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seen bigint;
    uneven bigint;
BEGIN
    SELECT count(*), count(*) FILTER (WHERE total <> 0) INTO seen, uneven FROM (
        SELECT sum(amount) AS total FROM billing.postings
        WHERE practice_id = NEW.practice_id AND transaction_id = NEW.transaction_id
        GROUP BY currency) AS sums;
    IF seen = 0 OR uneven > 0 THEN
        RAISE EXCEPTION 'ledger transaction % is not balanced', NEW.transaction_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'postings_balanced';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER postings_balanced AFTER INSERT ON billing.postings
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing.check_balance()
"""

# The lock on the payment makes concurrent refunds see each other: each statement of the
# function has a snapshot of its own, taken after the lock was granted. A stronger lock would
# deadlock with the share that the foreign key of another refund holds on the payment's key.
WITHIN_CAPTURED = """
CREATE FUNCTION billing.check_refunds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    most bigint;
    promised bigint;
BEGIN
    SELECT captured INTO most FROM billing.payments
        WHERE id = NEW.payment_id AND currency = NEW.currency FOR NO KEY UPDATE;
    SELECT sum(amount) INTO promised FROM billing.refunds
        WHERE practice_id = NEW.practice_id AND payment_id = NEW.payment_id;
    IF most IS NULL OR promised > most THEN
        RAISE EXCEPTION 'refunds of payment % exceed what was captured', NEW.payment_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refunds_within_captured';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER refunds_within_captured AFTER INSERT OR UPDATE OF amount, payment_id
    ON billing.refunds FOR EACH ROW EXECUTE FUNCTION billing.check_refunds()
"""

# What a payment and a refund are about never changes; what becomes of them does.
CHANGEABLE = {
    "payments": """account_id, state, stripe_account_id, application_fee, attempt, attempted_at,
        checkout_session_id, checkout_url, success_url, cancel_url, expires_at, payment_intent_id,
        charge_id, captured, refunded, captured_at, processed_at, close_asked_at, refund_percent,
        ended_at""",
    "refunds": "state, attempt, idempotency_key, sent_at, stripe_refund_id, made_at",
}


def upgrade() -> None:
    create_plumbing("billing")
    for statement in (TABLES, REFUSE_CHANGE, BALANCED, WITHIN_CAPTURED):
        op.execute(statement)
    for table, trigger in UNCHANGEABLE.items():
        op.execute(
            f"CREATE TRIGGER {trigger} BEFORE UPDATE OR DELETE ON billing.{table}"
            " FOR EACH ROW EXECUTE FUNCTION billing.refuse_change()"
        )
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON billing.{table} FROM attune_billing")
    for table, columns in CHANGEABLE.items():
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON billing.{table} FROM attune_billing")
        op.execute(f"GRANT UPDATE ({columns}) ON billing.{table} TO attune_billing")
    for statement in protect("billing.payments", account_column="account_id"):
        op.execute(statement)
    for table in ("refunds", "ledger_transactions", "postings"):
        for statement in protect(f"billing.{table}"):
            op.execute(statement)
