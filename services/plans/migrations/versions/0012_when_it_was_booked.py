"""When a session was booked: a form is asked of those alone who book after it was published."""

from alembic import op

revision = "0012"
down_revision = "0011"

# What is heard from a service of before is booked when it is written down.
BOOKED = """
ALTER TABLE plans.sessions
    ADD COLUMN booked_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now()
"""
REMEMBERED = "UPDATE plans.sessions SET booked_at = told_at"


def upgrade() -> None:
    op.execute(BOOKED)
    # An owner sees all practices' rows only while the policies are not forced on it as well.
    op.execute("ALTER TABLE plans.sessions NO FORCE ROW LEVEL SECURITY")
    op.execute(REMEMBERED)
    op.execute("ALTER TABLE plans.sessions FORCE ROW LEVEL SECURITY")
