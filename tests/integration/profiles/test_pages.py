"""Pages: of the directory, of a practitioner, of the catalogue; and what is not published."""

from dataclasses import replace
from uuid import uuid4

import pytest

from services.common.clock import utc_now
from services.common.database import Database
from services.common.errors import InvalidInput, NotFound
from services.contracts.base import BadCursor, PartOfDay
from services.contracts.profiles.catalogue import GetApproach, GetTopic, ListApproaches, ListTopics
from services.contracts.profiles.directory import (
    DirectoryPage,
    GetPractitioner,
    ListPractitioners,
    PractitionerCard,
    SearchDirectory,
)
from services.profiles import operations
from services.profiles.domain.records import PractitionerRecord
from tests.integration.profiles.conftest import Ask, InPractice
from tests.integration.profiles.samples import (
    House,
    a_practitioner,
    in_hours,
    openings_changed,
    price_published,
)

MORNING = PartOfDay.MORNING


def test_pages_cover_everybody_once(
    ask: Ask, houses: tuple[House, House], in_practice: InPractice
) -> None:
    """Several share one instant, so that only time and id together tell where a page ended."""
    people = [
        replace(a_practitioner(houses[1].practice), topics=("grief-and-loss",)) for _ in range(23)
    ]
    with in_practice(houses[1].practice.id) as tx:
        for place, person in enumerate(people):
            operations.publish_practitioner(tx, person)
            operations.note_price(tx, price_published(person, 6_000))
            openings = {MORNING: in_hours(10 + place // 8)}
            operations.note_openings(tx, openings_changed(person, openings))
    seen: list[PractitionerCard] = []
    search = SearchDirectory(topic="grief-and-loss", limit=5)
    while True:
        page = ask("search_directory", search)
        seen += page.practitioners
        if page.next_cursor is None:
            break
        search = search.model_copy(update={"cursor": page.next_cursor})
    assert sorted(card.practitioner_id for card in seen) == sorted(person.id for person in people)
    assert [card.next_free_at for card in seen] == sorted(card.next_free_at for card in seen)
    assert ask("get_topic", GetTopic(slug="grief-and-loss")).practitioners_count == 23


def test_a_page_is_rendered_as_its_contract_says(
    ask: Ask,
    houses: tuple[House, House],
    in_practice: InPractice,
    profiles_database: Database,
) -> None:
    """Cards are stored ready and not checked again at each search; this checks one."""
    person = replace(a_practitioner(houses[0].practice), topics=("low-mood",), name="Zoë Çelik")
    with in_practice(houses[0].practice.id) as tx:
        operations.publish_practitioner(tx, person)
        operations.note_price(tx, price_published(person, 6_000))
        operations.note_openings(tx, openings_changed(person, {MORNING: in_hours(10)}))
    search = SearchDirectory(topic="low-mood")
    page = operations.search_directory(profiles_database, search, now=utc_now())
    view = DirectoryPage.model_validate(page)
    assert [card.name for card in view.practitioners] == ["Zoë Çelik"]
    assert page == view.model_dump(mode="json", exclude_unset=True)


@pytest.mark.parametrize("cursor", ["x", "!!!", "AAAA" * 10, "ä" * 8])
def test_a_cursor_of_nowhere_is_refused_by_name(ask: Ask, cursor: str) -> None:
    """Bad cursors name the field."""
    with pytest.raises(BadCursor) as refused:
        ask("search_directory", SearchDirectory(cursor=cursor))
    assert set(refused.value.detail) == {"cursor"}


@pytest.mark.parametrize(
    ("search", "field"), [({"max_price": 5}, "currency"), ({"currency": "EUR"}, "max_price")]
)
def test_a_price_needs_amount_and_currency(ask: Ask, search: dict[str, object], field: str) -> None:
    """The missing half is named."""
    with pytest.raises(InvalidInput) as refused:
        ask("search_directory", SearchDirectory.model_validate(search))
    assert set(refused.value.detail) == {field}


def test_a_page_tells_what_is_published_and_no_private_address(
    ask: Ask, therapist: PractitionerRecord
) -> None:
    """Register numbers and the person's e-mail stay within the practice."""
    page = ask("get_practitioner", GetPractitioner(slug=therapist.slug))
    assert page.credentials == ["Licence, Register of Berlin, since 2012"]
    assert [topic.slug for topic in page.topics] == ["sleep"]
    assert [approach.slug for approach in page.approaches] == ["interpersonal-therapy"]
    assert page.topics[0].summary
    told = page.model_dump_json()
    assert therapist.email not in told
    assert "DEMO-1" not in told


def test_unknown_slugs_are_not_found(ask: Ask) -> None:
    """Practitioner, topic and approach alike."""
    for method, command in (
        ("get_practitioner", GetPractitioner(slug="nobody")),
        ("get_topic", GetTopic(slug="nothing")),
        ("get_approach", GetApproach(slug="nothing")),
    ):
        with pytest.raises(NotFound):
            ask(method, command)


def test_the_catalogue_is_told_as_its_files_say(ask: Ask, catalogue: None) -> None:
    """Topics and approaches in order, each leading to the other."""
    topics = ask("list_topics", ListTopics()).topics
    approaches = ask("list_approaches", ListApproaches()).approaches
    assert len(topics) >= 12
    assert len(approaches) >= 8
    topic = ask("get_topic", GetTopic(slug="interpersonal-relationships"))
    assert "interpersonal-therapy" in [approach.slug for approach in topic.approaches]
    assert all("\n\n" not in paragraph for paragraph in topic.what_it_is)
    assert topic.sources
    approach = ask("get_approach", GetApproach(slug="interpersonal-therapy"))
    assert topic.slug in [reference.slug for reference in approach.topics]
    assert isinstance(approach.typical_length, str)


def test_an_unknown_topic_publishes_nothing(
    houses: tuple[House, House], in_practice: InPractice
) -> None:
    """The field is named, and no half of a practitioner is left."""
    record = replace(a_practitioner(houses[0].practice), topics=("astrology",))
    with (
        pytest.raises(InvalidInput) as refused,
        in_practice(record.practice_id) as tx,
    ):
        operations.publish_practitioner(tx, record)
    assert set(refused.value.detail) == {"topics"}


def test_a_taken_page_address_is_refused_by_name(
    houses: tuple[House, House], in_practice: InPractice
) -> None:
    """Two practitioners never share a slug."""
    taken = replace(a_practitioner(houses[1].practice), slug=houses[0].practitioner.slug)
    with pytest.raises(InvalidInput) as refused, in_practice(taken.practice_id) as tx:
        operations.publish_practitioner(tx, taken)
    assert set(refused.value.detail) == {"slug"}


def test_practitioners_are_named_by_id_without_any_opening(
    ask: Ask, houses: tuple[House, House], in_practice: InPractice
) -> None:
    """Of whatever practice, once published, bookable or not; unknown ids are left out."""
    fully_booked = a_practitioner(houses[0].practice)
    with in_practice(houses[0].practice.id) as tx:
        operations.publish_practitioner(tx, fully_booked)
    asked = ListPractitioners(practitioner_ids=[fully_booked.id, uuid4()])
    (named,) = ask("list_practitioners", asked).practitioners
    assert (named.id, named.slug, named.name) == (
        fully_booked.id,
        fully_booked.slug,
        fully_booked.name,
    )
    assert (named.is_verified, named.city, named.time_zone) == (True, "Berlin", "Europe/Berlin")
    assert "@" not in named.model_dump_json()
