"""Slots as they are served, from rows to starts, against the naive reference."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from services.booking.domain.schedule import DaysOff, Override, Schedule, WeeklyHours, Window
from services.booking.domain.slot_rules import Occupied, OfferingRules, SlotRules, TakenSession
from services.booking.models import Offering
from services.booking.operations import setup
from services.common.database import Database
from tests.integration.booking.written import Written, naive, written
from tests.unit.booking.strategies import OWN, sessions, situations

# The night on which clocks in Berlin fall back, and the afternoon before it.
NOW = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
NIGHT = datetime(2026, 10, 25, tzinfo=UTC)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(situations(), st.data())
def test_what_is_served_is_exactly_what_the_naive_reference_finds(
    booking_database: Database,
    situation: tuple[SlotRules, Occupied, datetime, datetime, datetime],
    data: st.DataObject,
) -> None:
    """Hours, buffers, limits, holds and busy times around nights that change the clock, read back
    from their rows in one trip; holds that have lapsed are in nobody's way."""
    rules, drawn, now, from_, _ = situation
    alone = [one._replace(seats_left=0) for one in drawn.sessions]
    taken = Occupied(alone, drawn.busy)
    lapsed = data.draw(st.lists(sessions(int(from_.timestamp())), max_size=2))
    with written(booking_database, now) as practice:
        practice.open(rules)
        practice.fill(taken, lapsed)
        assert practice.served(from_).starts == naive(rules, taken, now, from_)


@dataclass
class Changed:
    """A practice as it is written, and the rules that it is to be served by."""

    practice: Written
    rules: SlotRules
    taken: Occupied

    def check(self) -> None:
        """Served is what the rules of now say, asked twice so that the second meets a memory."""
        for _ in range(2):
            expected = naive(self.rules, self.taken, NOW, NIGHT)
            assert self.practice.served(NIGHT).starts == expected

    def schedule(self, **changed: object) -> None:
        schedule = replace(self.rules.schedule, **changed)  # type: ignore[arg-type]
        self.rules = replace(self.rules, schedule=schedule)


def test_no_change_between_two_reads_is_missed(booking_database: Database) -> None:
    """Hours, a date, a holiday, the offering, its terms and price, the video address, a zone, a
    session: each is served by the very next read, however warm the memory of the last one is."""
    hours = tuple(WeeklyHours(day, Window(0, 1440)) for day in range(1, 8))
    offering = OfferingRules(OWN, 50, increment=30)
    with written(booking_database, NOW) as practice:
        now = Changed(practice, SlotRules(Schedule("Europe/Berlin", hours), offering), Occupied())
        practice.open(now.rules)
        now.check()
        tx, mine = practice.tx, practice.mine

        shorter = tuple(WeeklyHours(day, Window(60, 720)) for day in range(1, 8))
        setup.set_weekly_hours(tx, *mine, shorter, now=NOW)
        now.schedule(weekly=shorter)
        now.check()

        other = Override(date(2026, 10, 25), (Window(120, 300),))
        setup.set_override(tx, *mine, other, now=NOW)
        now.schedule(overrides=(other,))
        now.check()

        holiday = DaysOff(date(2026, 10, 26), date(2026, 10, 26))
        closure = setup.NewClosure(mine[0], uuid4(), holiday.first_on, holiday.last_on)
        setup.add_closure(tx, closure, now=NOW)
        now.schedule(days_off=(holiday,))
        now.check()

        changed = replace(offering, minutes=25, before=5, after=10)
        practice.offer(changed, practice.own_id)
        now.rules = replace(now.rules, offering=changed)
        now.check()

        setup.open_schedule(tx, setup.NewSchedule(*mine, "Europe/London"), now=NOW)
        now.schedule(zone="Europe/London")
        now.check()

        at = int((NIGHT + timedelta(hours=2)).timestamp())
        now.taken = Occupied([TakenSession(at, at - 300, at + 2_100, OWN)])
        practice.fill(now.taken, [])
        now.check()


def test_price_terms_and_video_address_are_those_of_now(booking_database: Database) -> None:
    """What is told beside the starts is never that of an earlier read either."""
    hours = tuple(WeeklyHours(day, Window(0, 1440)) for day in range(1, 8))
    rules = SlotRules(Schedule("Europe/Berlin", hours), OfferingRules(OWN, 50))
    with written(booking_database, NOW) as practice:
        practice.open(rules)
        before = practice.served(NIGHT).offered
        price_id, address = uuid4(), "https://meet.example/other"
        own = Offering.id == practice.own_id
        practice.tx.execute(update(Offering).where(own).values(price_id=price_id))
        schedule = setup.NewSchedule(*practice.mine, "Europe/Berlin", video_url=address)
        setup.open_schedule(practice.tx, schedule, now=NOW)
        terms = setup.NewPolicy(practice.practice_id, practice.policy_id, ((48, 50),), version=2)
        setup.add_policy(practice.tx, terms)
        practice.tx.execute(update(Offering).where(own).values(policy_version=2))
        now = practice.served(NIGHT).offered
        assert (now.offering.price_id, now.calendar.video_url) == (price_id, address)
        assert now.policy.terms["tiers"] == [[48, 50]] != before.policy.terms["tiers"]
        assert now.offering.price_id != before.offering.price_id
