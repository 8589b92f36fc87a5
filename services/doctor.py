"""What must never be false, looked at on live data: nothing is changed, no chart is opened.

Each service's own rules are in its `queries/invariants.py`: PRACTICES lists the practices, CHECKS
counts violations within one, ACROSS counts those of the service as a whole, with the calendars of
all practices readable. What every service keeps, and what holds between two of them, stands here.
"""

import importlib
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.common import health
from services.common.auth import service_actor
from services.common.runtime import Runtime
from services.common.serve import topology

RULES = ("profiles", "booking", "plans", "billing")
READ_ALL = text("SELECT set_config('attune.practice_ids', :all, true)")

#: Of a service's own schema. What has a `practice_id` and is of no other kind is a tenant's table.
WALLS = {
    "every table of a practice is under forced row-level security": """
        SELECT count(*) FROM pg_class c
        WHERE c.relnamespace = CAST(:schema AS regnamespace) AND c.relkind IN ('r', 'p')
          AND c.relname <> ALL(:others) AND EXISTS (
            SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'practice_id')
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity
            AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))""",
    "the role that serves owns nothing and bypasses nothing": """
        SELECT (SELECT count(*) FROM pg_roles r
                WHERE r.rolname = current_user AND (r.rolsuper OR r.rolbypassrls))
          + (SELECT count(*) FROM pg_class c
             WHERE c.relnamespace = CAST(:schema AS regnamespace)
               AND pg_has_role(current_user, c.relowner, 'MEMBER'))""",
}

EFFECTS = "every event had its effects, or is kept for another try"
#: Of the past day; a message may be under way for minutes.
PUBLISHED = """
    SELECT event_id, type, published_at FROM {schema}.outbox
    WHERE published_at BETWEEN now() - interval '1 day' AND now() - interval '5 minutes'"""
#: A handler that is new has not heard what was published before its first.
UNHEARD = """
    SELECT count(*) FROM unnest(CAST(:ids AS uuid[]), CAST(:at AS timestamptz[])) AS e (id, at)
    WHERE NOT EXISTS (
        SELECT FROM {schema}.inbox i WHERE i.event_id = e.id AND i.handler = :handler)
      AND NOT EXISTS (
        SELECT FROM {schema}.failed_events f WHERE f.event_id = e.id AND f.handler = :handler)
      AND e.at >= coalesce((
        SELECT min(handled_at) FROM {schema}.inbox WHERE handler = :handler), '-infinity')"""

Published = Mapping[str, list[tuple[UUID, Any]]]
"""Each type of event, `publisher.type`, with the ids and instants of those that left."""


def checks(houses: Iterable[Runtime]) -> Iterable[tuple[str, str, str]]:
    """Service, check and answer (`ok`, or what is wrong), one after the other."""
    ready: list[Runtime] = []
    for house in houses:
        told = health.check(house)
        ready += [house] if told.is_ready else []
        answers = told.checks | (_rules(house) if told.is_ready else {})
        yield from ((house.name, check, answer) for check, answer in answers.items())
    left: dict[str, list[tuple[UUID, Any]]] = {}
    for house in ready:
        with house.database.plumbing() as tx:
            left |= published(tx, house.name)
    for house in ready:
        with house.database.plumbing() as tx:
            yield house.name, EFFECTS, answer_of(without_effect(tx, house.name, left))


def answer_of(violations: int) -> str:
    """`ok`, or how often a rule is violated."""
    return f"violated {violations} times" if violations else "ok"


def _rules(house: Runtime) -> dict[str, str]:
    """The service's own rules, in every practice and across them, and its walls."""
    with house.database.plumbing() as tx:
        found = broken_walls(tx, house.name)
    if house.name in RULES:
        rules = importlib.import_module(f"services.{house.name}.queries.invariants")
        with house.database.plumbing() as tx:
            practices = list(tx.scalars(text(rules.PRACTICES)))
            found |= broken_across(tx, rules, practices)
        found |= dict.fromkeys(rules.CHECKS, 0)
        for practice_id in practices:
            with house.database.transaction(service_actor(house.name, practice_id, "doctor")) as tx:
                for rule, count in rules.CHECKS.items():
                    found[rule] += tx.scalar(text(count)) or 0
    return {rule: answer_of(count) for rule, count in found.items()}


def broken_across(tx: Session, rules: Any, practices: Iterable[UUID]) -> dict[str, int]:
    """The violations of each rule of ACROSS."""
    tx.execute(READ_ALL, {"all": ",".join(map(str, practices))})
    across: Mapping[str, str] = getattr(rules, "ACROSS", {})
    return {rule: tx.scalar(text(count)) or 0 for rule, count in across.items()}


def broken_walls(tx: Session, name: str) -> dict[str, int]:
    """The violations of each rule of WALLS, as the role that serves."""
    metadata = importlib.import_module(f"services.{name}.models").metadata
    others = [one.name for one in metadata.sorted_tables if one.info["kind"] != "tenant"]
    told = {"schema": name, "others": others}
    return {
        rule: tx.scalar(text(count), {key: told[key] for key in told if f":{key}" in count}) or 0
        for rule, count in WALLS.items()
    }


def published(tx: Session, name: str) -> dict[str, list[tuple[UUID, Any]]]:
    """What left a service in the past day and must have arrived by now."""
    left: dict[str, list[tuple[UUID, Any]]] = {}
    for row in tx.execute(text(PUBLISHED.format(schema=name))):
        left.setdefault(f"{name}.{row.type}", []).append((row.event_id, row.published_at))
    return left


def without_effect(tx: Session, name: str, left: Published) -> int:
    """How many of these events a handler of the service neither dealt with nor keeps."""
    unheard = text(UNHEARD.format(schema=name))
    count = 0
    for source, handler in _heard(name):
        if events := left.get(source):
            ids, at = zip(*events, strict=True)
            given = {"ids": list(map(str, ids)), "at": list(at), "handler": handler}
            count += tx.scalar(unheard, given) or 0
    return count


def _heard(name: str) -> list[tuple[str, str]]:
    """`publisher.type` and handler for each event that a service hears, by its queues."""
    _, queues = topology(name)
    heard = [queue for queue in queues if queue.name.startswith("evt-")]
    return [
        (f"{queue.exchange.name.split('.')[0]}.{queue.routing_key}", queue.name.rsplit(".", 1)[1])
        for queue in heard
    ]
