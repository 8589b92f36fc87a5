"""Exercises beside a session: tried since the one before, rehearsed in it, for who treats alone."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.common.auth import Actor
from services.common.errors import NotFound
from services.contracts.booking.events import BookingCancelled, BookingConfirmed
from services.contracts.plans.beside import GetSessionExercises, SessionExercises
from services.contracts.plans.commands import ListAccesses
from services.contracts.plans.content import Move, Party
from services.contracts.plans.refusals import MoveRefused
from services.contracts.plans.rehearsals import MarkRehearsed
from services.contracts.plans.views import PlanView
from services.plans.operations import beside, reading
from tests.integration.plans.desk import NOW, TRIED, Desk
from tests.integration.plans.measuring import Measuring

WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)


@dataclass
class Sessions:
    """A plan that both signed, its client's sessions, and what is asked beside them."""

    desk: Desk
    plan: PlanView

    def held(self, starts_at: datetime, *, is_given_up: bool = False, **with_: UUID) -> UUID:
        """A session that plans heard of; `practitioner_id` where a colleague holds it."""
        booking_id = uuid4()
        heard = Measuring(self.desk)
        heard.hear(BookingConfirmed, starts_at, booking_id=booking_id, **with_)
        if is_given_up:
            later = NOW + timedelta(seconds=1)
            heard.hear(BookingCancelled, starts_at, booking_id=booking_id, occurred_at=later)
        return booking_id

    def seen(
        self, booking_id: UUID, actor: Actor | None = None, now: datetime = NOW
    ) -> SessionExercises:
        who, asked = actor or self.desk.practitioner, GetSessionExercises(booking_id=booking_id)
        with self.desk.database.transaction(who) as tx:
            return beside.session_exercises(tx, self.desk.ring, asked, actor=who, now=now)

    def mark(
        self,
        booking_id: UUID,
        exercise_id: UUID | None = None,
        *,
        is_rehearsed: bool = True,
        actor: Actor | None = None,
    ) -> SessionExercises:
        who = actor or self.desk.practitioner
        command = MarkRehearsed(
            booking_id=booking_id,
            exercise_id=exercise_id or self.exercise_id,
            is_rehearsed=is_rehearsed,
        )
        with self.desk.database.transaction(who) as tx:
            return beside.mark_rehearsed(tx, self.desk.ring, command, actor=who, now=NOW)

    @property
    def exercise_id(self) -> UUID:
        assert self.plan.agreed is not None
        return self.plan.agreed.content.exercises[0].id


@pytest.fixture
def sessions(desk: Desk) -> Sessions:
    """None is known of yet."""
    return Sessions(desk, desk.agreed())


def test_what_was_tried_since_the_last_session_is_beside_the_next(sessions: Sessions) -> None:
    """What was logged before that one is beside that one. Given up, a session is passed over."""
    last, given_up = sessions.held(NOW - WEEK), NOW - HOUR
    sessions.held(given_up, is_given_up=True)
    here = sessions.held(NOW + HOUR)
    sessions.desk.log(sessions.plan)
    told = sessions.seen(here)
    assert (told.plan_id, told.since) == (sessions.plan.id, NOW - WEEK)
    assert [(one.happened, one.went) for one in told.entries] == [(TRIED, 7)]
    assert sessions.seen(last).entries == []
    far = sessions.held(NOW + 2 * WEEK)
    assert sessions.seen(far).since == NOW - WEEK
    after = sessions.seen(far, now=NOW + WEEK)
    assert (after.since, after.entries) == (NOW + HOUR, [])


def test_before_the_first_session_all_is_told(sessions: Sessions) -> None:
    """There is none since which it could be."""
    first = sessions.held(NOW + HOUR)
    sessions.desk.log(sessions.plan)
    told = sessions.seen(first)
    assert (told.since, len(told.entries)) == (None, 1)


