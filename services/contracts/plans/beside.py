"""What a practitioner has beside a session: exercises to rehearse, and what was tried outside."""

from uuid import UUID

from services.common.messages import Command, Instant, View
from services.contracts.plans.content import Exercise
from services.contracts.plans.views import EntryView


class GetSessionExercises(Command):
    """The exercises of the plan with a session's client, for who keeps it."""

    booking_id: UUID


class SessionExercise(View):
    """An agreed exercise. `rehearsed_at`: when it was rehearsed last, in whichever session;
    `is_rehearsed`: in this one."""

    exercise: Exercise
    is_rehearsed: bool = False
    rehearsed_at: Instant | None = None


class SessionExercises(View):
    """Exercises as they matter in a session.

    `since`: the session before it that took place; None where it is the first. `entries`: what the
    client tried from then until this session, the latest first. `may_mark`: whether exercises can
    be said to have been rehearsed in it.
    """

    plan_id: UUID
    since: Instant | None
    exercises: list[SessionExercise]
    entries: list[EntryView]
    may_mark: bool
