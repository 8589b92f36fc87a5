"""Keep the plans of reads that take lists: left to choose, the server makes them anew each time.

It believes a list to hold ten values, so a plan for any list looks dear beside one for the list at
hand, whatever the planning costs (docs/adr/0024).
"""

from alembic import op

revision = "0004"
down_revision = "0003"

READS = (
    "calendars(uuid[], uuid[], date)",
    "taken(uuid[], uuid[], timestamptz, timestamptz, timestamptz, uuid, uuid, uuid)",
    "in_the_way(uuid, uuid, uuid, uuid[], tstzrange, timestamptz, uuid)",
)


def upgrade() -> None:
    for read in READS:
        op.execute(f"ALTER FUNCTION booking.{read} SET plan_cache_mode = force_generic_plan")
