"""Plumbing, calendars, offerings, sessions, bookings, and the guards that keep them apart."""

from alembic import op

from services.booking.migrations.changes_of_0001 import SCHEDULE_CHANGES
from services.booking.migrations.courses_of_0001 import COURSES
from services.booking.migrations.tables_of_0001 import TABLES
from services.common.plumbing import create_plumbing
from services.common.tenancy import protect

revision = "0001"
down_revision = None

TENANT_TABLES = (
    "policies", "schedules", "schedule_hours", "schedule_overrides", "time_off", "closures",
    "busy_times", "rooms", "offerings", "sessions", "participants", "changes", "schedule_changes",
    "courses",
)  # fmt: skip

# What the calendars of several practices at once are worked out from, for directory cards.
CALENDAR_TABLES = (
    "schedules", "schedule_hours", "schedule_overrides", "time_off", "closures", "busy_times",
    "rooms", "offerings", "policies", "sessions", "bookings",
)  # fmt: skip

# One order for everybody: without it two transactions that need the same two locks can each
# wait for the other. A lock ends with its transaction.
LOCKS = """
CREATE FUNCTION booking.lock_in_order(keys bigint[]) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(key)
    FROM (SELECT DISTINCT key FROM unnest(keys) AS key ORDER BY key) AS ordered
$$
"""

# A transaction may name practices whose calendars it reads, or the one booking whose door it
# opens; it cannot write through either.
READING = """
CREATE POLICY several ON booking.{table} FOR SELECT USING (practice_id = ANY (
    string_to_array(NULLIF(current_setting('attune.practice_ids', true), ''), ',')::uuid[]))
"""
DOOR = """
CREATE POLICY door ON booking.bookings FOR SELECT
USING (id = NULLIF(current_setting('attune.booking_id', true), '')::uuid)
"""


def upgrade() -> None:
    create_plumbing("booking")
    op.execute(TABLES)
    op.execute(SCHEDULE_CHANGES)
    op.execute(COURSES)
    op.execute(LOCKS)
    for table in TENANT_TABLES:
        _execute(protect(f"booking.{table}"))
    _execute(protect("booking.bookings", account_column="account_id"))
    _execute([READING.format(table=table) for table in CALENDAR_TABLES])
    op.execute(DOOR)
    # A version of a policy is for ever, and so is what was done to a calendar or a booking.
    for table in ("policies", "schedule_changes", "changes"):
        op.execute(f"REVOKE UPDATE, DELETE ON booking.{table} FROM attune_booking")


def _execute(statements: list[str]) -> None:
    for statement in statements:
        op.execute(statement)
