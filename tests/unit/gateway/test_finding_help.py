"""The pages that lead to a slot, over the application with services that answer from a table."""

import html
import re
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI

from services.common.errors import Busy, InvalidInput, NotFound
from services.common.messages import Command
from services.contracts.base import BadCursor, Format
from services.contracts.billing import GetPrices
from services.contracts.billing.packages import ListPackageOffers, PackagesView
from services.contracts.booking.offerings import (
    ListNextSlots,
    ListOfferings,
    ListSlots,
    NextSlotsView,
    OfferingsView,
)
from services.contracts.profiles.catalogue import (
    GetTopic,
    ListApproaches,
    ListTopics,
    Reference,
    TopicsView,
    TopicView,
)
from services.contracts.profiles.directory import DirectoryPage, GetPractitioner, SearchDirectory
from services.gateway.visitors import Doorkeeper
from tests.unit.gateway import views
from tests.unit.gateway.apps import fresh_app
from tests.unit.gateway.stand_ins import NoRedis, ToldBackend, fetch
from tests.unit.gateway.test_protection import settings

MIRIAM, TOBIAS = views.card(), views.card("tobias-koehler", name="Tobias Köhler")
TOPIC = TopicView(
    slug="sleep",
    name="Sleep",
    summary="Nights.",
    what_it_is=["A few bad nights."],
    who_meets_it=[],
    signs=["Lying awake."],
    how_therapy_helps=["Step by step."],
    seek_help_at_once=[],
    sources=[],
    last_reviewed_on=date(2026, 11, 11),
    approaches=[views.EMDR],
)


@pytest.fixture
def backend() -> ToldBackend:
    """Two people, the first of whom has lost their last slot a moment ago."""
    return ToldBackend(
        {
            ListTopics: lambda _: views.TOPICS,
            ListApproaches: lambda _: views.APPROACHES,
            GetTopic: lambda _: TOPIC,
            SearchDirectory: lambda _: DirectoryPage(practitioners=[TOBIAS, MIRIAM]),
            ListNextSlots: lambda _: views.next_slots(
                (TOBIAS, []), (MIRIAM, views.hours_ahead(30, 31, 55))
            ),
            GetPractitioner: lambda _: views.practitioner(),
            ListOfferings: lambda _: OfferingsView(offerings=[views.offering()]),
            ListSlots: lambda _: views.slots(views.hours_ahead(30, 31, 55)),
            GetPrices: lambda _: views.prices(),
            ListPackageOffers: lambda _: PackagesView(packages=[]),
        }
    )


@pytest.fixture
def app(backend: ToldBackend) -> FastAPI:
    """The application without servers."""
    made = fresh_app()
    made.state.doorkeeper = Doorkeeper(settings(), NoRedis())
    made.state.backend = backend
    return made


def asked(backend: ToldBackend, kind: type[Command]) -> Any:
    """The last command of a kind."""
    return [one for one in backend.asked if type(one) is kind][-1]


def slot_queries(page: str) -> list[dict[str, list[str]]]:
    """What the addresses of the slots say."""
    urls = re.findall(r'class="slot" href="([^"]+)"', page)
    return [parse_qs(urlsplit(html.unescape(url)).query) for url in urls]


def test_who_has_no_slot_any_more_is_left_out(app: FastAPI, backend: ToldBackend) -> None:
    """Listed means bookable: the card goes, and the count says what is shown."""
    page = fetch(app, "/").text
    assert "Tobias" not in page
    assert "1 person, soonest time first" in page
    assert len(slot_queries(page)) == 3
    assert asked(backend, ListNextSlots).practitioner_ids == [
        TOBIAS.practitioner_id,
        MIRIAM.practitioner_id,
    ]


def test_many_topics_fold_up_and_the_chosen_one_stays_in_sight(
    app: FastAPI, backend: ToldBackend
) -> None:
    """The first six stand before "More topics"; of the others only the one that is chosen."""
    topics = [Reference(slug=f"t{n}", name=f"Topic {n}", summary="") for n in range(12)]
    backend.told[ListTopics] = lambda _: TopicsView(topics=topics)
    for address, first in (("/", range(6)), ("/?topic=t9", [*range(6), 9])):
        shown, folded = fetch(app, address).text.split('<summary class="chip chip--more"', 1)
        slugs = [re.findall(r'id="topic-(\w+)"', part) for part in (shown, folded)]
        assert slugs[0] == [f"t{n}" for n in first]
        assert slugs[1] == [f"t{n}" for n in range(6, 12) if n not in first]


