"""Which page wrote the draft of an intake, so that another one does not write over it unseen."""

from alembic import op

revision = "0007"
down_revision = "0006"

COLUMN = """
ALTER TABLE plans.intakes
    ADD COLUMN draft_page_id UUID,
    ADD CONSTRAINT intakes_page_of_a_draft CHECK (draft_page_id IS NULL OR draft IS NOT NULL)
"""


def upgrade() -> None:
    op.execute(COLUMN)
