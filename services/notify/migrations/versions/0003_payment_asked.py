"""A mail that asks for a payment."""

from alembic import op

revision = "0003"
down_revision = "0002"

KNOWN = """
ALTER TABLE notify.messages
    DROP CONSTRAINT messages_template_known,
    ADD CONSTRAINT messages_template_known CHECK (template IN ('confirmed', 'rescheduled',
        'cancelled', 'refunded', 'refused', 'payment_asked', 'reminder_day', 'reminder_hour'))
"""


def upgrade() -> None:
    op.execute(KNOWN)
