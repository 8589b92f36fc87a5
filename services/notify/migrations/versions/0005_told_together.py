"""Of each message: the further bookings that it tells of."""

from alembic import op

revision = "0005"
down_revision = "0004"

ALSO = "ALTER TABLE notify.messages ADD COLUMN also UUID[] NOT NULL DEFAULT '{}'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(ALSO)
