"""Of each session: its course, what became of it, and which of two messages is the later one."""

from alembic import op

from services.common.tenancy import protect

revision = "0008"
down_revision = "0007"

SESSIONS = """
ALTER TABLE plans.sessions
    ADD COLUMN course_id UUID,
    ADD COLUMN is_late BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN attendance TEXT,
    ADD COLUMN is_forgiven BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN marks INTEGER NOT NULL DEFAULT 0,
    ADD CONSTRAINT sessions_sequence_not_negative CHECK (sequence >= 0),
    ADD CONSTRAINT sessions_marks_not_negative CHECK (marks >= 0),
    ADD CONSTRAINT sessions_attendance_known CHECK (attendance IN ('attended', 'no_show')),
    ADD CONSTRAINT sessions_attendance_was_marked CHECK (attendance IS NULL OR marks >= 1),
    ADD CONSTRAINT sessions_late_are_given_up CHECK (is_given_up OR NOT is_late),
    ADD CONSTRAINT sessions_forgiven_were_missed
        CHECK (NOT is_forgiven OR attendance IS NOT DISTINCT FROM 'no_show')
"""
OF_COURSE = """
CREATE INDEX sessions_of_course_idx ON plans.sessions (practice_id, course_id)
    WHERE course_id IS NOT NULL
"""
COURSES = """
ALTER TABLE plans.courses
    ADD COLUMN stopped_at TIMESTAMP WITH TIME ZONE,
    ADD CONSTRAINT courses_stopped_at_once_stopped
        CHECK (stopped_from IS NOT NULL OR stopped_at IS NULL)
"""
CANCELLED = """
CREATE TABLE plans.cancelled_courses (
    practice_id UUID NOT NULL,
    course_id UUID NOT NULL,
    cancelled_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT cancelled_courses_pkey PRIMARY KEY (practice_id, course_id)
)
"""
# Which course the sessions are of that were heard of before, as far as they are where they were
# agreed on. A course of which not all are known goes by its agreed dates.
REMEMBERED = """
UPDATE plans.sessions AS known SET course_id = its.course_id
FROM plans.courses AS its JOIN plans.plans AS plan
    ON plan.practice_id = its.practice_id AND plan.id = its.plan_id
WHERE known.practice_id = plan.practice_id AND known.client_id = plan.client_id
    AND known.practitioner_id = plan.practitioner_id AND known.starts_at = ANY (its.starts)
    AND its.course_id IS NOT NULL AND its.state IN ('booked', 'stopped')
"""
# An owner sees all practices' rows only while the policies are not forced on it as well.
READ = ("plans.sessions", "plans.courses", "plans.plans")


def upgrade() -> None:
    policies = protect("plans.cancelled_courses")
    for statement in (SESSIONS, OF_COURSE, COURSES, CANCELLED, *policies):
        op.execute(statement)
    for table in READ:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(REMEMBERED)
    for table in READ:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
