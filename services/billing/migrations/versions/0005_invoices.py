"""Invoices, receipts and credit notes: numbered without a gap, and never changed."""

from alembic import op

from services.common.tenancy import protect

revision = "0005"
down_revision = "0004"

TABLES = """
CREATE TABLE billing.invoice_logos (
    practice_id uuid NOT NULL,
    digest char(64) NOT NULL,
    png bytea NOT NULL
        CONSTRAINT invoice_logos_small CHECK (octet_length(png) BETWEEN 1 AND 40000),
    CONSTRAINT invoice_logos_pkey PRIMARY KEY (practice_id, digest),
    CONSTRAINT invoice_logos_digest_of_content CHECK (digest = encode(sha256(png), 'hex'))
);
CREATE TABLE billing.invoice_settings (
    practice_id uuid NOT NULL CONSTRAINT invoice_settings_pkey PRIMARY KEY,
    content jsonb NOT NULL,
    logo_digest char(64),
    changed_at timestamptz NOT NULL,
    CONSTRAINT invoice_settings_logo_fkey FOREIGN KEY (practice_id, logo_digest)
        REFERENCES billing.invoice_logos (practice_id, digest)
);
CREATE TABLE billing.invoice_counters (
    practice_id uuid NOT NULL,
    year smallint NOT NULL,
    last_number bigint NOT NULL
        CONSTRAINT invoice_counters_number_positive CHECK (last_number >= 0),
    CONSTRAINT invoice_counters_pkey PRIMARY KEY (practice_id, year)
);
CREATE TABLE billing.invoices (
    id uuid NOT NULL CONSTRAINT invoices_pkey PRIMARY KEY,
    practice_id uuid NOT NULL,
    kind varchar(20) NOT NULL
        CONSTRAINT invoices_kind_known CHECK (kind IN ('invoice','receipt','credit_note')),
    year smallint NOT NULL,
    number bigint NOT NULL CONSTRAINT invoices_number_positive CHECK (number > 0),
    client_id uuid NOT NULL,
    account_id uuid,
    currency char(3) NOT NULL CONSTRAINT invoices_currency_known CHECK (currency ~ '^[A-Z]{3}$'),
    net bigint NOT NULL,
    tax bigint NOT NULL,
    total bigint NOT NULL,
    issued_on date NOT NULL,
    issued_at timestamptz NOT NULL,
    due_on date,
    paid_on date,
    credits_id uuid CONSTRAINT invoices_credits_id_fkey REFERENCES billing.invoices,
    logo_digest char(64),
    content jsonb NOT NULL,
    CONSTRAINT invoices_one_number UNIQUE (practice_id, year, number),
    CONSTRAINT invoices_credited_once UNIQUE (practice_id, credits_id),
    CONSTRAINT invoices_logo_fkey FOREIGN KEY (practice_id, logo_digest)
        REFERENCES billing.invoice_logos (practice_id, digest),
    CONSTRAINT invoices_total_adds_up CHECK (total = net + tax),
    CONSTRAINT invoices_number_of_its_year CHECK (year = extract(year FROM issued_on)),
    CONSTRAINT invoices_credit_of_one CHECK ((kind = 'credit_note') = (credits_id IS NOT NULL)),
    CONSTRAINT invoices_receipt_when_paid CHECK ((kind = 'receipt') = (paid_on IS NOT NULL)),
    CONSTRAINT invoices_due_when_owed CHECK ((kind = 'invoice') = (due_on IS NOT NULL)),
    CONSTRAINT invoices_total_of_its_kind
        CHECK (CASE kind WHEN 'credit_note' THEN total < 0 ELSE total > 0 END)
);
CREATE INDEX invoices_client_idx ON billing.invoices (practice_id, client_id);
CREATE INDEX invoices_account_idx ON billing.invoices (account_id, issued_at);
CREATE TABLE billing.invoice_lines (
    practice_id uuid NOT NULL,
    invoice_id uuid NOT NULL
        CONSTRAINT invoice_lines_invoice_id_fkey REFERENCES billing.invoices,
    position smallint NOT NULL CONSTRAINT invoice_lines_position_positive CHECK (position > 0),
    booking_id uuid NOT NULL,
    words text NOT NULL,
    session_on date NOT NULL,
    quantity smallint NOT NULL CONSTRAINT invoice_lines_quantity_positive CHECK (quantity > 0),
    unit_price bigint NOT NULL,
    tax_rule varchar(20) NOT NULL,
    tax_basis_points smallint NOT NULL
        CONSTRAINT invoice_lines_rate_bounded CHECK (tax_basis_points BETWEEN 0 AND 10000),
    net bigint NOT NULL,
    tax bigint NOT NULL,
    gross bigint NOT NULL,
    CONSTRAINT invoice_lines_pkey PRIMARY KEY (practice_id, invoice_id, position),
    CONSTRAINT invoice_lines_gross_adds_up CHECK (gross = net + tax),
    CONSTRAINT invoice_lines_tax_has_rate CHECK (tax = 0 OR tax_basis_points > 0)
);
CREATE TABLE billing.invoiced_sessions (
    practice_id uuid NOT NULL,
    invoice_id uuid NOT NULL
        CONSTRAINT invoiced_sessions_invoice_id_fkey REFERENCES billing.invoices,
    booking_id uuid NOT NULL,
    credit_note_id uuid
        CONSTRAINT invoiced_sessions_credit_note_id_fkey REFERENCES billing.invoices,
    CONSTRAINT invoiced_sessions_pkey PRIMARY KEY (practice_id, invoice_id, booking_id)
);
CREATE UNIQUE INDEX invoiced_sessions_one_standing
    ON billing.invoiced_sessions (practice_id, booking_id) WHERE credit_note_id IS NULL;
CREATE TABLE billing.invoice_files (
    practice_id uuid NOT NULL,
    invoice_id uuid NOT NULL
        CONSTRAINT invoice_files_invoice_id_fkey REFERENCES billing.invoices,
    digest char(64) NOT NULL,
    pdf bytea NOT NULL
        CONSTRAINT invoice_files_bounded CHECK (octet_length(pdf) BETWEEN 1 AND 1000000),
    made_at timestamptz NOT NULL,
    CONSTRAINT invoice_files_pkey PRIMARY KEY (practice_id, invoice_id),
    CONSTRAINT invoice_files_digest_of_content CHECK (digest = encode(sha256(pdf), 'hex'))
);
CREATE INDEX payments_captured_idx ON billing.payments (account_id, captured_at);
"""

