"""Which courses were added by themselves to those that were agreed on."""

from alembic import op

revision = "0005"
down_revision = "0004"

COLUMN = "ALTER TABLE booking.courses ADD COLUMN is_added boolean NOT NULL DEFAULT false"


def upgrade() -> None:
    op.execute(COLUMN)
