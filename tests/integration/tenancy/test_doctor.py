"""What the doctor asks of the whole house: quiet on a new one, loud for each thing made wrong."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from deploy.local.names import SERVICES
from services import doctor
from services.booking.queries import invariants as of_booking
from services.plans.queries import invariants as of_plans
from services.profiles.queries import invariants as of_profiles
from tests.integration.tenancy.rows import lay_out, relax

WALLED, APART = doctor.WALLS
OVERLAP, TAKEN, IN_TIME = of_booking.ACROSS
TO_COME, AS_TOLD = of_profiles.ACROSS
SEALED = next(iter(of_plans.CHECKS))
BROKEN_WALLS = [
    ("ALTER TABLE booking.sessions NO FORCE ROW LEVEL SECURITY", {WALLED}),
    ("ALTER TABLE booking.sessions DISABLE ROW LEVEL SECURITY", {WALLED}),
    ("CREATE TABLE booking.strays (practice_id uuid)", {WALLED}),
    ("ALTER ROLE attune_booking BYPASSRLS", {APART}),
    ("ALTER TABLE booking.sessions OWNER TO attune_booking", {APART}),
    ("GRANT attune_owner TO attune_booking", {APART}),
]
LEFT = "INSERT INTO booking.outbox (event_id, type, body, request_id, published_at) VALUES"
TEXTS = [
    "I could not sleep after what my mother said.",
    "Ich träume wieder vom Fluss, öfter als früher.",
    "Мне снова снится река, чаще, чем раньше.",
    "また川の夢を見るようになりました。前よりも何度も。",
    '{"feeling": "better", "why": "we talked"}',
]


@contextmanager
def as_service(scratch: Connection, name: str, practice: UUID | None = None) -> Iterator[Session]:
    """A transaction as the role that serves, within a practice if one is named."""
    scratch.execute(text(f"SET LOCAL ROLE attune_{name}"))
    enter = text("SELECT set_config('attune.practice_id', :practice, true)")
    scratch.execute(enter, {"practice": str(practice or "")})
    try:
        yield Session(scratch)
    finally:
        scratch.execute(text("RESET ROLE"))


def broken(counts: dict[str, int]) -> set[str]:
    """The rules that are violated."""
    return {rule for rule, count in counts.items() if count}


def walls(scratch: Connection, name: str) -> set[str]:
    """The walls of a service that are down."""
    with as_service(scratch, name) as tx:
        return broken(doctor.broken_walls(tx, name))


def across(scratch: Connection, name: str, rules: ModuleType, *practices: UUID) -> set[str]:
    """The rules across these practices that are violated."""
    with as_service(scratch, name) as tx:
        return broken(doctor.broken_across(tx, rules, practices))


@pytest.mark.parametrize("name", SERVICES)
def test_a_new_house_has_all_its_walls(scratch: Connection, name: str) -> None:
    """As the migrations leave them, seen by the role that serves."""
    assert walls(scratch, name) == set()


@pytest.mark.parametrize(("change", "rules"), BROKEN_WALLS)
def test_a_wall_that_is_taken_down_is_seen(
    scratch: Connection, change: str, rules: set[str]
) -> None:
    """A table that is open, one that nobody decided on, a role that may too much."""
    scratch.execute(text(change))
    assert walls(scratch, "booking") == rules


def test_two_sessions_at_once_are_seen_in_whatever_practices(scratch: Connection) -> None:
    """The constraint spans practices and so does the look; one practice alone shows neither."""
    here, there = uuid4(), uuid4()
    relax(scratch, "booking.sessions")
    scratch.execute(text("ALTER TABLE booking.sessions DROP CONSTRAINT sessions_no_overlap"))
    for practice in (here, there):
        lay_out(scratch, "booking.sessions", practice, uuid4())
    same = "UPDATE booking.sessions SET practitioner_id = :one, is_override = false"
    scratch.execute(text(same), {"one": uuid4()})
    assert across(scratch, "booking", of_booking, here, there) == {OVERLAP}
    assert across(scratch, "booking", of_booking, here) == set()


def test_a_listed_time_that_is_taken_is_seen_once_nobody_works_on_it(scratch: Connection) -> None:
    """Told as free, and a session lies there; while the openings are due it may be so."""
    practice, person = uuid4(), uuid4()
    relax(scratch, "booking.sessions")
    lay_out(scratch, "booking.sessions", practice, uuid4())
    told = {"one": person, "practice": practice}
    an_hour = "ends_at = starts_at + interval '1 hour'"
    theirs = f"UPDATE booking.sessions SET practitioner_id = :one, seats = 1, {an_hour}"
    scratch.execute(text(theirs), told)
    announced = (
        "INSERT INTO booking.openings_announced SELECT :one, :practice, jsonb_build_array("
        "jsonb_build_object('next_free_at', starts_at)), now() FROM booking.sessions"
        " WHERE practitioner_id = :one"
    )
    scratch.execute(text(announced), told)
    assert across(scratch, "booking", of_booking, practice) == {TAKEN}
    due = "INSERT INTO booking.openings_due VALUES (:one, :practice, now())"
    scratch.execute(text(due), told)
    assert across(scratch, "booking", of_booking, practice) == set()
    late = "UPDATE booking.openings_due SET due_at = now() - interval '6 minutes'"
    scratch.execute(text(late))
    assert across(scratch, "booking", of_booking, practice) == {IN_TIME}


def test_who_is_listed_without_a_time_to_come_is_seen(scratch: Connection) -> None:
    """Time passed and nobody told, or a time that booking never told."""
    person = {"one": uuid4()}
    listed = (
        "INSERT INTO profiles.directory_openings (practitioner_id, subject, part_of_day,"
        " next_free_at, is_soonest, formats, profession, price_amount, price_currency, languages,"
        " approach_marks) VALUES (:one, 'any', 'any', now() - interval '6 minutes', true, 1,"
        " 'therapist', 9000, 'EUR', '{en}', 0)"
    )
    told = (
        "INSERT INTO profiles.told_openings SELECT practitioner_id, now(), jsonb_build_array("
        "jsonb_build_object('next_free_at', next_free_at)) FROM profiles.directory_openings"
        " WHERE practitioner_id = :one"
    )
    scratch.execute(text(listed), person)
    assert across(scratch, "profiles", of_profiles) == {TO_COME, AS_TOLD}
    scratch.execute(text(told), person)
    assert across(scratch, "profiles", of_profiles) == {TO_COME}
    later = "now() + interval '1 hour'"
    scratch.execute(text(f"UPDATE profiles.directory_openings SET next_free_at = {later}"))
    assert across(scratch, "profiles", of_profiles) == {AS_TOLD}


def lost(scratch: Connection) -> int:
    """How many of booking's events notify neither dealt with nor keeps."""
    with as_service(scratch, "booking") as tx:
        left = doctor.published(tx, "booking")
    with as_service(scratch, "notify") as tx:
        return doctor.without_effect(tx, "notify", left)


