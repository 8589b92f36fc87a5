"""Templates of plans that practices keep, in versions; drafts of notes that are discarded."""

from alembic import op

from services.common.tenancy import protect

revision = "0009"
down_revision = "0008"

TEMPLATES = [
    """
    CREATE TABLE plans.templates (
        practice_id UUID NOT NULL,
        id UUID NOT NULL,
        number INTEGER NOT NULL,
        begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
        changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        archived_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT templates_pkey PRIMARY KEY (practice_id, id),
        CONSTRAINT templates_number_positive CHECK (number >= 1),
        CONSTRAINT templates_archived_after_begun CHECK (archived_at >= begun_at)
    )
    """,
    """
    CREATE TABLE plans.template_versions (
        practice_id UUID NOT NULL,
        template_id UUID NOT NULL,
        number INTEGER NOT NULL,
        content JSONB NOT NULL,
        written_by UUID NOT NULL,
        written_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT template_versions_pkey PRIMARY KEY (practice_id, template_id, number),
        CONSTRAINT template_versions_template_fkey FOREIGN KEY (practice_id, template_id)
            REFERENCES plans.templates (practice_id, id),
        CONSTRAINT template_versions_number_positive CHECK (number >= 1)
    )
    """,
]
TENANT_TABLES = ("templates", "template_versions")
# A plan names the version that it was begun from.
KEPT = [
    "REVOKE UPDATE, DELETE ON plans.template_versions FROM attune_plans",
    "REVOKE DELETE ON plans.templates FROM attune_plans",
]
# What was never signed may be discarded: sealed still for some days, then empty.
NOTES = [
    "ALTER TABLE plans.notes ADD COLUMN discarded_at TIMESTAMP WITH TIME ZONE",
    *(
        f"ALTER TABLE plans.notes DROP CONSTRAINT {name}"
        for name in ("notes_state_known", "notes_signed_hold_no_draft")
    ),
    """
    ALTER TABLE plans.notes
        ADD CONSTRAINT notes_state_known CHECK (state IN ('discarded', 'draft', 'signed')),
        ADD CONSTRAINT notes_signed_hold_no_draft
            CHECK (state = 'discarded' OR (state = 'draft') = (sealed IS NOT NULL)),
        ADD CONSTRAINT notes_discarded_say_when
            CHECK ((state = 'discarded') = (discarded_at IS NOT NULL)),
        ADD CONSTRAINT notes_discarded_were_never_signed
            CHECK (state <> 'discarded' OR locks_at IS NULL)
    """,
    "DROP INDEX plans.notes_one_progress_per_session",
    """
    CREATE UNIQUE INDEX notes_one_progress_per_session
        ON plans.notes (practice_id, booking_id, author_account_id)
        WHERE kind = 'progress' AND booking_id IS NOT NULL AND state <> 'discarded'
    """,
]
# Ids and times only.
PURGES = [
    """
    CREATE TABLE plans.purges_due (
        record_id UUID NOT NULL,
        practice_id UUID NOT NULL,
        due_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT purges_due_pkey PRIMARY KEY (record_id)
    )
    """,
    "CREATE INDEX purges_due_at_idx ON plans.purges_due (due_at)",
]


def upgrade() -> None:
    policies = [one for table in TENANT_TABLES for one in protect(f"plans.{table}")]
    for statement in [*TEMPLATES, *policies, *KEPT, *NOTES, *PURGES]:
        op.execute(statement)
