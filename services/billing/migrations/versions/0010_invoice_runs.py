"""Runs of invoices."""

from alembic import op

from services.common.tenancy import protect

revision = "0010"
down_revision = "0009"

RUNS = """
CREATE TABLE billing.invoice_runs (
    practice_id uuid NOT NULL,
    id uuid NOT NULL,
    until_on date NOT NULL,
    state varchar(20) NOT NULL CONSTRAINT invoice_runs_state_known
        CHECK (state IN ('looking_up','ready','issuing','issued','stopped')),
    settings jsonb NOT NULL,
    session_count bigint NOT NULL CONSTRAINT invoice_runs_of_something CHECK (session_count > 0),
    started_by uuid NOT NULL,
    started_at timestamptz NOT NULL,
    issue_asked_by uuid,
    ended_at timestamptz,
    stop_reason varchar(20)
        CONSTRAINT invoice_runs_reason_known CHECK (stop_reason IN ('asked','settings')),
    invoice_count bigint NOT NULL DEFAULT 0,
    totals jsonb NOT NULL DEFAULT '{}',
    left_out jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT invoice_runs_pkey PRIMARY KEY (practice_id, id),
    CONSTRAINT invoice_runs_ended
        CHECK ((state IN ('issued','stopped')) = (ended_at IS NOT NULL)),
    CONSTRAINT invoice_runs_stopped_why CHECK ((state = 'stopped') = (stop_reason IS NOT NULL))
);
CREATE UNIQUE INDEX invoice_runs_one_under_way ON billing.invoice_runs (practice_id)
    WHERE ended_at IS NULL;
CREATE INDEX invoice_runs_started_idx ON billing.invoice_runs (practice_id, started_at)
"""
DRAFTS = """
CREATE TABLE billing.invoice_run_drafts (
    practice_id uuid NOT NULL,
    run_id uuid NOT NULL,
    id uuid NOT NULL,
    position bigint NOT NULL,
    client_id uuid NOT NULL,
    currency char(3) NOT NULL,
    part bigint NOT NULL,
    recipient_name text NOT NULL,
    recipient_address text NOT NULL,
    session_count bigint NOT NULL,
    net bigint NOT NULL,
    tax bigint NOT NULL,
    total bigint NOT NULL,
    CONSTRAINT invoice_run_drafts_pkey PRIMARY KEY (practice_id, id),
    CONSTRAINT invoice_run_drafts_run_fkey FOREIGN KEY (practice_id, run_id)
        REFERENCES billing.invoice_runs (practice_id, id),
    CONSTRAINT invoice_run_drafts_in_order UNIQUE (practice_id, run_id, position),
    CONSTRAINT invoice_run_drafts_one_each
        UNIQUE (practice_id, run_id, client_id, currency, part),
    CONSTRAINT invoice_run_drafts_total_adds_up CHECK (total = net + tax)
)
"""
LINES = """
CREATE TABLE billing.invoice_run_lines (
    practice_id uuid NOT NULL,
    run_id uuid NOT NULL,
    booking_id uuid NOT NULL,
    client_id uuid NOT NULL,
    currency char(3) NOT NULL,
    owed bigint NOT NULL CONSTRAINT invoice_run_lines_owed_positive CHECK (owed > 0),
    is_looked_up boolean NOT NULL DEFAULT false,
    left_out varchar(20) CONSTRAINT invoice_run_lines_left_out_known
        CHECK (left_out IN ('later','unknown','unprintable','changed')),
    part bigint,
    draft_id uuid,
    account_id uuid,
    starts_at timestamptz,
    session_on date,
    recipient_name text,
    words text,
    tax_rule varchar(20),
    tax_basis_points smallint,
    net bigint,
    tax bigint,
    gross bigint,
    CONSTRAINT invoice_run_lines_pkey PRIMARY KEY (practice_id, run_id, booking_id),
    CONSTRAINT invoice_run_lines_run_fkey FOREIGN KEY (practice_id, run_id)
        REFERENCES billing.invoice_runs (practice_id, id),
    CONSTRAINT invoice_run_lines_adds_up
        CHECK (NOT is_looked_up OR left_out IS NOT NULL OR gross = net + tax)
);
CREATE INDEX invoice_run_lines_waiting_idx
    ON billing.invoice_run_lines (practice_id, run_id, client_id, booking_id)
    WHERE NOT is_looked_up;
CREATE INDEX invoice_run_lines_draft_idx ON billing.invoice_run_lines (practice_id, draft_id)
"""
WORK = """
ALTER TABLE billing.due_work
    DROP CONSTRAINT due_work_kind_known,
    ADD CONSTRAINT due_work_kind_known CHECK (
        kind IN ('settle_payment','make_refund','check_refund','settle_disputes','settle_payout',
            'reconcile','lapse_package','settle_refunds','invoice_run'))
"""


def upgrade() -> None:
    for statement in (RUNS, DRAFTS, LINES, WORK):
        op.execute(statement)
    op.execute("REVOKE DELETE, TRUNCATE ON billing.invoice_runs FROM attune_billing")
    for table in ("invoice_runs", "invoice_run_drafts", "invoice_run_lines"):
        for statement in protect(f"billing.{table}"):
            op.execute(statement)
