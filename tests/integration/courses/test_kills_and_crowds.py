"""From agreeing to active: killed at every step, and fifty plans for one practitioner at once."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import psycopg2
from sqlalchemy import Connection, event, select

from deploy.local.stack import Stack
from services.booking.domain.schedule import Window
from services.booking.models import Booking, Session
from services.common.database import Database
from services.common.errors import Busy
from services.contracts.plans.content import PlanState, Shape, Stretch
from services.contracts.plans.courses import CourseState
from services.contracts.plans.views import PlanView
from tests.integration.booking.practice import Practice, at
from tests.integration.courses.pair import Pair

SESSIONS = 16
CROWD = 50
OTHER_DAYS = (1, 2, 3, 6, 8)


def weekly(count: int, hour: int = 9) -> list[datetime]:
    return [at(hour, days=7 * (week + 1)) for week in range(count)]


def of_sixteen(pair: Pair) -> PlanView:
    """A plan of 16 weekly sessions before the client."""
    ready = pair.desk.ready()
    assert ready.open is not None
    told = ready.open.content.shape
    phases = [told.phases[0].model_copy(update={"sessions": None})]
    shape = Shape(sessions=SESSIONS, rhythm=[Stretch(weeks_apart=1)], phases=phases)
    plan = pair.desk.revise(ready, shape=shape)
    return pair.desk.propose(pair.choose(plan, weekly(SESSIONS)))


class Killer:
    """Ends the so-manieth statement's connection, COMMIT counted, over several databases."""

    def __init__(self, servers: Stack, owner_of: dict[Database, str]) -> None:
        self.servers = servers
        self.owner_of = owner_of
        self.seen = self.fatal = 0

    @contextmanager
    def at(self, statement: int) -> Iterator[None]:
        self.seen, self.fatal = 0, statement
        heard: list[tuple[Any, str, Callable[..., None]]] = []
        for database, service in self.owner_of.items():

            def count(connection: Connection, *_: Any, service: str = service) -> None:
                self._count(connection, service)

            for moment in ("before_cursor_execute", "commit"):
                event.listen(database.engine, moment, count)
                heard.append((database.engine, moment, count))
        try:
            yield
        finally:
            for engine, moment, listener in heard:
                event.remove(engine, moment, listener)

    def _count(self, connection: Connection, service: str) -> None:
        self.seen += 1
        if self.seen != self.fatal:
            return
        driver: Any = connection.connection.dbapi_connection
        other = psycopg2.connect(self.servers.database_url(service))
        try:
            with other.cursor() as cursor:
                # Waits until the connection has ended.
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [driver.info.backend_pid])
        finally:
            other.close()


def test_killed_at_every_step_between_agree_and_active_it_is_all_or_none(
    pair: Pair, servers: Stack
) -> None:
    """Before each statement and COMMIT of both services, sixteen sessions or none stand; what was
    written goes on from there, until the plan is active with all of them, once."""
    plan = of_sixteen(pair)
    killer = Killer(servers, {pair.desk.database: "plans", pair.practice.database: "booking"})
    steps: Sequence[Callable[[], object]] = (
        lambda: pair.agree(plan),
        pair.deliver_to_booking,
        pair.deliver_to_plans,
    )
    found = set()
    for step in steps:
        statement = 0
        while True:
            statement += 1
            try:
                with killer.at(statement):
                    step()
            except Busy:
                found.add(len(pair.sessions(plan)))
                continue
            if killer.seen < statement:
                break
        assert statement > 3
    assert found == {0, SESSIONS}
    assert pair.desk.read(plan.id, pair.desk.client).state is PlanState.ACTIVE
    assert pair.sessions(plan) == weekly(SESSIONS)
    assert len(pair.practice.events("course_booked")) == 1


def test_fifty_plans_at_once_never_overlap_and_who_lost_chooses_anew(pair: Pair) -> None:
    """All for the same eight hours: eight are booked whole, the others not at all; each of these
    says which dates are gone, and new dates of one of them are booked."""
    with pair.practice.transaction() as tx:
        pair.practice.work(tx, Window(8 * 60, 20 * 60))
    pairs = [
        pair.another_client(at(8 + number % 12, days=OTHER_DAYS[number // 12]))
        for number in range(CROWD)
    ]
    plans = [
        each.proposed([at(9 + number % 8, days=7 + 14 * week) for week in range(6)])
        for number, each in enumerate(pairs)
    ]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: one[0].agree(one[1]), zip(pairs, plans, strict=True)))
    events = pair.agreed_events()
    assert len(events) == CROWD
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(pair.again, events))
    pair.deliver_to_plans()
    states = [each.current(plan).state for each, plan in zip(pairs, plans, strict=True)]
    assert states.count(CourseState.BOOKED) == 8
    assert states.count(CourseState.REFUSED) == CROWD - 8
    _check_no_overlap(pair.practice)
    lost = states.index(CourseState.REFUSED)
    loser, plan = pairs[lost], plans[lost]
    assert len(loser.current(plan).gone) == 6
    again = loser.desk.read(plan.id, loser.desk.practitioner)
    fresh = [at(18, days=7 + 14 * week) for week in range(6)]
    loser.choose(again, fresh)
    loser.agree_to_dates(plan, 2)
    loser.deliver()
    assert loser.sessions(plan) == fresh


def _check_no_overlap(practice: Practice) -> None:
    """Also without the constraint's word: sorted by start, each ends before the next begins."""
    query = select(Session.starts_at, Session.ends_at).where(
        Session.practice_id == practice.id, Session.is_live
    )
    with practice.transaction() as tx:
        spans = [tuple(row) for row in tx.execute(query.order_by(Session.starts_at))]
        courses = select(Booking.id).where(
            Booking.practice_id == practice.id, Booking.course_id.is_not(None)
        )
        assert len(tx.scalars(courses).all()) == 48
    gap = timedelta(minutes=10)
    assert all(later[0] >= one[1] + gap for one, later in pairwise(spans))
