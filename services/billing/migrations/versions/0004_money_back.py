"""Refunds by the practice, refunds that failed, and what clients dispute with their banks."""

from alembic import op

from services.common.tenancy import protect

revision = "0004"
down_revision = "0003"

REFUNDS = """
ALTER TABLE billing.refunds
    ALTER COLUMN percent DROP NOT NULL,
    ADD COLUMN words varchar(500) NOT NULL DEFAULT '',
    ADD COLUMN asked_by uuid,
    ADD COLUMN commission_back bigint NOT NULL DEFAULT 0
        CONSTRAINT refunds_commission_back_positive CHECK (commission_back >= 0),
    ADD COLUMN failed_at timestamptz,
    ADD COLUMN failure varchar(80),
    ADD COLUMN elsewhere_words varchar(500),
    ADD COLUMN elsewhere_by uuid,
    DROP CONSTRAINT refunds_reason_known,
    ADD CONSTRAINT refunds_reason_known CHECK (reason IN ('cancelled','refused','no_show',
        'goodwill','not_held','wrong_amount','paid_twice','other')),
    DROP CONSTRAINT refunds_state_known,
    ADD CONSTRAINT refunds_state_known
        CHECK (state IN ('promised','made','failed','elsewhere')),
    DROP CONSTRAINT refunds_made_when,
    ADD CONSTRAINT refunds_made_when
        CHECK ((state IN ('made','elsewhere')) = (made_at IS NOT NULL)),
    ADD CONSTRAINT refunds_failed_when CHECK (state <> 'failed' OR failed_at IS NOT NULL),
    ADD CONSTRAINT refunds_elsewhere_told
        CHECK ((state = 'elsewhere') = (elsewhere_words IS NOT NULL));
CREATE INDEX refunds_listed_idx ON billing.refunds (practice_id, created_at DESC, id DESC);
CREATE INDEX refunds_unmade_idx ON billing.refunds (practice_id, state, created_at DESC, id DESC)
    WHERE state IN ('promised','failed');
GRANT UPDATE (commission_back, failed_at, failure, elsewhere_words, elsewhere_by)
    ON billing.refunds TO attune_billing
"""
PAYMENTS = """
ALTER TABLE billing.payments
    ADD COLUMN disputed bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT payments_disputed_within_captured
        CHECK (disputed >= 0 AND refunded + disputed <= captured);
CREATE INDEX payments_intent_idx ON billing.payments (practice_id, payment_intent_id);
GRANT UPDATE (disputed) ON billing.payments TO attune_billing
"""
# What a bank took back cannot be given back a second time.
WITHIN_CAPTURED = """
CREATE OR REPLACE FUNCTION billing.check_refunds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    most bigint;
    promised bigint;
BEGIN
    SELECT captured - disputed INTO most FROM billing.payments
        WHERE id = NEW.payment_id AND currency = NEW.currency FOR NO KEY UPDATE;
    SELECT sum(amount) INTO promised FROM billing.refunds
        WHERE practice_id = NEW.practice_id AND payment_id = NEW.payment_id;
    IF most IS NULL OR promised > most THEN
        RAISE EXCEPTION 'refunds of payment % exceed what was captured', NEW.payment_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refunds_within_captured';
    END IF;
    RETURN NULL;
END $$
"""
KINDS = """
ALTER TABLE billing.ledger_transactions
    DROP CONSTRAINT ledger_transactions_kind_known,
    ADD CONSTRAINT ledger_transactions_kind_known CHECK (
        kind IN ('charged','processed','ended','refunded','owed','reversed','granted',
            'refund_failed','paid_elsewhere','disputed','reinstated','dispute_lost'));
ALTER TABLE billing.due_work
    DROP CONSTRAINT due_work_kind_known,
    ADD CONSTRAINT due_work_kind_known CHECK (
        kind IN ('settle_payment','make_refund','check_refund','settle_disputes'));
ALTER TABLE billing.stripe_events ADD COLUMN parent_id varchar(255)
"""
DISPUTES = """
CREATE TABLE billing.disputes (
    id uuid NOT NULL CONSTRAINT disputes_pkey PRIMARY KEY,
    practice_id uuid NOT NULL,
    payment_id uuid NOT NULL CONSTRAINT disputes_payment_id_fkey REFERENCES billing.payments,
    stripe_dispute_id varchar(255) NOT NULL,
    amount bigint NOT NULL CONSTRAINT disputes_amount_positive CHECK (amount > 0),
    currency char(3) NOT NULL CONSTRAINT disputes_currency_known CHECK (currency ~ '^[A-Z]{3}$'),
    taken bigint NOT NULL DEFAULT 0,
    reason varchar(60) NOT NULL,
    status varchar(30) NOT NULL CONSTRAINT disputes_status_known CHECK (status IN (
        'warning_needs_response','warning_under_review','warning_closed','needs_response',
        'under_review','won','lost','prevented')),
    due_at timestamptz,
    opened_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    reinstated_at timestamptz,
    closed_at timestamptz,
    seen_at timestamptz NOT NULL,
    CONSTRAINT disputes_one_per_stripe_id UNIQUE (practice_id, stripe_dispute_id),
    CONSTRAINT disputes_taken_within_amount CHECK (taken BETWEEN 0 AND amount),
    CONSTRAINT disputes_taken_when_withdrawn CHECK (taken = 0 OR withdrawn_at IS NOT NULL),
    CONSTRAINT disputes_reinstated_after_withdrawn
        CHECK (reinstated_at IS NULL OR withdrawn_at IS NOT NULL),
    CONSTRAINT disputes_closed_when CHECK (
        (closed_at IS NOT NULL) = (status IN ('warning_closed','won','lost','prevented')))
);
CREATE INDEX disputes_payment_idx ON billing.disputes (practice_id, payment_id);
CREATE INDEX disputes_listed_idx ON billing.disputes (practice_id, opened_at DESC, id DESC);
CREATE INDEX disputes_open_idx ON billing.disputes (practice_id, due_at) WHERE closed_at IS NULL;
REVOKE UPDATE, DELETE, TRUNCATE ON billing.disputes FROM attune_billing;
GRANT UPDATE (taken, reason, status, due_at, withdrawn_at, reinstated_at, closed_at, seen_at)
    ON billing.disputes TO attune_billing;
CREATE TABLE billing.dispute_answers (
    id uuid NOT NULL CONSTRAINT dispute_answers_pkey PRIMARY KEY,
    practice_id uuid NOT NULL,
    dispute_id uuid NOT NULL
        CONSTRAINT dispute_answers_dispute_id_fkey REFERENCES billing.disputes,
    kind varchar(20) NOT NULL
        CONSTRAINT dispute_answers_kind_known CHECK (kind IN ('evidence','acceptance')),
    service_date varchar(100) NOT NULL,
    what_happened text NOT NULL,
    policy text NOT NULL,
    why_not_back text NOT NULL,
    asked_by uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    attempt bigint NOT NULL DEFAULT 1,
    sent_at timestamptz,
    CONSTRAINT dispute_answers_one_per_dispute UNIQUE (practice_id, dispute_id),
    CONSTRAINT dispute_answers_says_something CHECK (
        (kind = 'evidence') = (what_happened <> ''))
);
REVOKE UPDATE, DELETE, TRUNCATE ON billing.dispute_answers FROM attune_billing;
GRANT UPDATE (attempt, sent_at) ON billing.dispute_answers TO attune_billing
"""


def upgrade() -> None:
    for statement in (REFUNDS, PAYMENTS, WITHIN_CAPTURED, KINDS, DISPUTES):
        op.execute(statement)
    for table in ("disputes", "dispute_answers"):
        for statement in protect(f"billing.{table}"):
            op.execute(statement)
