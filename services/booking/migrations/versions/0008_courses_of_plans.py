"""Of which plan a course is."""

from alembic import op

revision = "0008"
down_revision = "0007"

COLUMN = "ALTER TABLE booking.courses ADD COLUMN plan_id uuid"


def upgrade() -> None:
    op.execute(COLUMN)