def test_an_exercise_is_rehearsed_and_both_read_when(sessions: Sessions) -> None:
    """Said twice it is once; a later session's mark is the one that is told; each is taken back
    alone."""
    first, second = sessions.held(NOW - WEEK), sessions.held(NOW - HOUR)
    for _ in range(2):
        [told] = sessions.mark(first).exercises[:1]
    assert (told.is_rehearsed, told.rehearsed_at) == (True, NOW - WEEK)
    sessions.mark(second)
    for actor in (sessions.desk.client, sessions.desk.practitioner):
        found = sessions.desk.read(sessions.plan.id, actor).rehearsals
        assert [one.rehearsed_at for one in found] == [NOW - HOUR, NOW - WEEK]
    for _ in range(2):
        told = sessions.mark(second, is_rehearsed=False).exercises[0]
    assert (told.is_rehearsed, told.rehearsed_at) == (False, NOW - WEEK)


def test_before_it_begins_nothing_was_rehearsed_in_a_session(sessions: Sessions) -> None:
    """Nor in one that was given up, nor once the plan is over; a mark can be taken back then."""
    done = sessions.held(NOW - HOUR)
    sessions.mark(done)
    for booking_id in (sessions.held(NOW + HOUR), sessions.held(NOW - WEEK, is_given_up=True)):
        assert not sessions.seen(booking_id).may_mark
        with pytest.raises(MoveRefused):
            sessions.mark(booking_id)
    sessions.desk.move(sessions.plan, Move.END)
    with pytest.raises(MoveRefused):
        sessions.mark(done)
    assert not sessions.mark(done, is_rehearsed=False).exercises[0].is_rehearsed


def test_a_colleagues_session_with_the_client_has_no_exercises(sessions: Sessions) -> None:
    """They are rehearsed in the practitioner's own, and nothing is written beside another's."""
    theirs = sessions.held(NOW - HOUR, practitioner_id=uuid4())
    with pytest.raises(NotFound):
        sessions.seen(theirs)
    with pytest.raises(NotFound):
        sessions.mark(theirs)


def test_who_keeps_the_plan_alone_has_it_beside_the_session(sessions: Sessions) -> None:
    """Neither its client, nor a colleague, nor the desk, nor another practice; nor is a session or
    an exercise of somebody else found."""
    booking_id, desk = sessions.held(NOW - HOUR), sessions.desk
    strangers = [
        desk.client,
        replace(desk, practitioner_account=uuid4()).practitioner,
        replace(desk.practitioner, roles=frozenset({"front_desk", "admin", "supervisor"})),
        replace(desk.practitioner, practice_id=uuid4()),
        replace(desk.client, practice_id=desk.practice_id),
    ]
    for stranger in strangers:
        with pytest.raises(NotFound):
            sessions.seen(booking_id, stranger)
        with pytest.raises(NotFound):
            sessions.mark(booking_id, actor=stranger)
    other = desk.another_client()
    theirs = Sessions(other, other.agreed())
    with pytest.raises(NotFound):
        sessions.mark(booking_id, theirs.exercise_id)
    with pytest.raises(NotFound):
        sessions.seen(uuid4())
    assert desk.read(sessions.plan.id, desk.client).rehearsals == []


def test_without_a_plan_that_both_signed_there_is_nothing_beside(desk: Desk) -> None:
    """What is being written is not agreed on."""
    begun = Sessions(desk, desk.ready())
    with pytest.raises(NotFound):
        begun.seen(begun.held(NOW - HOUR))


def test_each_look_and_each_mark_is_written_down(sessions: Sessions) -> None:
    """What was read and what was written; the client reads who did."""
    booking_id, desk = sessions.held(NOW), sessions.desk
    sessions.desk.log(sessions.plan)
    before = _looks(desk, sessions.plan)
    sessions.seen(sessions.held(NOW + HOUR), now=NOW + HOUR / 2)
    looked = _looks(desk, sessions.plan)
    assert looked - before == Counter({("entry", False): 1, ("version", False): 1})
    sessions.mark(booking_id)
    assert (_looks(desk, sessions.plan) - looked)["rehearsal", True] == 1


def _looks(desk: Desk, plan: PlanView) -> Counter[tuple[str, bool]]:
    """By the practitioner."""
    with desk.database.transaction(desk.client) as tx:
        asked = ListAccesses(plan_id=plan.id)
        found = reading.list_accesses(tx, asked, actor=desk.client).accesses
    its = (one for one in found if one.party is Party.PRACTITIONER)
    return Counter((one.kind, one.is_write) for one in its)