# Checked at the commit, when the lines are there too: an invoice without lines has no sum, and
# no sum is none that agrees.
SUMS = """
CREATE FUNCTION billing.check_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    agrees boolean;
BEGIN
    SELECT (sum(l.net), sum(l.tax), sum(l.gross)) = (NEW.net, NEW.tax, NEW.total) INTO agrees
        FROM billing.invoice_lines l
        WHERE l.practice_id = NEW.practice_id AND l.invoice_id = NEW.id;
    IF agrees IS NOT TRUE THEN
        RAISE EXCEPTION 'invoice % is not the sum of its lines', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'invoices_sum_of_lines';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER invoices_sum_of_lines AFTER INSERT ON billing.invoices
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing.check_invoice()
"""

# No line may join an invoice that was issued before: it is written with its lines, or not at all.
WHOLE = """
CREATE FUNCTION billing.refuse_late_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM billing.invoices i WHERE i.practice_id = NEW.practice_id
            AND i.id = NEW.invoice_id AND i.xmin = pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'invoice % is issued already', NEW.invoice_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_lines_issued_with_it';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invoice_lines_issued_with_it BEFORE INSERT ON billing.invoice_lines
    FOR EACH ROW EXECUTE FUNCTION billing.refuse_late_line()
"""

# A session leaves an invoice by the credit note of this very invoice, once.
RELEASED = """
CREATE FUNCTION billing.check_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.credit_note_id IS NOT NULL OR NOT EXISTS (
            SELECT 1 FROM billing.invoices i WHERE i.practice_id = NEW.practice_id
            AND i.id = NEW.credit_note_id AND i.credits_id = NEW.invoice_id) THEN
        RAISE EXCEPTION 'only a credit note of its invoice lets a session go'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'invoiced_sessions_let_go_by_credit';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invoiced_sessions_let_go_by_credit BEFORE UPDATE ON billing.invoiced_sessions
    FOR EACH ROW EXECUTE FUNCTION billing.check_release()
"""

UNCHANGEABLE = ("invoices", "invoice_lines", "invoice_files", "invoice_logos")
CHANGEABLE = {
    "invoiced_sessions": "credit_note_id",
    "invoice_counters": "last_number",
    "invoice_settings": "content, logo_digest, changed_at",
}


def upgrade() -> None:
    for statement in (TABLES, SUMS, WHOLE, RELEASED):
        op.execute(statement)
    for table in UNCHANGEABLE:
        op.execute(
            f"CREATE TRIGGER {table}_immutable BEFORE UPDATE OR DELETE ON billing.{table}"
            " FOR EACH ROW EXECUTE FUNCTION billing.refuse_change()"
        )
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON billing.{table} FROM attune_billing")
    op.execute(
        "CREATE TRIGGER invoiced_sessions_kept BEFORE DELETE ON billing.invoiced_sessions"
        " FOR EACH ROW EXECUTE FUNCTION billing.refuse_change()"
    )
    for table, columns in CHANGEABLE.items():
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON billing.{table} FROM attune_billing")
        op.execute(f"GRANT UPDATE ({columns}) ON billing.{table} TO attune_billing")
    for statement in protect("billing.invoices", account_column="account_id"):
        op.execute(statement)
    for table in (*UNCHANGEABLE[1:], *CHANGEABLE):
        for statement in protect(f"billing.{table}"):
            op.execute(statement)
