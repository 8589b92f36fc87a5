"""Measures that are filled in, alerts, reviews, when each comes round, and known sessions."""

from alembic import op

from services.common.tenancy import protect

revision = "0002"
down_revision = "0001"

TABLES = [
    """
    CREATE TABLE plans.fillings (
        practice_id UUID NOT NULL,
        id UUID NOT NULL,
        plan_id UUID NOT NULL,
        chart_id UUID NOT NULL,
        account_id UUID,
        corrects_id UUID,
        sealed BYTEA NOT NULL,
        filled_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT fillings_pkey PRIMARY KEY (practice_id, id),
        CONSTRAINT fillings_corrected_once UNIQUE (practice_id, corrects_id),
        CONSTRAINT fillings_plan_fkey FOREIGN KEY (practice_id, plan_id)
            REFERENCES plans.plans (practice_id, id),
        CONSTRAINT fillings_chart_fkey FOREIGN KEY (practice_id, chart_id)
            REFERENCES plans.charts (practice_id, id),
        CONSTRAINT fillings_correct_earlier_ones FOREIGN KEY (practice_id, corrects_id)
            REFERENCES plans.fillings (practice_id, id),
        CONSTRAINT fillings_are_sealed CHECK (octet_length(sealed) > 28),
        CONSTRAINT fillings_do_not_correct_themselves CHECK (corrects_id <> id)
    )
    """,
    "CREATE INDEX fillings_of_plan_idx ON plans.fillings (practice_id, plan_id, filled_at)",
    """
    CREATE TABLE plans.alerts (
        practice_id UUID NOT NULL,
        id UUID NOT NULL,
        plan_id UUID NOT NULL,
        chart_id UUID NOT NULL,
        filling_id UUID NOT NULL,
        raised_at TIMESTAMP WITH TIME ZONE NOT NULL,
        seen_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT alerts_pkey PRIMARY KEY (practice_id, id),
        CONSTRAINT alerts_once_per_filling UNIQUE (practice_id, filling_id),
        CONSTRAINT alerts_plan_fkey FOREIGN KEY (practice_id, plan_id)
            REFERENCES plans.plans (practice_id, id),
        CONSTRAINT alerts_chart_fkey FOREIGN KEY (practice_id, chart_id)
            REFERENCES plans.charts (practice_id, id),
        CONSTRAINT alerts_filling_fkey FOREIGN KEY (practice_id, filling_id)
            REFERENCES plans.fillings (practice_id, id)
    )
    """,
    "CREATE INDEX alerts_of_plan_idx ON plans.alerts (practice_id, plan_id, raised_at)",
    """
    CREATE TABLE plans.reviews (
        practice_id UUID NOT NULL,
        id UUID NOT NULL,
        plan_id UUID NOT NULL,
        chart_id UUID NOT NULL,
        account_id UUID,
        sealed BYTEA NOT NULL,
        recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
        acknowledged_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT reviews_pkey PRIMARY KEY (practice_id, id),
        CONSTRAINT reviews_plan_fkey FOREIGN KEY (practice_id, plan_id)
            REFERENCES plans.plans (practice_id, id),
        CONSTRAINT reviews_chart_fkey FOREIGN KEY (practice_id, chart_id)
            REFERENCES plans.charts (practice_id, id),
        CONSTRAINT reviews_are_sealed CHECK (octet_length(sealed) > 28),
        CONSTRAINT reviews_seen_after_written CHECK (acknowledged_at >= recorded_at)
    )
    """,
    "CREATE INDEX reviews_of_plan_idx ON plans.reviews (practice_id, plan_id, recorded_at)",
    """
    CREATE TABLE plans.dues (
        practice_id UUID NOT NULL,
        plan_id UUID NOT NULL,
        chart_id UUID NOT NULL,
        account_id UUID,
        kind TEXT NOT NULL,
        number INTEGER NOT NULL,
        from_at TIMESTAMP WITH TIME ZONE NOT NULL,
        sessions INTEGER,
        expected_at TIMESTAMP WITH TIME ZONE NOT NULL,
        due_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT dues_pkey PRIMARY KEY (practice_id, plan_id, kind, number),
        CONSTRAINT dues_plan_fkey FOREIGN KEY (practice_id, plan_id)
            REFERENCES plans.plans (practice_id, id),
        CONSTRAINT dues_chart_fkey FOREIGN KEY (practice_id, chart_id)
            REFERENCES plans.charts (practice_id, id),
        CONSTRAINT dues_kind_known CHECK (kind IN ('measure', 'review')),
        CONSTRAINT dues_number_not_negative CHECK (number >= 0),
        CONSTRAINT dues_sessions_positive CHECK (sessions >= 1)
    )
    """,
    """
    CREATE TABLE plans.sessions (
        practice_id UUID NOT NULL,
        booking_id UUID NOT NULL,
        client_id UUID NOT NULL,
        practitioner_id UUID NOT NULL,
        starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
        is_given_up BOOLEAN NOT NULL,
        told_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT sessions_pkey PRIMARY KEY (practice_id, booking_id)
    )
    """,
    """
    CREATE INDEX sessions_of_client_idx
        ON plans.sessions (practice_id, client_id, practitioner_id, starts_at)
    """,
]
OF_CLIENT = ("fillings", "reviews", "dues")
OF_PRACTICE = ("alerts", "sessions")


def upgrade() -> None:
    policies = [
        *(s for table in OF_CLIENT for s in protect(f"plans.{table}", account_column="account_id")),
        *(statement for table in OF_PRACTICE for statement in protect(f"plans.{table}")),
    ]
    for statement in [*TABLES, *policies]:
        op.execute(statement)
    # What was answered stays as it was; a correction is another row.
    op.execute("REVOKE UPDATE, DELETE ON plans.fillings FROM attune_plans")
