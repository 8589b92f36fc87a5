"""The directory over the broker: fed by events, searched by calls."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic, sleep
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text

from services.common.clock import utc_now
from services.common.database import Database
from services.contracts.base import Format, PartOfDay
from services.contracts.profiles.directory import PractitionerCard, SearchDirectory
from services.profiles import operations
from services.profiles.catalogue import load_catalogue
from services.profiles.domain.records import PractitionerRecord
from services.profiles.models import DirectoryOpening, plumbing
from tests.integration.profiles.broker import EventSource
from tests.integration.profiles.conftest import Ask, InPractice
from tests.integration.profiles.samples import (
    House,
    a_practitioner,
    in_hours,
    openings_changed,
    price_published,
)

MORNING, EVENING = PartOfDay.MORNING, PartOfDay.EVENING


def card_of(ask: Ask, person: PractitionerRecord, **search: object) -> PractitionerCard | None:
    command = SearchDirectory.model_validate({"topic": "sleep", "limit": 50} | search)
    cards = ask("search_directory", command).practitioners
    return next((card for card in cards if card.practitioner_id == person.id), None)


def soon(holds: Callable[[], object], seconds: float = 5) -> None:
    until = monotonic() + seconds
    while not holds() and monotonic() < until:
        sleep(0.02)
    assert holds()


def when_handled(database: Database, event_id: UUID) -> None:
    """Wait until a handler has dealt with the event."""
    inbox = plumbing.inbox

    def is_claimed() -> bool:
        with database.plumbing() as tx:
            claim = select(func.count()).select_from(inbox).where(inbox.c.event_id == event_id)
            return bool(tx.scalar(claim))

    soon(is_claimed)


def next_free(ask: Ask, person: PractitionerRecord, **search: object) -> datetime | None:
    card = card_of(ask, person, **search)
    return card.next_free_at if card else None


def test_who_has_a_price_and_a_time_is_listed_with_everything_a_card_shows(
    ask: Ask,
    therapist: PractitionerRecord,
    booking_events: EventSource,
    billing_events: EventSource,
) -> None:
    """Neither event alone lists anybody; the cheapest offering's price is shown."""
    at = in_hours(20)
    billing_events.publish(price_published(therapist, 9_500))
    billing_events.publish(price_published(therapist, 4_000))
    billing_events.publish(price_published(therapist, 100, currency="GBP"))
    assert card_of(ask, therapist) is None
    booking_events.publish(openings_changed(therapist, {EVENING: at}))
    soon(lambda: (card := card_of(ask, therapist)) and card.price.amount == 4_000)
    card = card_of(ask, therapist)
    assert card is not None
    assert card.model_dump(mode="json") == {
        "practitioner_id": str(therapist.id),
        "practice_id": str(therapist.practice_id),
        "slug": therapist.slug,
        "name": therapist.name,
        "title": "Dr.",
        "profession": "therapist",
        "is_verified": True,
        "portrait_url": therapist.portrait_url,
        "languages": ["de", "en"],
        "formats": ["online", "in_person"],
        "topics": [{"slug": "sleep", "name": card.topics[0].name, "summary": ""}],
        "price": {"amount": 4_000, "currency": "EUR"},
        "time_zone": "Europe/Berlin",
        "city": "Berlin",
        "next_free_at": at.isoformat().replace("+00:00", "Z"),
    }


def test_events_before_the_page_list_it_once_it_is_published(
    ask: Ask,
    houses: tuple[House, House],
    in_practice: InPractice,
    profiles_database: Database,
    booking_events: EventSource,
    billing_events: EventSource,
) -> None:
    """No order is promised between services."""
    later = replace(a_practitioner(houses[0].practice), topics=("sleep",))
    ids = (uuid4(), uuid4())
    booking_events.publish(openings_changed(later, {MORNING: in_hours(9)}), ids[0])
    billing_events.publish(price_published(later, 7_000), ids[1])
    for event_id in ids:
        when_handled(profiles_database, event_id)
    assert card_of(ask, later) is None
    with in_practice(later.practice_id) as tx:
        operations.publish_practitioner(tx, later)
    assert next_free(ask, later) == in_hours(9)


@pytest.fixture
def listed(
    ask: Ask,
    therapist: PractitionerRecord,
    booking_events: EventSource,
    billing_events: EventSource,
) -> PractitionerRecord:
    """Free in the morning in 30 hours and in the evening in 12, for 80 EUR."""
    billing_events.publish(price_published(therapist, 8_000))
    openings = {MORNING: in_hours(30), EVENING: in_hours(12)}
    booking_events.publish(openings_changed(therapist, openings))
    soon(lambda: card_of(ask, therapist))
    return therapist


@pytest.mark.parametrize(
    ("search", "is_found"),
    [
        ({}, True),
        ({"topic": None}, True),
        ({"topic": "anxiety"}, False),
        ({"topic": None, "approach": "interpersonal-therapy"}, True),
        ({"approach": "interpersonal-therapy"}, True),
        ({"approach": "emdr"}, False),
        ({"topic": None, "approach": "emdr"}, False),
        ({"profession": "therapist"}, True),
        ({"profession": "coach"}, False),
        ({"language": "de"}, True),
        ({"language": "fr"}, False),
        ({"format": "in_person"}, True),
        ({"currency": "EUR", "max_price": 8_000}, True),
        ({"currency": "EUR", "max_price": 7_999}, False),
        ({"currency": "GBP", "max_price": 8_000}, False),
        ({"part_of_day": "evening"}, True),
        ({"part_of_day": "afternoon"}, False),
        ({"before": in_hours(13)}, True),
        ({"before": in_hours(11)}, False),
        ({"part_of_day": "morning", "before": in_hours(13)}, False),
    ],
    ids=str,
)
def test_each_filter_keeps_who_fits_and_drops_who_does_not(
    ask: Ask, listed: PractitionerRecord, search: dict[str, object], is_found: bool
) -> None:
    """Every filter of the search, met and missed."""
    assert (card_of(ask, listed, **search) is not None) == is_found


