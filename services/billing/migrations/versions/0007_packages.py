"""Packages: offered in versions, sold, and used session by session."""

from alembic import op

from services.common.tenancy import protect

revision = "0007"
down_revision = "0006"

PACKAGES = """
CREATE TABLE billing.packages (
    id uuid NOT NULL CONSTRAINT packages_pkey PRIMARY KEY,
    practice_id uuid NOT NULL,
    practitioner_id uuid NOT NULL,
    version bigint NOT NULL CONSTRAINT packages_version_positive CHECK (version > 0),
    is_active boolean NOT NULL
);
CREATE INDEX packages_practice_idx ON billing.packages (practice_id);
CREATE INDEX packages_practitioner_idx ON billing.packages (practitioner_id);
CREATE TABLE billing.package_versions (
    id uuid NOT NULL CONSTRAINT package_versions_pkey PRIMARY KEY
        CONSTRAINT package_versions_id_fkey REFERENCES billing.prices,
    practice_id uuid NOT NULL,
    package_id uuid NOT NULL CONSTRAINT package_versions_package_id_fkey
        REFERENCES billing.packages,
    version bigint NOT NULL,
    name varchar(80) NOT NULL,
    offering_ids uuid[] NOT NULL CONSTRAINT package_versions_has_offerings
        CHECK (cardinality(offering_ids) BETWEEN 1 AND 20),
    sessions smallint NOT NULL CONSTRAINT package_versions_sessions_range
        CHECK (sessions BETWEEN 2 AND 100),
    valid_months smallint NOT NULL CONSTRAINT package_versions_months_range
        CHECK (valid_months BETWEEN 1 AND 60),
    refund_rule varchar(20) NOT NULL CONSTRAINT package_versions_refund_rule_known
        CHECK (refund_rule IN ('package_price','single_price')),
    CONSTRAINT package_versions_one_per_version UNIQUE (package_id, version)
);
CREATE TRIGGER package_versions_immutable BEFORE UPDATE OR DELETE ON billing.package_versions
    FOR EACH ROW EXECUTE FUNCTION billing.refuse_change()
"""
# The number of sessions stands on each use as well, tied to that of its sale: so a check can hold
# that no use has a higher number, and an index that none is used twice.
SALES = """
CREATE TABLE billing.package_sales (
    id uuid NOT NULL CONSTRAINT package_sales_pkey PRIMARY KEY,
    practice_id uuid NOT NULL,
    version_id uuid NOT NULL CONSTRAINT package_sales_version_id_fkey
        REFERENCES billing.package_versions,
    client_id uuid NOT NULL,
    account_id uuid NOT NULL,
    sessions smallint NOT NULL,
    amount bigint NOT NULL CONSTRAINT package_sales_amount_positive CHECK (amount > 0),
    currency char(3) NOT NULL
        CONSTRAINT package_sales_currency_known CHECK (currency ~ '^[A-Z]{3}$'),
    state varchar(10) NOT NULL CONSTRAINT package_sales_state_known
        CHECK (state IN ('pending','active','ended','lapsed')),
    created_at timestamptz NOT NULL,
    bought_at timestamptz,
    expires_at timestamptz,
    ended_at timestamptz,
    CONSTRAINT package_sales_sessions UNIQUE (practice_id, id, sessions),
    CONSTRAINT package_sales_bought_when CHECK (
        (state = 'pending') = (bought_at IS NULL) AND num_nulls(bought_at, expires_at) <> 1),
    CONSTRAINT package_sales_over_when CHECK (
        (state IN ('ended','lapsed')) = (ended_at IS NOT NULL))
);
CREATE INDEX package_sales_account_idx ON billing.package_sales (account_id);
CREATE INDEX package_sales_listed_idx
    ON billing.package_sales (practice_id, created_at DESC, id DESC);
CREATE TABLE billing.credit_uses (
    id uuid NOT NULL CONSTRAINT credit_uses_pkey PRIMARY KEY,
    practice_id uuid NOT NULL,
    account_id uuid NOT NULL,
    sale_id uuid NOT NULL,
    sessions smallint NOT NULL,
    ordinal smallint NOT NULL,
    booking_id uuid NOT NULL,
    price_id uuid NOT NULL CONSTRAINT credit_uses_price_id_fkey REFERENCES billing.prices,
    amount bigint NOT NULL,
    single bigint NOT NULL,
    currency char(3) NOT NULL,
    state varchar(10) NOT NULL CONSTRAINT credit_uses_state_known
        CHECK (state IN ('used','kept','returned')),
    used_at timestamptz NOT NULL,
    closed_at timestamptz,
    CONSTRAINT credit_uses_sale_fkey FOREIGN KEY (practice_id, sale_id, sessions)
        REFERENCES billing.package_sales (practice_id, id, sessions),
    CONSTRAINT credit_uses_within_sessions CHECK (ordinal BETWEEN 1 AND sessions),
    CONSTRAINT credit_uses_amounts_positive CHECK (amount >= 0 AND single > 0),
    CONSTRAINT credit_uses_closed_when CHECK ((state = 'used') = (closed_at IS NULL)),
    CONSTRAINT credit_uses_one_per_booking UNIQUE (practice_id, booking_id)
);
CREATE UNIQUE INDEX credit_uses_once ON billing.credit_uses (practice_id, sale_id, ordinal)
    WHERE state <> 'returned'
"""
# Whoever ends a sale holds its row; a use that was on its way meanwhile waits, and is refused.
WHILE_ACTIVE = """
CREATE FUNCTION billing.check_credit_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM billing.package_sales
        WHERE id = NEW.sale_id AND practice_id = NEW.practice_id AND state = 'active'
          AND expires_at > NEW.used_at FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'package sale % cannot be used', NEW.sale_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credit_uses_while_active';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER credit_uses_while_active BEFORE INSERT ON billing.credit_uses
    FOR EACH ROW EXECUTE FUNCTION billing.check_credit_use()
"""
# A payment of a package carries the sale's id where others carry their booking's.
MONEY = """
ALTER TABLE billing.payments
    ADD COLUMN sale_id uuid CONSTRAINT payments_sale_id_fkey REFERENCES billing.package_sales,
    ADD CONSTRAINT payments_sale_is_what_is_paid CHECK (sale_id = booking_id);
ALTER TABLE billing.ledger_transactions
    ADD COLUMN credit_use_id uuid CONSTRAINT ledger_transactions_credit_use_id_fkey
        REFERENCES billing.credit_uses,
    ADD CONSTRAINT ledger_transactions_credit_of_payment
        CHECK (credit_use_id IS NULL OR payment_id IS NOT NULL),
    DROP CONSTRAINT ledger_transactions_kind_known,
    ADD CONSTRAINT ledger_transactions_kind_known CHECK (
        kind IN ('charged','processed','ended','refunded','owed','reversed','granted',
            'refund_failed','paid_elsewhere','disputed','reinstated','dispute_lost','paid_out',
            'arrived','returned','imported','adjusted','credit_used','credit_returned',
            'credits_lapsed','package_ended'));
ALTER TABLE billing.due_work
    DROP CONSTRAINT due_work_kind_known,
    ADD CONSTRAINT due_work_kind_known CHECK (
        kind IN ('settle_payment','make_refund','check_refund','settle_disputes','settle_payout',
            'reconcile','lapse_package'))
"""
# What was offered, sold and used stays as it was; what becomes of it is written down beside it.
CHANGEABLE = {
    "packages": "version, is_active",
    "package_versions": "",
    "package_sales": "state, bought_at, expires_at, ended_at",
    "credit_uses": "state, closed_at",
}


def upgrade() -> None:
    for statement in (PACKAGES, SALES, WHILE_ACTIVE, MONEY):
        op.execute(statement)
    for table, columns in CHANGEABLE.items():
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON billing.{table} FROM attune_billing")
        if columns:
            op.execute(f"GRANT UPDATE ({columns}) ON billing.{table} TO attune_billing")
    for table in ("package_sales", "credit_uses"):
        for statement in protect(f"billing.{table}", account_column="account_id"):
            op.execute(statement)
