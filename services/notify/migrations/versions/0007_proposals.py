"""Mails to clients that a proposal without dates waits for their answer."""

from alembic import op

revision = "0007"
down_revision = "0006"

STATEMENTS = [
    "SET LOCAL lock_timeout = '4s'",
    "ALTER TABLE notify.notices DROP CONSTRAINT notices_kind_known",
    """
    ALTER TABLE notify.notices ADD CONSTRAINT notices_kind_known
        CHECK (kind IN ('welcome', 'has_account', 'alert', 'dates', 'proposal'))
    """,
]


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
