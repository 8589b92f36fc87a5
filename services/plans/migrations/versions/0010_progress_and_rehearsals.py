"""How many sessions a plan has, told without opening it; and where exercises were rehearsed."""

from alembic import op

from services.common.tenancy import protect

revision = "0010"
down_revision = "0009"

# What was agreed on before stays sealed, so its number is not known here: NULL, as for a plan
# without an end, and told as "so far".
SESSIONS = """
ALTER TABLE plans.versions
    ADD COLUMN sessions INTEGER,
    ADD CONSTRAINT versions_sessions_positive CHECK (sessions >= 1),
    ADD CONSTRAINT versions_sessions_are_agreed_on CHECK (sessions IS NULL OR state = 'agreed')
"""
REHEARSALS = """
CREATE TABLE plans.rehearsals (
    practice_id UUID NOT NULL,
    plan_id UUID NOT NULL,
    exercise_id UUID NOT NULL,
    booking_id UUID NOT NULL,
    chart_id UUID NOT NULL,
    marked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT rehearsals_pkey PRIMARY KEY (practice_id, plan_id, exercise_id, booking_id),
    CONSTRAINT rehearsals_plan_fkey FOREIGN KEY (practice_id, plan_id)
        REFERENCES plans.plans (practice_id, id),
    CONSTRAINT rehearsals_session_fkey FOREIGN KEY (practice_id, booking_id)
        REFERENCES plans.sessions (practice_id, booking_id),
    CONSTRAINT rehearsals_chart_fkey FOREIGN KEY (practice_id, chart_id)
        REFERENCES plans.charts (practice_id, id)
)
"""


def upgrade() -> None:
    for statement in (SESSIONS, REHEARSALS, *protect("plans.rehearsals")):
        op.execute(statement)