def test_few_topics_need_no_fold(app: FastAPI) -> None:
    """Where all are in sight there is nothing to open."""
    assert "More topics" not in fetch(app, "/").text


def test_programs_are_told_of_nobody_without_a_slot_either(
    app: FastAPI, backend: ToldBackend
) -> None:
    """The API leaves out whom the page leaves out, by the same wishes, and keeps the cursor."""
    backend.told[SearchDirectory] = lambda _: DirectoryPage(
        practitioners=[TOBIAS, MIRIAM], next_cursor="c2"
    )
    found = fetch(app, "/api/v1/practitioners?format=online", accept="application/json").json()
    assert [one["slug"] for one in found["practitioners"]] == [MIRIAM.slug]
    assert found["next_cursor"] == "c2"
    assert asked(backend, ListNextSlots).format is Format.ONLINE
    assert backend.calls == {"profiles": 1, "booking": 1}


def test_a_page_of_the_directory_asks_each_service_once(app: FastAPI, backend: ToldBackend) -> None:
    """However many people are shown; topics are remembered from the first page."""
    fetch(app, "/")
    backend.calls.clear()
    fetch(app, "/directory?topic=sleep&part=evening")
    assert backend.calls == {"profiles": 1, "booking": 1}


def test_a_slot_leads_straight_to_its_checkout(app: FastAPI) -> None:
    """The address names who, where, what and when; the format where one was wished for."""
    query = slot_queries(fetch(app, "/directory?format=online&zone=Asia/Tokyo").text)[0]
    assert query["with"] == ["miriam-adler"]
    assert query["practice"] == [str(views.PRACTICE)]
    assert query["offering"] == [str(views.OFFERING)]
    assert query["start"][0].endswith("Z")
    assert (query["format"], query["zone"]) == (["online"], ["Asia/Tokyo"])


def test_filters_reach_both_searches(app: FastAPI, backend: ToldBackend) -> None:
    """What narrows the list narrows the slots on its cards as well."""
    fetch(app, "/directory?part=evening&format=in_person&week=this&price=EUR-8000&kind=coach")
    search, slots = asked(backend, SearchDirectory), asked(backend, ListNextSlots)
    assert (search.currency, search.max_price, search.profession) == ("EUR", 8000, "coach")
    assert (slots.part_of_day, slots.format) == ("evening", Format.IN_PERSON)
    assert slots.before == search.before is not None


def test_an_unknown_filter_is_named_and_passed_over(app: FastAPI, backend: ToldBackend) -> None:
    """The page comes all the same, and says which part of the address it did not take."""
    answer = fetch(app, "/directory?language=klingon&topic=nope&zone=Mars/Base&part=evening")
    assert answer.status_code == 200
    assert "We do not know the topic and the language and the time zone in this" in answer.text
    search = asked(backend, SearchDirectory)
    assert (search.topic, search.language, search.part_of_day) == (None, None, "evening")


def test_an_empty_list_offers_a_way_for_each_wish(app: FastAPI, backend: ToldBackend) -> None:
    """Each link lets go of exactly one filter and keeps the others."""
    backend.told[SearchDirectory] = lambda _: DirectoryPage(practitioners=[])
    page = html.unescape(fetch(app, "/directory?topic=sleep&part=evening&price=EUR-6000").text)
    assert "Nobody fits all of that right now" in page
    assert 'href="/directory?topic=sleep&part=evening">Any price' in page
    assert 'href="/directory?topic=sleep&price=EUR-6000">Any time of day' in page
    assert 'href="/directory?price=EUR-6000&part=evening">Every topic' in page


