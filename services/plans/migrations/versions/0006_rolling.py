"""Plans without an end: which courses roll forward, and when dates are to be added to them."""

from alembic import op

revision = "0006"
down_revision = "0005"

COURSES = """
ALTER TABLE plans.courses
    ADD COLUMN course_id UUID,
    ADD COLUMN rhythm_after JSONB,
    ADD COLUMN added_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN runs_short TEXT,
    ADD CONSTRAINT courses_become_one_when_agreed
        CHECK (agreed_at IS NOT NULL OR course_id IS NULL),
    ADD CONSTRAINT courses_added_are_booked
        CHECK (added_at IS NULL OR course_id IS NOT NULL),
    ADD CONSTRAINT courses_runs_short_known
        CHECK (runs_short IN ('dates_gone', 'not_offered', 'price_changed'))
"""
# Ids and times only.
ROLLS = """
CREATE TABLE plans.rolls_due (
    plan_id UUID NOT NULL,
    practice_id UUID NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT rolls_due_pkey PRIMARY KEY (plan_id)
)
"""
ROLLS_IN_ORDER = "CREATE INDEX rolls_due_at_idx ON plans.rolls_due (due_at)"


def upgrade() -> None:
    for statement in (COURSES, ROLLS, ROLLS_IN_ORDER):
        op.execute(statement)
