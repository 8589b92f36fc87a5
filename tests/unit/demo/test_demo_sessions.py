"""The demo's year of sessions could have happened: on the grid, in nobody's way, all year."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from time import perf_counter
from uuid import uuid4

import pytest

from deploy.local.demo import DemoData, DemoSession, generate_sessions, load_demo
from deploy.local.demo_calendars import rooms_of

# The days after the clocks change in Europe or Sydney, a leap-day, and an ordinary Monday.
DAYS = (date(2026, 11, 23), date(2026, 3, 30), date(2026, 10, 5), date(2028, 2, 29))


@pytest.fixture(scope="module", params=DAYS, ids=str)
def demo(request: pytest.FixtureRequest) -> DemoData:
    """The demo on one of the days."""
    return load_demo(request.param)


@pytest.fixture(scope="module")
def sessions(demo: DemoData) -> list[DemoSession]:
    """All sessions of that demo."""
    return list(generate_sessions(demo))


def overlapping(
    sessions: list[DemoSession],
    owner: Callable[[DemoSession], str],
    span: Callable[[DemoSession], tuple[datetime, datetime]],
) -> list[DemoSession]:
    """Those sessions that begin before their owner's previous one has ended."""
    spans: dict[str, list[tuple[datetime, datetime, DemoSession]]] = defaultdict(list)
    for session in sessions:
        spans[owner(session)].append((*span(session), session))
    found = []
    for ranges in spans.values():
        ranges.sort(key=lambda item: item[:2])
        found += [later[2] for earlier, later in pairwise(ranges) if later[0] < earlier[1]]
    return found


def blocked(session: DemoSession) -> tuple[datetime, datetime]:
    """The practitioner's range, buffers included."""
    return session.blocked_from, session.blocked_until


def test_no_practitioner_sees_two_clients_at_once_buffers_included(
    sessions: list[DemoSession],
) -> None:
    """The constraint on blocked ranges accepts every row."""
    assert overlapping(sessions, lambda session: session.practitioner, blocked) == []


def test_no_client_is_in_two_places(sessions: list[DemoSession]) -> None:
    """The constraint on participants accepts every row."""
    clash = overlapping(
        sessions, lambda session: session.client, lambda s: (s.starts_at, s.ends_at)
    )
    assert clash == []


def test_the_overlap_check_finds_a_session_that_was_moved_onto_another(
    sessions: list[DemoSession],
) -> None:
    """Without room between them the two tests above would fail."""
    found = overlapping([*sessions, sessions[0]], lambda session: session.practitioner, blocked)
    assert found == [sessions[0]]


def test_every_session_starts_on_the_grid_of_its_weekly_hours(
    demo: DemoData, sessions: list[DemoSession]
) -> None:
    """In the practitioner's zone, summer and winter, it lies in a window, a multiple in."""
    for session in sessions:
        person = demo.practitioner(session.practitioner)
        offering = {entry.slug: entry for entry in person.offerings}[session.offering]
        local = session.starts_at.astimezone(demo.zone_of(person))
        window = next(
            window
            for window in person.hours
            if window.weekday == local.isoweekday()
            and window.starts <= local.time()
            and session.ends_at.astimezone(demo.zone_of(person)).time() <= window.ends
        )
        minutes = (local.hour - window.starts.hour) * 60 + local.minute - window.starts.minute
        assert minutes % offering.increment_minutes == 0
        assert local.second == local.microsecond == 0


def test_lengths_buffers_and_prices_are_those_of_the_offering(
    demo: DemoData, sessions: list[DemoSession]
) -> None:
    """What was booked is what is offered, in the practice's currency."""
    for session in sessions:
        person = demo.practitioner(session.practitioner)
        offering = {entry.slug: entry for entry in person.offerings}[session.offering]
        assert session.ends_at - session.starts_at == timedelta(minutes=offering.minutes)
        assert session.starts_at - session.blocked_from == timedelta(
            minutes=offering.before_minutes
        )
        assert session.blocked_until - session.ends_at == timedelta(minutes=offering.after_minutes)
        assert session.price_minor == offering.price_minor
        assert session.currency == demo.practice(session.practice).currency
        assert session.format in person.formats


def test_nobody_works_on_holidays_or_time_off(demo: DemoData, sessions: list[DemoSession]) -> None:
    """Closed is closed."""
    for session in sessions:
        person = demo.practitioner(session.practitioner)
        day = session.starts_at.astimezone(demo.zone_of(person)).date()
        assert day not in {closure.on for closure in demo.practice(session.practice).closures}
        assert not any(absence.starts_on <= day < absence.ends_on for absence in person.time_off)