def test_more_pages_go_on_and_back(app: FastAPI, backend: ToldBackend) -> None:
    """The trail of cursors stands in the address, so that Back leads where one came from."""
    backend.told[SearchDirectory] = lambda _: DirectoryPage(
        practitioners=[MIRIAM], next_cursor="c3"
    )
    page = html.unescape(fetch(app, "/directory?topic=sleep&page=c1~c2").text)
    assert asked(backend, SearchDirectory).cursor == "c2"
    assert 'href="/directory?topic=sleep&page=c1"' in page
    assert 'href="/directory?topic=sleep&page=c1~c2~c3"' in page.replace("%7E", "~")
    assert "Page 3" in page


def test_a_page_whose_people_are_all_taken_leads_on(app: FastAPI, backend: ToldBackend) -> None:
    """Nobody is told that nobody fits while the list goes on."""
    backend.told[SearchDirectory] = lambda _: DirectoryPage(
        practitioners=[TOBIAS], next_cursor="c1"
    )
    answer = fetch(app, "/directory?topic=sleep")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/directory?topic=sleep&page=c1",
    )


def test_a_cursor_of_another_search_leads_to_the_beginning(
    app: FastAPI, backend: ToldBackend
) -> None:
    """With a word about it that the next page shows."""

    def refuse(_: object) -> None:
        raise BadCursor("no")

    backend.told[SearchDirectory] = refuse
    answer = fetch(app, "/directory?topic=sleep&page=c1")
    assert answer.headers["location"] == "/directory?topic=sleep"
    cookie = answer.headers["set-cookie"]
    assert "__Host-attune-notice" in cookie
    del backend.told[SearchDirectory]
    shown = fetch(app, "/crisis-help", cookie=cookie.split(";")[0])
    assert "The list has changed in the meantime" in shown.text
    assert 'attune-notice-8000=""; expires=' in shown.headers["set-cookie"]


def test_a_notice_that_nobody_signed_is_not_shown(app: FastAPI) -> None:
    """Twin: no other page may put words into ours."""
    answer = fetch(app, "/crisis-help", cookie="__Host-attune-notice-8000=eyJ0ZXh0IjoieCJ9.c2ln")
    assert 'class="banner' not in answer.text


def test_a_topic_is_worth_reading_while_booking_is_away(app: FastAPI, backend: ToldBackend) -> None:
    """The article stays; the people come back with the service."""
    whole = fetch(app, "/topics/sleep").text
    assert "They have time for you" in whole
    assert "Lying awake." in whole

    def away(_: object) -> None:
        raise Busy("away")

    backend.told[ListNextSlots] = away
    article = fetch(app, "/topics/sleep")
    assert article.status_code == 200
    assert "Lying awake." in article.text
    assert "See who has time" in article.text


def test_what_cannot_be_a_page_is_not_found(app: FastAPI, backend: ToldBackend) -> None:
    """No service is asked for a name that can be none."""
    for path in ("/topics/NOPE", "/practitioners/a--b", f"/topics/{'x' * 99}"):
        assert fetch(app, path).status_code == 404
    assert not backend.calls


def test_the_page_of_a_practitioner_tells_prices_terms_and_times(app: FastAPI) -> None:
    """Before anything is asked of the client."""
    page = fetch(app, "/practitioners/miriam-adler").text
    for words in (
        "€95",
        "50 minutes · Online or in Berlin",
        "You can cancel free of charge until 24 hours before the session.",
        "Approbation, Berlin, since 2012. Seen on 3 September 2026.",
        "<strong>Berlin time",
    ):
        assert words in page
    assert len(slot_queries(page)) == 3


def test_who_is_not_checked_is_not_called_checked(app: FastAPI, backend: ToldBackend) -> None:
    """No badge, and a plain word instead of a date."""
    backend.told[GetPractitioner] = lambda _: views.practitioner(
        is_verified=False, verified_on=None
    )
    page = fetch(app, "/practitioners/miriam-adler").text
    assert "Registration checked" not in page
    assert "We have not finished checking the documents." in page


def test_the_picker_without_an_offering_begins_with_the_first(app: FastAPI) -> None:
    """One offering, one address; a month that was asked for stays."""
    answer = fetch(app, "/practitioners/miriam-adler/times?month=2026-12")
    assert answer.headers["location"] == (
        f"/practitioners/miriam-adler/times?offering={views.OFFERING}&month=2026-12"
    )


