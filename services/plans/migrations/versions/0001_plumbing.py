"""Plumbing: outbox, inbox, failed events."""

from services.common.plumbing import create_plumbing

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_plumbing("plans")
