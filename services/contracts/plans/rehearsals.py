"""Exercises that were rehearsed in a session, before they are tried outside."""

from uuid import UUID

from services.common.messages import Command, Instant, View


class MarkRehearsed(Command):
    """Say that an exercise was rehearsed in a session, or take it back; for who keeps the plan."""

    booking_id: UUID
    exercise_id: UUID
    is_rehearsed: bool


class RehearsalView(View):
    """An exercise was rehearsed in a session; `rehearsed_at`: when that began."""

    exercise_id: UUID
    booking_id: UUID
    rehearsed_at: Instant
