"""Closed months take no entries."""

from alembic import op

from services.common.tenancy import protect

revision = "0009"
down_revision = "0008"

TABLES = """
CREATE TABLE billing.closed_months (
    practice_id uuid NOT NULL,
    id uuid NOT NULL,
    month_on date NOT NULL
        CONSTRAINT closed_months_begins_on_first CHECK (extract(day FROM month_on) = 1),
    from_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    closed_by uuid NOT NULL,
    closed_at timestamptz NOT NULL,
    CONSTRAINT closed_months_pkey PRIMARY KEY (practice_id, id),
    CONSTRAINT closed_months_once UNIQUE (practice_id, month_on),
    CONSTRAINT closed_months_over CHECK (from_at < until_at AND until_at <= closed_at)
);
CREATE INDEX closed_months_until_idx ON billing.closed_months (practice_id, until_at);
CREATE TABLE billing.closed_balances (
    practice_id uuid NOT NULL,
    closed_month_id uuid NOT NULL,
    account varchar(40) NOT NULL,
    currency char(3) NOT NULL
        CONSTRAINT closed_balances_currency_known CHECK (currency ~ '^[A-Z]{3}$'),
    opening bigint NOT NULL,
    debit bigint NOT NULL,
    credit bigint NOT NULL,
    CONSTRAINT closed_balances_month_fkey FOREIGN KEY (practice_id, closed_month_id)
        REFERENCES billing.closed_months (practice_id, id),
    CONSTRAINT closed_balances_pkey PRIMARY KEY (practice_id, closed_month_id, account, currency),
    CONSTRAINT closed_balances_sides_positive CHECK (debit >= 0 AND credit >= 0)
)
"""
# Who posts shares the lock that who closes has alone, until the commit: so whoever closes sees all
# that was posted, and whoever posts sees what was closed, for each statement of a function has a
# snapshot of its own, taken after the lock was granted.
LOCKS = """
CREATE FUNCTION billing.months_lock(practice uuid) RETURNS bigint LANGUAGE sql IMMUTABLE
    AS $$ SELECT hashtextextended('billing.months/' || practice, 0) $$;
CREATE FUNCTION billing.refuse_closed(practice uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(billing.months_lock(practice));
    PERFORM 1 FROM billing.closed_months WHERE practice_id = practice AND until_at > at;
    IF FOUND THEN
        RAISE EXCEPTION 'the month of % is closed', at
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_transactions_month_open';
    END IF;
END $$
"""
# An entry that is added to an old transaction would change its month as well.
OPEN = """
CREATE FUNCTION billing.check_month_of_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM billing.refuse_closed(NEW.practice_id, NEW.occurred_at);
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_transactions_month_open BEFORE INSERT ON billing.ledger_transactions
    FOR EACH ROW EXECUTE FUNCTION billing.check_month_of_transaction();
CREATE FUNCTION billing.check_month_of_posting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM billing.refuse_closed(NEW.practice_id, t.occurred_at)
        FROM billing.ledger_transactions t
        WHERE t.practice_id = NEW.practice_id AND t.id = NEW.transaction_id;
    RETURN NEW;
END $$;
CREATE TRIGGER postings_month_open BEFORE INSERT ON billing.postings
    FOR EACH ROW EXECUTE FUNCTION billing.check_month_of_posting()
"""


def upgrade() -> None:
    for statement in (TABLES, LOCKS, OPEN):
        op.execute(statement)
    for table in ("closed_months", "closed_balances"):
        op.execute(
            f"CREATE TRIGGER {table}_immutable BEFORE UPDATE OR DELETE ON billing.{table}"
            " FOR EACH ROW EXECUTE FUNCTION billing.refuse_change()"
        )
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON billing.{table} FROM attune_billing")
        for statement in protect(f"billing.{table}"):
            op.execute(statement)
