"""The dates that were chosen for a plan's sessions, and what became of them."""

from alembic import op

from services.common.tenancy import protect

revision = "0005"
down_revision = "0004"

COURSES = """
CREATE TABLE plans.courses (
    practice_id UUID NOT NULL,
    plan_id UUID NOT NULL,
    choice INTEGER NOT NULL,
    chart_id UUID NOT NULL,
    account_id UUID,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    terms JSONB NOT NULL,
    starts TIMESTAMP WITH TIME ZONE[] NOT NULL,
    gone TIMESTAMP WITH TIME ZONE[] NOT NULL,
    flaw TEXT,
    stopped_from TIMESTAMP WITH TIME ZONE,
    chosen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    agreed_at TIMESTAMP WITH TIME ZONE,
    settled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT courses_pkey PRIMARY KEY (practice_id, plan_id, choice),
    CONSTRAINT courses_plan_fkey FOREIGN KEY (practice_id, plan_id)
        REFERENCES plans.plans (practice_id, id),
    CONSTRAINT courses_chart_fkey FOREIGN KEY (practice_id, chart_id)
        REFERENCES plans.charts (practice_id, id),
    CONSTRAINT courses_choice_positive CHECK (choice >= 1),
    CONSTRAINT courses_version_positive CHECK (version >= 1),
    CONSTRAINT courses_state_known
        CHECK (state IN ('agreed', 'booked', 'chosen', 'dropped', 'refused', 'stopped')),
    CONSTRAINT courses_starts_bounded CHECK (cardinality(starts) BETWEEN 1 AND 60),
    CONSTRAINT courses_flaw_known
        CHECK (flaw IN ('dates_gone', 'not_offered', 'price_changed')),
    CONSTRAINT courses_refused_say_why CHECK ((state = 'refused') = (flaw IS NOT NULL)),
    CONSTRAINT courses_agreed_before_booked
        CHECK ((state IN ('chosen', 'dropped')) = (agreed_at IS NULL)),
    CONSTRAINT courses_stopped_say_when
        CHECK ((state = 'stopped') = (stopped_from IS NOT NULL))
)
"""
ONE_UNDER_WAY = """
CREATE UNIQUE INDEX courses_one_under_way ON plans.courses (practice_id, plan_id)
    WHERE state IN ('chosen', 'agreed')
"""


def upgrade() -> None:
    policies = protect("plans.courses", account_column="account_id")
    for statement in [COURSES, ONE_UNDER_WAY, *policies]:
        op.execute(statement)
