"""Notes, the texts that were signed, addenda; and whether who looked did so as a supervisor."""

from alembic import op

from services.common.tenancy import protect

revision = "0003"
down_revision = "0002"

TABLES = [
    """
    CREATE TABLE plans.notes (
        practice_id UUID NOT NULL,
        id UUID NOT NULL,
        chart_id UUID NOT NULL,
        client_id UUID NOT NULL,
        plan_id UUID,
        booking_id UUID,
        session_at TIMESTAMP WITH TIME ZONE,
        author_account_id UUID NOT NULL,
        practitioner_id UUID NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        revision INTEGER NOT NULL,
        sealed BYTEA,
        signed_at TIMESTAMP WITH TIME ZONE,
        locks_at TIMESTAMP WITH TIME ZONE,
        withdrawn_at TIMESTAMP WITH TIME ZONE,
        begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
        changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT notes_pkey PRIMARY KEY (practice_id, id),
        CONSTRAINT notes_chart_fkey FOREIGN KEY (practice_id, chart_id)
            REFERENCES plans.charts (practice_id, id),
        CONSTRAINT notes_plan_fkey FOREIGN KEY (practice_id, plan_id)
            REFERENCES plans.plans (practice_id, id),
        CONSTRAINT notes_kind_known CHECK (kind IN ('private', 'progress')),
        CONSTRAINT notes_state_known CHECK (state IN ('draft', 'signed')),
        CONSTRAINT notes_revision_positive CHECK (revision >= 1),
        CONSTRAINT notes_are_sealed CHECK (octet_length(sealed) > 28),
        CONSTRAINT notes_signed_hold_no_draft CHECK ((state = 'draft') = (sealed IS NOT NULL)),
        CONSTRAINT notes_signed_say_when CHECK ((state = 'signed') = (signed_at IS NOT NULL)),
        CONSTRAINT notes_signed_lock CHECK (
            (locks_at IS NOT NULL) = (signed_at IS NOT NULL OR withdrawn_at IS NOT NULL)
        ),
        CONSTRAINT notes_signed_or_withdrawn CHECK (signed_at IS NULL OR withdrawn_at IS NULL),
        CONSTRAINT notes_locked_stay_signed CHECK (withdrawn_at < locks_at)
    )
    """,
    """
    CREATE UNIQUE INDEX notes_one_progress_per_session
        ON plans.notes (practice_id, booking_id, author_account_id)
        WHERE kind = 'progress' AND booking_id IS NOT NULL
    """,
    """
    CREATE INDEX notes_of_author_idx
        ON plans.notes (practice_id, author_account_id, changed_at)
    """,
    "CREATE INDEX notes_of_chart_idx ON plans.notes (practice_id, chart_id, changed_at)",
    """
    CREATE TABLE plans.note_signatures (
        practice_id UUID NOT NULL,
        note_id UUID NOT NULL,
        revision INTEGER NOT NULL,
        chart_id UUID NOT NULL,
        sealed BYTEA NOT NULL,
        signed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT note_signatures_pkey PRIMARY KEY (practice_id, note_id, revision),
        CONSTRAINT note_signatures_note_fkey FOREIGN KEY (practice_id, note_id)
            REFERENCES plans.notes (practice_id, id),
        CONSTRAINT note_signatures_chart_fkey FOREIGN KEY (practice_id, chart_id)
            REFERENCES plans.charts (practice_id, id),
        CONSTRAINT note_signatures_are_sealed CHECK (octet_length(sealed) > 28)
    )
    """,
    """
    CREATE TABLE plans.note_addenda (
        practice_id UUID NOT NULL,
        id UUID NOT NULL,
        note_id UUID NOT NULL,
        revision INTEGER NOT NULL,
        chart_id UUID NOT NULL,
        sealed BYTEA NOT NULL,
        added_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT note_addenda_pkey PRIMARY KEY (practice_id, id),
        CONSTRAINT note_addenda_are_to_signed_text FOREIGN KEY (practice_id, note_id, revision)
            REFERENCES plans.note_signatures (practice_id, note_id, revision),
        CONSTRAINT note_addenda_chart_fkey FOREIGN KEY (practice_id, chart_id)
            REFERENCES plans.charts (practice_id, id),
        CONSTRAINT note_addenda_are_sealed CHECK (octet_length(sealed) > 28)
    )
    """,
    "CREATE INDEX note_addenda_of_note_idx ON plans.note_addenda (practice_id, note_id, added_at)",
    "ALTER TABLE plans.accesses ADD COLUMN is_supervisor BOOLEAN NOT NULL DEFAULT FALSE",
]
TENANT_TABLES = ("notes", "note_signatures", "note_addenda")
SIGNED = ("note_signatures", "note_addenda")


def upgrade() -> None:
    # Without an account's column: clients do not read notes, not even by a mistake in a query.
    policies = [statement for table in TENANT_TABLES for statement in protect(f"plans.{table}")]
    for statement in [*TABLES, *policies]:
        op.execute(statement)
    # What was signed stays as it was signed.
    for table in SIGNED:
        op.execute(f"REVOKE UPDATE, DELETE ON plans.{table} FROM attune_plans")
    op.execute("REVOKE DELETE ON plans.notes FROM attune_plans")