def test_the_soonest_time_is_that_of_the_part_of_day_asked_for(
    ask: Ask, listed: PractitionerRecord
) -> None:
    """Any part tells the soonest of all."""
    assert next_free(ask, listed) == in_hours(12)
    assert next_free(ask, listed, part_of_day=MORNING) == in_hours(30)


def test_the_soonest_time_is_that_of_the_format_asked_for(
    ask: Ask,
    therapist: PractitionerRecord,
    booking_events: EventSource,
    billing_events: EventSource,
) -> None:
    """Online sooner than in person: each search tells its own, and any format tells one card."""
    billing_events.publish(price_published(therapist, 8_000))
    online = openings_changed(therapist, {MORNING: in_hours(5)}, formats=(Format.ONLINE,))
    both = openings_changed(therapist, {EVENING: in_hours(40)})
    event = online.model_copy(update={"openings": [*online.openings, *both.openings]})
    booking_events.publish(event)
    soon(lambda: card_of(ask, therapist))
    assert next_free(ask, therapist, format=Format.ONLINE) == in_hours(5)
    assert next_free(ask, therapist, format=Format.IN_PERSON) == in_hours(40)
    everybody = ask("search_directory", SearchDirectory(topic="sleep", limit=50)).practitioners
    assert [card.next_free_at for card in everybody if card.practitioner_id == therapist.id] == [
        in_hours(5)
    ]


def test_an_older_computation_changes_nothing(
    ask: Ask,
    listed: PractitionerRecord,
    profiles_database: Database,
    booking_events: EventSource,
) -> None:
    """Events that overtake each other end at the newest."""
    old = openings_changed(listed, {}, computed_at=utc_now() - timedelta(hours=1))
    event_id = uuid4()
    booking_events.publish(old, event_id)
    when_handled(profiles_database, event_id)
    assert next_free(ask, listed) == in_hours(12)


def test_no_openings_take_a_card_off(
    ask: Ask, listed: PractitionerRecord, booking_events: EventSource
) -> None:
    """Who has no bookable time is not listed."""
    booking_events.publish(openings_changed(listed, {}))
    soon(lambda: card_of(ask, listed) is None)


def test_a_card_goes_with_the_clock(
    ask: Ask, listed: PractitionerRecord, booking_events: EventSource
) -> None:
    """A time that has passed lists nobody, though no event says so."""
    booking_events.publish(openings_changed(listed, {EVENING: utc_now() + timedelta(seconds=1.5)}))
    soon(lambda: (at := next_free(ask, listed)) is None or at < in_hours(1), seconds=1)
    soon(lambda: card_of(ask, listed) is None)


def test_the_same_times_again_touch_no_row(
    listed: PractitionerRecord, profiles_database: Database, booking_events: EventSource
) -> None:
    """A newer computation with the same outcome leaves every row where it lies."""

    def places() -> set[str]:
        with profiles_database.plumbing() as tx:
            own = select(text("ctid::text || xmin::text")).select_from(DirectoryOpening)
            return set(tx.scalars(own.where(DirectoryOpening.practitioner_id == listed.id)))

    before, event_id = places(), uuid4()
    again = {MORNING: in_hours(30), EVENING: in_hours(12)}
    booking_events.publish(openings_changed(listed, again), event_id)
    when_handled(profiles_database, event_id)
    assert before
    assert places() == before


def test_an_older_price_version_changes_nothing(
    ask: Ask,
    listed: PractitionerRecord,
    profiles_database: Database,
    billing_events: EventSource,
) -> None:
    """The newest version counts, whatever comes last."""
    offering, event_id = uuid4(), uuid4()
    billing_events.publish(price_published(listed, 3_000, offering_id=offering, version=2))
    soon(lambda: (card := card_of(ask, listed)) and card.price.amount == 3_000)
    billing_events.publish(
        price_published(listed, 9_900, offering_id=offering, version=1), event_id
    )
    when_handled(profiles_database, event_id)
    card = card_of(ask, listed)
    assert card is not None
    assert card.price.amount == 3_000


def test_a_renamed_topic_is_renamed_on_the_cards(
    ask: Ask, listed: PractitionerRecord, profiles_database: Database
) -> None:
    """Cards are ready made; storing another catalogue writes its names on them."""
    files = load_catalogue()
    sleep_topic = files.topic("sleep")
    others = tuple(topic for topic in files.topics if topic.slug != "sleep")
    renamed = replace(sleep_topic, name="Sleeping badly")
    for topic in (renamed, sleep_topic):
        with profiles_database.plumbing() as tx:
            operations.store_catalogue(tx, replace(files, topics=(*others, topic)))
        card = card_of(ask, listed)
        assert card is not None
        assert [one.name for one in card.topics] == [topic.name]
