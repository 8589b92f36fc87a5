"""Sessions that are paid by invoice, and how often it was said who came."""

from alembic import op

revision = "0003"
down_revision = "0002"

COLUMNS = """
ALTER TABLE booking.bookings
    ADD COLUMN is_on_account boolean NOT NULL DEFAULT false,
    ADD COLUMN marks integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT bookings_marks_positive CHECK (marks >= 0)
"""


def upgrade() -> None:
    op.execute(COLUMNS)
