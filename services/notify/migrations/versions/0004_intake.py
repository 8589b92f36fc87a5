"""A mail that reminds of what is asked before a first session."""

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS = [
    "SET LOCAL lock_timeout = '4s'",
    "ALTER TABLE notify.messages DROP CONSTRAINT messages_template_known",
    """
    ALTER TABLE notify.messages ADD CONSTRAINT messages_template_known
        CHECK (template IN ('confirmed', 'rescheduled', 'cancelled', 'refunded', 'refused',
            'payment_asked', 'reminder_day', 'reminder_hour', 'intake_reminder')) NOT VALID
    """,
    "ALTER TABLE notify.messages VALIDATE CONSTRAINT messages_template_known",
    "DROP INDEX notify.messages_one_live_reminder",
    """
    CREATE UNIQUE INDEX messages_one_live_reminder
        ON notify.messages (practice_id, booking_id, template, starts_at)
        WHERE template IN ('reminder_day', 'reminder_hour', 'intake_reminder')
            AND state NOT IN ('cancelled', 'parked')
    """,
]


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
