"""Alembic's entry: the house's way of migrating one schema."""

from services.booking.models import metadata
from services.common.migrate import run_env

run_env(metadata)
