"""Plumbing, charts with their keys, plans with their versions, and who looked."""

from alembic import op

from services.common.plumbing import create_plumbing
from services.common.tenancy import protect

revision = "0001"
down_revision = None

TABLES = [
    """
    CREATE TABLE plans.charts (
        practice_id UUID NOT NULL,
        id UUID NOT NULL,
        client_id UUID NOT NULL,
        account_id UUID,
        key_version INTEGER NOT NULL,
        wrapped_key BYTEA NOT NULL,
        opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT charts_pkey PRIMARY KEY (practice_id, id),
        CONSTRAINT charts_one_per_client UNIQUE (practice_id, client_id),
        CONSTRAINT charts_key_version_positive CHECK (key_version >= 1),
        CONSTRAINT charts_key_is_wrapped CHECK (octet_length(wrapped_key) = 60)
    )
    """,
    """
    CREATE TABLE plans.chart_keys (
        chart_id UUID NOT NULL,
        practice_id UUID NOT NULL,
        key_version INTEGER NOT NULL,
        CONSTRAINT chart_keys_pkey PRIMARY KEY (chart_id)
    )
    """,
    "CREATE INDEX chart_keys_version_idx ON plans.chart_keys (key_version)",
    """
    CREATE TABLE plans.encryption_keys (
        version INTEGER NOT NULL,
        fingerprint VARCHAR(64) NOT NULL,
        CONSTRAINT encryption_keys_pkey PRIMARY KEY (version)
    )
    """,
    """
    CREATE TABLE plans.accesses (
        practice_id UUID NOT NULL,
        id UUID NOT NULL,
        chart_id UUID NOT NULL,
        account_id UUID,
        party TEXT NOT NULL,
        by_account_id UUID NOT NULL,
        practitioner_id UUID,
        is_write BOOLEAN NOT NULL,
        kind TEXT NOT NULL,
        record_id UUID NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT accesses_pkey PRIMARY KEY (practice_id, id),
        CONSTRAINT accesses_chart_fkey FOREIGN KEY (practice_id, chart_id)
            REFERENCES plans.charts (practice_id, id),
        CONSTRAINT accesses_party_known CHECK (party IN ('client', 'practitioner'))
    )
    """,
    "CREATE INDEX accesses_of_chart_idx ON plans.accesses (practice_id, chart_id, at)",
    """
    CREATE TABLE plans.plans (
        practice_id UUID NOT NULL,
        id UUID NOT NULL,
        chart_id UUID NOT NULL,
        client_id UUID NOT NULL,
        account_id UUID,
        practitioner_id UUID NOT NULL,
        practitioner_account_id UUID NOT NULL,
        state TEXT NOT NULL,
        revision INTEGER NOT NULL,
        first_proposed_at TIMESTAMP WITH TIME ZONE,
        started_at TIMESTAMP WITH TIME ZONE NOT NULL,
        changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT plans_pkey PRIMARY KEY (practice_id, id),
        CONSTRAINT plans_id_unique UNIQUE (id),
        CONSTRAINT plans_chart_fkey FOREIGN KEY (practice_id, chart_id)
            REFERENCES plans.charts (practice_id, id),
        CONSTRAINT plans_state_known
            CHECK (state IN ('active', 'agreed', 'draft', 'ended', 'in_review')),
        CONSTRAINT plans_revision_positive CHECK (revision >= 1)
    )
    """,
    """
    CREATE INDEX plans_of_practitioner_idx
        ON plans.plans (practice_id, practitioner_account_id, changed_at)
    """,
    "CREATE INDEX plans_of_account_idx ON plans.plans (account_id, changed_at)",
    """
    CREATE TABLE plans.versions (
        practice_id UUID NOT NULL,
        id UUID NOT NULL,
        plan_id UUID NOT NULL,
        chart_id UUID NOT NULL,
        account_id UUID,
        number INTEGER NOT NULL,
        state TEXT NOT NULL,
        sealed BYTEA NOT NULL,
        sealed_revision INTEGER NOT NULL,
        wish BYTEA,
        practitioner_signed_at TIMESTAMP WITH TIME ZONE,
        client_signed_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT versions_pkey PRIMARY KEY (practice_id, id),
        CONSTRAINT versions_number_once UNIQUE (practice_id, plan_id, number),
        CONSTRAINT versions_plan_fkey FOREIGN KEY (practice_id, plan_id)
            REFERENCES plans.plans (practice_id, id),
        CONSTRAINT versions_chart_fkey FOREIGN KEY (practice_id, chart_id)
            REFERENCES plans.charts (practice_id, id),
        CONSTRAINT versions_state_known
            CHECK (state IN ('agreed', 'draft', 'proposed', 'returned')),
        CONSTRAINT versions_number_positive CHECK (number >= 1),
        CONSTRAINT versions_are_sealed CHECK (octet_length(sealed) > 28),
        CONSTRAINT versions_wish_is_sealed CHECK (octet_length(wish) > 28),
        CONSTRAINT versions_proposed_are_signed
            CHECK ((state = 'draft') = (practitioner_signed_at IS NULL)),
        CONSTRAINT versions_agreed_are_signed_by_both
            CHECK ((state = 'agreed') = (client_signed_at IS NOT NULL)),
        CONSTRAINT versions_returned_say_why CHECK ((state = 'returned') = (wish IS NOT NULL))
    )
    """,
    """
    CREATE UNIQUE INDEX versions_one_open ON plans.versions (practice_id, plan_id)
        WHERE state IN ('draft', 'proposed')
    """,
    """
    CREATE TABLE plans.entries (
        practice_id UUID NOT NULL,
        id UUID NOT NULL,
        plan_id UUID NOT NULL,
        chart_id UUID NOT NULL,
        account_id UUID,
        sealed BYTEA NOT NULL,
        logged_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT entries_pkey PRIMARY KEY (practice_id, id),
        CONSTRAINT entries_plan_fkey FOREIGN KEY (practice_id, plan_id)
            REFERENCES plans.plans (practice_id, id),
        CONSTRAINT entries_chart_fkey FOREIGN KEY (practice_id, chart_id)
            REFERENCES plans.charts (practice_id, id),
        CONSTRAINT entries_are_sealed CHECK (octet_length(sealed) > 28)
    )
    """,
    "CREATE INDEX entries_of_plan_idx ON plans.entries (practice_id, plan_id, logged_at)",
]
TENANT_TABLES = ("charts", "accesses", "plans", "versions", "entries")


def upgrade() -> None:
    create_plumbing("plans")
    policies = [
        statement
        for table in TENANT_TABLES
        for statement in protect(f"plans.{table}", account_column="account_id")
    ]
    for statement in [*TABLES, *policies]:
        op.execute(statement)
    # Who looked stays written; a chart and its plans are not taken away either.
    op.execute("REVOKE UPDATE, DELETE ON plans.accesses FROM attune_plans")
