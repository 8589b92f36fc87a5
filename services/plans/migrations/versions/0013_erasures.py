"""What is erased by itself is written down, by no account."""

from alembic import op

revision = "0013"
down_revision = "0012"

BY_ONE = """
ALTER TABLE plans.accesses
    DROP CONSTRAINT accesses_by_one,
    ADD CONSTRAINT accesses_by_one CHECK (
        num_nonnulls(by_account_id, by_booking_id)
            = CASE WHEN kind IN ('erased_note', 'erased_private_note') THEN 0 ELSE 1 END
    )
"""


def upgrade() -> None:
    op.execute(BY_ONE)
