"""Traps of events: no queue, failing handlers, undecodable bodies, doubles."""

import time

from kombu import Connection, Exchange, Producer
from sqlalchemy.orm import Session

from deploy.local import environment
from services.common.auth import Actor
from services.common.inbox import MOST_TRIES
from services.common.parking import replay
from services.plans.models import metadata
from tests.integration.traps.conftest import House, eventually
from tests.integration.traps.probe import Announce, Done, End

ANYBODY = Actor()
QUEUE = "evt-plans-probe_happened--plans.on_probe_happened"


def _announce(house: House, name: str, end: End = End.WELL) -> None:
    command = Announce(name=name, end=end)
    house.caller.call("plans", "announce", command, ANYBODY, Done)


def _delete_queue(house: House) -> None:
    url = environment.service(house.servers.stack, "plans")["PLANS_AMQP_URL"]
    with Connection(url) as connection:
        connection.channel().queue_delete(QUEUE)


def test_an_event_sent_before_its_queue_exists_arrives_when_it_does(house: House) -> None:
    """`mandatory` brings it back to the relay, which keeps it as a row and tries again."""
    house.end_probe()
    _delete_queue(house)
    silent = house.started(is_silent=True)
    _announce(house, "early")
    assert eventually(
        lambda: (
            house.rows("SELECT attempts > 0 FROM plans.outbox WHERE published_at IS NULL")
            == [(True,)]
        )
    )
    silent.stop()
    house.started()
    assert eventually(lambda: house.count("handled early") == 1)
    assert house.rows("SELECT count(*) FROM plans.outbox WHERE published_at IS NULL") == [(0,)]


def test_a_failing_handler_is_retried_parked_and_replayed_without_a_hot_loop(house: House) -> None:
    """Five tries with growing waits, then a row that a person can see; others are not blocked."""
    house.started()
    _announce(house, "poison", End.RAISES)
    _announce(house, "healthy")
    assert eventually(lambda: house.count("handled healthy") == 1, 5)
    parked = "SELECT handler, error FROM plans.failed_events WHERE parked_at IS NOT NULL"
    assert eventually(lambda: house.rows(parked) == [("on_probe_happened", "RuntimeError")], 40)
    assert house.count("tried poison") == MOST_TRIES
    assert house.count("handled poison") == 0
    house.execute("INSERT INTO plans.probe_effects (name) VALUES ('healed')")
    house.execute("UPDATE plans.failed_events SET parked_at = NULL, tries = 0, due_at = now()")
    assert eventually(lambda: house.count("handled poison") == 1, 5)
    # Forgotten once it is handled, in a transaction of its own.
    assert eventually(lambda: house.rows("SELECT count(*) FROM plans.failed_events") == [(0,)])


def test_an_outage_costs_no_try_and_is_over_when_it_ends(house: House) -> None:
    """What an event needs may be away for longer than five tries take: it waits, and is not parked;
    after a day a person shall know."""
    house.started()
    _announce(house, "patient", End.AWAY)
    assert eventually(lambda: _hurried(house) and house.count("tried patient") > MOST_TRIES + 1)
    kept = "SELECT tries, error, parked_at IS NULL FROM plans.failed_events"
    assert eventually(lambda: house.rows(f"{kept} WHERE tries = 0") == [(0, "Busy", True)])
    house.execute("UPDATE plans.failed_events SET failed_at = now() - interval '25 hours'")
    assert eventually(lambda: _hurried(house) and house.rows(kept) == [(0, "Busy", False)])
    house.execute("INSERT INTO plans.probe_effects (name) VALUES ('healed')")
    with Session(house.engine) as tx, tx.begin():
        assert replay(tx, metadata) == 1
    assert eventually(lambda: house.count("handled patient") == 1, 5)


def test_an_event_that_kills_its_process_is_parked_after_five_tries(house: House) -> None:
    """A try counts before it is made: the broker alone would bring such an event back for ever."""
    house.started()
    _announce(house, "killer", End.DIES)
    parked = "SELECT handler FROM plans.failed_events WHERE parked_at IS NOT NULL"
    assert eventually(lambda: bool(house.revived() and _hurried(house) and house.rows(parked)), 90)
    assert house.count("tried killer") == MOST_TRIES
    _announce(house, "healthy")
    assert eventually(lambda: house.count("handled healthy") == 1, 5)


def test_an_undecodable_body_is_parked_with_its_bytes(house: House) -> None:
    """nameko would log one line and lose it; here a person can read what came."""
    house.started()
    _publish_raw(house, b"{not json", "application/json")
    parked = "SELECT handler, raw, parked_at IS NOT NULL FROM plans.failed_events"
    assert eventually(lambda: len(house.rows(parked)) == 1, 10)
    handler, raw, is_parked = house.rows(parked)[0]
    assert (handler, bytes(raw), is_parked) == ("undecodable", b"{not json", True)
    _announce(house, "after")
    assert eventually(lambda: house.count("handled after") == 1, 5)


def test_a_body_that_is_no_event_is_parked_at_once(house: House) -> None:
    """What can never be understood is not tried five times."""
    house.started()
    _publish_raw(house, b'{"name": 5}', "application/json")
    parked = "SELECT tries, error FROM plans.failed_events WHERE parked_at IS NOT NULL"
    assert eventually(lambda: len(house.rows(parked)) == 1, 10)
    assert house.rows(parked) == [(1, "ValidationError")]


def test_an_event_that_comes_twice_has_one_effect(house: House) -> None:
    """The relay may publish again after a crash: the inbox claims each event once per handler."""
    house.started()
    _announce(house, "twice")
    assert eventually(lambda: house.count("handled twice") == 1)
    house.execute("UPDATE plans.outbox SET published_at = NULL")
    assert eventually(
        lambda: house.rows("SELECT count(*) FROM plans.outbox WHERE published_at IS NULL") == [(0,)]
    )
    time.sleep(0.5)
    assert house.count("handled twice") == 1
    assert house.count("tried twice") == 1


def test_without_the_inbox_the_same_event_has_two_effects(house: House) -> None:
    """The twin: with the claim taken away the double shows, so the test above can fail."""
    house.started()
    _announce(house, "twin")
    assert eventually(lambda: house.count("handled twin") == 1)
    house.execute("DELETE FROM plans.inbox")
    house.execute("UPDATE plans.outbox SET published_at = NULL")
    assert eventually(lambda: house.count("handled twin") == 2)


def _hurried(house: House) -> bool:
    """True, once what waits for another try is due."""
    house.execute("UPDATE plans.failed_events SET due_at = now()")
    return True


def _publish_raw(house: House, body: bytes, content_type: str) -> None:
    url = environment.service(house.servers.stack, "plans")["PLANS_AMQP_URL"]
    with Connection(url) as connection:
        exchange = Exchange("plans.events", type="topic", no_declare=True)
        Producer(connection.channel(), exchange=exchange, auto_declare=False).publish(
            body,
            routing_key="probe_happened",
            content_type=content_type,
            content_encoding="utf-8",
        )