def test_what_lies_before_today_is_over_and_the_rest_is_confirmed(
    demo: DemoData, sessions: list[DemoSession]
) -> None:
    """A year back, two weeks ahead, courses to their end, and no session without an outcome."""
    for session in sessions:
        day = session.starts_at.astimezone(demo.zone_of(demo.practitioner(session.practitioner)))
        assert demo.today - timedelta(days=366) <= day.date()
        assert session.of_course or day.date() < demo.today + timedelta(days=14)
        assert (session.state == "confirmed") == (day.date() >= demo.today)


def test_bookings_keep_notice_and_window(demo: DemoData, sessions: list[DemoSession]) -> None:
    """Each was bookable when it was booked, and booked before the demo's day began."""
    for session in sessions:
        person = demo.practitioner(session.practitioner)
        offering = {entry.slug: entry for entry in person.offerings}[session.offering]
        ahead = session.starts_at - session.booked_at
        assert timedelta(hours=offering.notice_hours) <= ahead
        assert session.of_course or ahead <= timedelta(days=offering.window_days)
        assert session.booked_at.astimezone(demo.zone_of(person)).date() < demo.today


def test_refunds_follow_the_policy(demo: DemoData, sessions: list[DemoSession]) -> None:
    """In full when cancelled in time, less when late, nothing otherwise."""
    for session in sessions:
        if session.cancelled_at is None:
            assert session.state in {"confirmed", "attended", "no_show"}
            assert session.refund_minor == 0
            continue
        assert session.booked_at <= session.cancelled_at < session.starts_at
        offering = {
            entry.slug: entry for entry in demo.practitioner(session.practitioner).offerings
        }[session.offering]
        hours = (session.starts_at - session.cancelled_at).total_seconds() / 3600
        in_time = hours >= offering.cancellation[0].hours_before
        assert session.state == ("cancelled" if in_time else "late_cancelled")
        assert (session.refund_minor == session.price_minor) == in_time


def test_attendance_is_plausible(sessions: list[DemoSession]) -> None:
    """Most people come; every state occurs."""
    states = Counter(session.state for session in sessions)
    past = len(sessions) - states["confirmed"]
    assert past > 800
    assert 0.75 <= states["attended"] / past <= 0.95
    assert all(states[state] >= 10 for state in ("no_show", "cancelled", "late_cancelled"))
    assert states["confirmed"] >= 30


def test_every_practitioner_and_client_has_a_past(
    demo: DemoData, sessions: list[DemoSession]
) -> None:
    """Every list that somebody opens has rows in it."""
    assert {session.practitioner for session in sessions} == {
        person.slug for person in demo.practitioners
    }
    assert {session.client for session in sessions} == {client.slug for client in demo.clients}


def test_instants_are_utc(sessions: list[DemoSession]) -> None:
    """Nothing naive or local reaches a database."""
    for session in sessions:
        for instant in (*blocked(session), session.starts_at, session.ends_at, session.booked_at):
            assert instant.tzinfo is UTC


def test_the_same_day_gives_the_same_sessions_in_under_a_second(
    demo: DemoData, sessions: list[DemoSession]
) -> None:
    """Loading twice is harmless, and quick."""
    began = perf_counter()
    again = list(generate_sessions(demo))
    assert perf_counter() - began < 1
    assert again == sessions
    assert len({session.id for session in again}) == len(again)


def test_habits_keep_their_wall_time_when_the_clocks_change(
    demo: DemoData, sessions: list[DemoSession]
) -> None:
    """The year holds both offsets of each zone, so the grid was tested across the change."""
    offsets = defaultdict(set)
    for session in sessions:
        zone = demo.zone_of(demo.practitioner(session.practitioner))
        offsets[session.practice].add(session.starts_at.astimezone(zone).utcoffset())
    assert all(len(seen) == 2 for seen in offsets.values())


def test_who_shares_rooms_meets_in_one_of_them_and_no_room_is_taken_twice(
    demo: DemoData, sessions: list[DemoSession]
) -> None:
    """One practice has rooms; its sessions in person are in them, nearly always."""
    [practice] = [one for one in demo.practices if one.rooms]
    its = [one for one in sessions if one.practice == practice.slug]
    in_person = [one for one in its if one.format == "in_person" and not one.cancelled_at]
    rooms = [uuid4() for _ in practice.rooms]
    found = rooms_of(its, rooms)
    assert set(found) <= {one.id for one in in_person}
    assert len(found) > 0.9 * len(in_person) > 50
    for room in rooms:
        hours = [(one.starts_at, one.ends_at) for one in its if found.get(one.id) == room]
        assert all(end <= start for (_, end), (start, _) in pairwise(hours))
