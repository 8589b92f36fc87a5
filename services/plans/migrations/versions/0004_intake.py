"""Intake: forms, texts, answers and consents; looks by the holder of a booking's link."""

from alembic import op

from services.common.tenancy import protect

revision = "0004"
down_revision = "0003"

TABLES = [
    """
    CREATE TABLE plans.intake_drafts (
        practice_id UUID NOT NULL,
        questions JSONB NOT NULL,
        revision INTEGER NOT NULL,
        changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT intake_drafts_pkey PRIMARY KEY (practice_id),
        CONSTRAINT intake_drafts_revision_positive CHECK (revision >= 1)
    )
    """,
    """
    CREATE TABLE plans.intake_forms (
        practice_id UUID NOT NULL,
        number INTEGER NOT NULL,
        questions JSONB NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT intake_forms_pkey PRIMARY KEY (practice_id, number),
        CONSTRAINT intake_forms_number_positive CHECK (number >= 1)
    )
    """,
    """
    CREATE TABLE plans.consent_texts (
        practice_id UUID NOT NULL,
        id UUID NOT NULL,
        kind TEXT NOT NULL,
        number INTEGER NOT NULL,
        title TEXT NOT NULL,
        body TEXT NOT NULL,
        is_required BOOLEAN NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT consent_texts_pkey PRIMARY KEY (practice_id, id),
        CONSTRAINT consent_texts_number_once UNIQUE (practice_id, kind, number),
        CONSTRAINT consent_texts_kind_known
            CHECK (kind IN ('online', 'privacy', 'recording', 'treatment')),
        CONSTRAINT consent_texts_number_positive CHECK (number >= 1)
    )
    """,
    """
    CREATE TABLE plans.intakes (
        practice_id UUID NOT NULL,
        id UUID NOT NULL,
        chart_id UUID NOT NULL,
        client_id UUID NOT NULL,
        account_id UUID,
        form_number INTEGER,
        draft BYTEA,
        draft_revision INTEGER NOT NULL,
        CONSTRAINT intakes_pkey PRIMARY KEY (practice_id, id),
        CONSTRAINT intakes_one_per_client UNIQUE (practice_id, client_id),
        CONSTRAINT intakes_chart_fkey FOREIGN KEY (practice_id, chart_id)
            REFERENCES plans.charts (practice_id, id),
        CONSTRAINT intakes_form_fkey FOREIGN KEY (practice_id, form_number)
            REFERENCES plans.intake_forms (practice_id, number),
        CONSTRAINT intakes_draft_is_sealed CHECK (octet_length(draft) > 28),
        CONSTRAINT intakes_draft_is_of_a_form CHECK (draft IS NULL OR form_number IS NOT NULL),
        CONSTRAINT intakes_revision_not_negative CHECK (draft_revision >= 0)
    )
    """,
    """
    CREATE TABLE plans.intake_answers (
        practice_id UUID NOT NULL,
        id UUID NOT NULL,
        intake_id UUID NOT NULL,
        chart_id UUID NOT NULL,
        number INTEGER NOT NULL,
        form_number INTEGER NOT NULL,
        sealed BYTEA NOT NULL,
        given_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT intake_answers_pkey PRIMARY KEY (practice_id, id),
        CONSTRAINT intake_answers_number_once UNIQUE (practice_id, intake_id, number),
        CONSTRAINT intake_answers_intake_fkey FOREIGN KEY (practice_id, intake_id)
            REFERENCES plans.intakes (practice_id, id),
        CONSTRAINT intake_answers_form_fkey FOREIGN KEY (practice_id, form_number)
            REFERENCES plans.intake_forms (practice_id, number),
        CONSTRAINT intake_answers_chart_fkey FOREIGN KEY (practice_id, chart_id)
            REFERENCES plans.charts (practice_id, id),
        CONSTRAINT intake_answers_are_sealed CHECK (octet_length(sealed) > 28),
        CONSTRAINT intake_answers_number_positive CHECK (number >= 1)
    )
    """,
    """
    CREATE TABLE plans.consents (
        practice_id UUID NOT NULL,
        id UUID NOT NULL,
        chart_id UUID NOT NULL,
        client_id UUID NOT NULL,
        text_id UUID NOT NULL,
        number INTEGER NOT NULL,
        act TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        by_account_id UUID,
        by_booking_id UUID,
        CONSTRAINT consents_pkey PRIMARY KEY (practice_id, id),
        CONSTRAINT consents_act_once UNIQUE (practice_id, client_id, text_id, number),
        CONSTRAINT consents_text_fkey FOREIGN KEY (practice_id, text_id)
            REFERENCES plans.consent_texts (practice_id, id),
        CONSTRAINT consents_chart_fkey FOREIGN KEY (practice_id, chart_id)
            REFERENCES plans.charts (practice_id, id),
        CONSTRAINT consents_act_known CHECK (act IN ('signed', 'withdrawn')),
        CONSTRAINT consents_take_turns
            CHECK (number >= 1 AND (number % 2 = 1) = (act = 'signed')),
        CONSTRAINT consents_by_one CHECK (num_nonnulls(by_account_id, by_booking_id) = 1)
    )
    """,
    "CREATE INDEX consents_of_client_idx ON plans.consents (practice_id, client_id, at)",
]
TENANT_TABLES = (
    *("intake_drafts", "intake_forms", "consent_texts"),
    *("intakes", "intake_answers", "consents"),
)
ADDED_TO_ONLY = ("intake_forms", "consent_texts", "intake_answers", "consents")
LOOKS_BY_LINK = [
    "ALTER TABLE plans.accesses ADD COLUMN by_booking_id UUID",
    "ALTER TABLE plans.accesses ALTER COLUMN by_account_id DROP NOT NULL",
    """
    ALTER TABLE plans.accesses ADD CONSTRAINT accesses_by_one
        CHECK (num_nonnulls(by_account_id, by_booking_id) = 1)
    """,
]


def upgrade() -> None:
    policies = [one for table in TENANT_TABLES for one in protect(f"plans.{table}")]
    kept = [f"REVOKE UPDATE, DELETE ON plans.{one} FROM attune_plans" for one in ADDED_TO_ONLY]
    for statement in [*TABLES, *policies, *kept, *LOOKS_BY_LINK]:
        op.execute(statement)