def left_booking(scratch: Connection, minutes: int) -> dict[str, UUID]:
    """An event that left so many minutes ago."""
    event = {"id": uuid4()}
    at = f"now() - interval '{minutes} minutes'"
    scratch.execute(text(f"{LEFT} (:id, 'booking_confirmed', '{{}}', 'request', {at})"), event)
    return event


@pytest.mark.parametrize(
    "kept",
    [
        "INSERT INTO notify.inbox (event_id, handler) VALUES (:id, 'on_booking_confirmed')",
        (
            "INSERT INTO notify.failed_events (event_id, handler, type, request_id, error, tries)"
            " VALUES (:id, 'on_booking_confirmed', 'booking_confirmed', 'request', 'Boom', 1)"
        ),
    ],
)
def test_an_event_without_its_effect_is_seen(scratch: Connection, kept: str) -> None:
    """Neither in the inbox nor kept for another try: lost. One on its way is none."""
    event = left_booking(scratch, 6)
    left_booking(scratch, 4)
    assert lost(scratch) == 1
    scratch.execute(text(kept), event)
    assert lost(scratch) == 0


def test_a_new_handler_is_not_asked_about_what_left_before_it(scratch: Connection) -> None:
    """It has dealt with something since; what it misses from then on is lost."""
    left_booking(scratch, 60)
    heard = (
        "INSERT INTO notify.inbox (event_id, handler, handled_at)"
        " VALUES (gen_random_uuid(), 'on_booking_confirmed', now() - interval '30 minutes')"
    )
    scratch.execute(text(heard))
    assert lost(scratch) == 0
    left_booking(scratch, 20)
    assert lost(scratch) == 1


def in_the_clear(scratch: Connection, practice: UUID) -> int:
    """How many pieces of a practice's charts are text."""
    with as_service(scratch, "plans", practice) as tx:
        return int(tx.scalar(text(of_plans.CHECKS[SEALED])) or 0)


@pytest.mark.parametrize(("table", "column"), of_plans.SEALED)
def test_clinical_text_in_the_clear_is_seen_wherever_it_lies(
    scratch: Connection, table: str, column: str
) -> None:
    """Whatever its script, cut off in the middle of a letter or not; sealed bytes are no text."""
    practice = uuid4()
    relax(scratch, f"plans.{table}")
    lay_out(scratch, f"plans.{table}", practice, uuid4())
    put = text(f"UPDATE plans.{table} SET {column} = :said")
    for said in TEXTS:
        for times in (1, 9):
            scratch.execute(put, {"said": said.encode() * times})
            assert in_the_clear(scratch, practice) == 1, said
    for length in (29, 60, 4000):
        scratch.execute(put, {"said": os.urandom(length)})
        assert in_the_clear(scratch, practice) == 0


def test_every_sealed_column_is_looked_at() -> None:
    """All bytes that plans stores, but for digests and the charts' own keys."""
    from services.plans.models import metadata

    stored = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.c
        if str(column.type) == "BLOB"
    }
    others = {("access_seals", "digest"), ("charts", "wrapped_key")}
    plumbing = {("failed_events", "raw")}
    assert stored - others - plumbing == set(of_plans.SEALED)