def test_the_picker_shows_the_first_free_day_in_the_chosen_format(
    app: FastAPI, backend: ToldBackend
) -> None:
    """Each offering stands there in each format; slots carry the one that is chosen."""
    url = f"/practitioners/miriam-adler/times?offering={views.OFFERING}&format=in_person"
    page = fetch(app, url).text
    assert "Session, 50 minutes, online" in page
    assert "Session, 50 minutes, in Berlin" in page
    queries = slot_queries(page)
    assert queries
    assert {query["format"][0] for query in queries} == {"in_person"}
    command = asked(backend, ListSlots)
    assert (command.time_zone, command.format) == ("Europe/Berlin", Format.IN_PERSON)


def test_links_to_starts_carry_the_format_in_which_they_are_free(
    app: FastAPI, backend: ToldBackend
) -> None:
    """Booking says which, where the visitor chose none: another may have no room then."""
    told = views.next_slots((MIRIAM, views.hours_ahead(30))).practitioners[0]
    free = told.model_copy(update={"format": Format.IN_PERSON})
    backend.told[ListNextSlots] = lambda _: NextSlotsView(practitioners=[free])
    for path in ("/practitioners/miriam-adler", "/directory"):
        queries = slot_queries(fetch(app, path).text)
        assert {query["format"][0] for query in queries} == {"in_person"}


def test_a_way_of_meeting_that_is_not_offered_leads_to_those_that_are(
    app: FastAPI, backend: ToldBackend
) -> None:
    """An old link of somebody who meets online only by now."""

    def not_offered(_: object) -> None:
        raise InvalidInput("Look again.", {"format": "is not one of the offering's"})

    backend.told[ListSlots] = not_offered
    url = f"/practitioners/miriam-adler/times?offering={views.OFFERING}"
    answer = fetch(app, f"{url}&format=in_person")
    assert (answer.status_code, answer.headers["location"]) == (303, url)


def test_an_offering_that_is_gone_leads_to_what_there_is(
    app: FastAPI, backend: ToldBackend
) -> None:
    """An old link is no dead end."""

    def gone(_: object) -> None:
        raise NotFound("gone")

    backend.told[ListSlots] = gone
    answer = fetch(app, f"/practitioners/miriam-adler/times?offering={views.OFFERING}")
    assert answer.headers["location"] == "/practitioners/miriam-adler"
    assert fetch(app, answer.headers["location"]).status_code == 200
    backend.told[ListOfferings] = lambda _: OfferingsView(offerings=[])
    onward = fetch(app, "/practitioners/miriam-adler/times")
    assert onward.headers["location"] == "/practitioners/miriam-adler"


@pytest.mark.parametrize("query", ["day=0001-01-01", "day=9999-12-31", "month=x", "day=2026-02-30"])
def test_an_absurd_date_breaks_nothing(app: FastAPI, backend: ToldBackend, query: str) -> None:
    """booking is asked for at most 93 days that exist."""
    backend.told[ListSlots] = lambda _: views.slots([])
    url = f"/practitioners/miriam-adler/times?offering={views.OFFERING}&{query}"
    assert fetch(app, url).status_code == 200
    command = asked(backend, ListSlots)
    assert 0 <= (command.until_on - command.from_on).days < 93


def test_who_must_sign_in_is_led_there_and_back(app: FastAPI) -> None:
    """A page for people instead of a status; htmx gets the header it follows."""
    answer = fetch(app, "/appointments?tab=past")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fappointments%3Ftab%3Dpast"
    boosted = fetch(app, "/appointments", hx_request="true")
    assert (boosted.status_code, boosted.headers["hx-redirect"]) == (
        204,
        "/sign-in?next=%2Fappointments",
    )


def test_crawlers_are_told_the_public_pages(app: FastAPI) -> None:
    """Topics and approaches are in the map, checkout is closed."""
    assert "Disallow: /book" in fetch(app, "/robots.txt").text
    assert "<loc>http://127.0.0.1:8000/topics/sleep</loc>" in fetch(app, "/sitemap.xml").text
