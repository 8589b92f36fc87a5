"""Mails to practitioners that something needs their look: each alert has its own."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = [
    "ALTER TABLE notify.notices ADD COLUMN fact_id UUID",
    "ALTER TABLE notify.notices DROP CONSTRAINT notices_once_a_day",
    """
    ALTER TABLE notify.notices ADD CONSTRAINT notices_once_a_day
        UNIQUE NULLS NOT DISTINCT (account_id, kind, made_on, fact_id)
    """,
    "ALTER TABLE notify.notices DROP CONSTRAINT notices_kind_known",
    """
    ALTER TABLE notify.notices ADD CONSTRAINT notices_kind_known
        CHECK (kind IN ('welcome', 'has_account', 'alert'))
    """,
]


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
