"""Mails about packages: bought, about to lapse, ended; each once for a sale."""

from alembic import op

revision = "0008"
down_revision = "0007"

STATEMENTS = [
    "SET LOCAL lock_timeout = '4s'",
    "ALTER TABLE notify.messages DROP CONSTRAINT messages_template_known",
    """
    ALTER TABLE notify.messages ADD CONSTRAINT messages_template_known
        CHECK (template IN ('confirmed', 'rescheduled', 'cancelled', 'refunded', 'refused',
            'payment_asked', 'reminder_day', 'reminder_hour', 'intake_reminder',
            'package_bought', 'package_lapses', 'package_ended')) NOT VALID
    """,
    "ALTER TABLE notify.messages VALIDATE CONSTRAINT messages_template_known",
    """
    CREATE UNIQUE INDEX messages_once_per_package
        ON notify.messages (practice_id, booking_id, template)
        WHERE template IN ('package_bought', 'package_lapses', 'package_ended')
    """,
]


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
