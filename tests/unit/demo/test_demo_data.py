"""The demo's people are complete, fit together, and come out the same every time."""

import shutil
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from deploy.local.demo import DemoData, DemoDataError, load_demo
from deploy.local.demo.loading import DEMO_FOLDER
from services.profiles.catalogue import load_catalogue

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def demo() -> DemoData:
    """The demo as it is on a Monday in November."""
    return load_demo(TODAY)


@pytest.fixture
def copy_of_demo(tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(DEMO_FOLDER, tmp_path / "demo"))


def spoil(path: Path, text: str, replacement: str) -> None:
    """Replace `text`, which must be there, in the file at `path`."""
    content = path.read_text(encoding="utf-8")
    assert text in content
    path.write_text(content.replace(text, replacement, 1), encoding="utf-8")


def test_there_are_three_practices_with_eight_practitioners_and_twenty_clients_each(
    demo: DemoData,
) -> None:
    """Every screen of every practice has something to show."""
    assert {practice.zone: practice.currency for practice in demo.practices} == {
        "Europe/Berlin": "EUR",
        "Europe/London": "GBP",
        "Australia/Sydney": "AUD",
    }
    for practice in demo.practices:
        assert len(list(demo.practitioners_of(practice.slug))) == 8
        assert len(list(demo.clients_of(practice.slug))) == 20


def test_every_practice_has_therapists_and_coaches(demo: DemoData) -> None:
    """The filter for therapist or coach finds both in each city."""
    for practice in demo.practices:
        kinds = {person.kind for person in demo.practitioners_of(practice.slug)}
        assert kinds == {"therapist", "coach"}


def test_public_holidays_close_the_practice_for_a_year_to_both_sides(demo: DemoData) -> None:
    """Christmas is closed everywhere, the region's own day only there."""
    names = {
        practice.slug: {closure.on for closure in practice.closures} for practice in demo.practices
    }
    assert all({date(2025, 12, 25), date(2026, 12, 25)} <= days for days in names.values())
    assert date(2026, 3, 8) in names["lindenbogen"]
    assert date(2026, 8, 31) in names["alder-rooms"]
    assert date(2026, 6, 8) in names["banksia-street"]
    assert date(2026, 3, 8) not in names["alder-rooms"]


def test_every_practitioner_has_known_topics_and_approaches(demo: DemoData) -> None:
    """No profile links to a page that is missing."""
    catalogue = load_catalogue()
    for person in demo.practitioners:
        assert [catalogue.topic(slug) for slug in person.topics]
        assert [catalogue.approach(slug) for slug in person.approaches]
        assert len(set(person.topics)) == len(person.topics)


def test_every_topic_and_approach_has_practitioners(demo: DemoData) -> None:
    """No choice in the directory leads to an empty page."""
    catalogue = load_catalogue()
    topics = {slug for person in demo.practitioners for slug in person.topics}
    approaches = {slug for person in demo.practitioners for slug in person.approaches}
    assert topics == {topic.slug for topic in catalogue.topics}
    assert approaches == {approach.slug for approach in catalogue.approaches}


def test_weekly_hours_are_windows_that_do_not_overlap_and_hold_every_offering(
    demo: DemoData,
) -> None:
    """A practitioner can be booked for everything they offer, in hours that make sense."""
    for person in demo.practitioners:
        for window in person.hours:
            assert window.starts.hour >= 6
            assert window.starts < window.ends
            assert window.ends.hour <= 22
        days = sorted((window.weekday, window.starts, window.ends) for window in person.hours)
        for (day, _, ends), (next_day, starts, _) in pairwise(days):
            assert day != next_day or ends <= starts
        longest = max(offering.minutes for offering in person.offerings)
        assert any(
            (window.ends.hour - window.starts.hour) * 60 + window.ends.minute - window.starts.minute
            >= longest
            for window in person.hours
        )


def test_some_practitioners_work_in_the_evening_and_some_on_saturday(demo: DemoData) -> None:
    """The filters by part of day and by weekday have something to find in each practice."""
    for practice in demo.practices:
        windows = [w for person in demo.practitioners_of(practice.slug) for w in person.hours]
        assert any(window.ends.hour >= 20 for window in windows)
        assert any(window.weekday == 6 for window in windows)


def test_who_sees_people_in_person_says_in_which_room(demo: DemoData) -> None:
    """An address without a room leaves a client standing in the corridor."""
    for person in demo.practitioners:
        assert ("in_person" in person.formats) == (person.room is not None)


def test_everybody_offers_a_first_conversation_and_a_session(demo: DemoData) -> None:
    """New clients have a way in; prices are not zero and fit the currency."""
    for person in demo.practitioners:
        first, *others = person.offerings
        assert (first.slug, first.minutes) == ("first-conversation", 50)
        assert others
        assert all(2_000 <= offering.price_minor <= 30_000 for offering in person.offerings)
        assert len({offering.id for offering in person.offerings}) == len(person.offerings)


def test_cancellation_tiers_fall_with_the_notice(demo: DemoData) -> None:
    """Who cancels later never gets more back."""
    for offering in (offering for person in demo.practitioners for offering in person.offerings):
        tiers = [(tier.hours_before, tier.refund_percent) for tier in offering.cancellation]
        assert tiers == sorted(tiers, reverse=True)
        assert offering.refund_minor(tiers[0][0]) == offering.price_minor
        assert offering.refund_minor(tiers[-1][0] - 0.01) == 0


def test_bios_speak_in_the_first_person_in_two_or_three_paragraphs(demo: DemoData) -> None:
    """Each profile sounds like a person, and no two begin alike."""
    for person in demo.practitioners:
        paragraphs = person.bio.split("\n\n")
        assert 2 <= len(paragraphs) <= 3
        assert {"I", "my", "me", "My"} & set(person.bio.split())
    assert len({person.bio[:20] for person in demo.practitioners}) == 24
    assert len({person.headline for person in demo.practitioners}) == 24


def test_addresses_and_numbers_are_reserved_for_fiction(demo: DemoData) -> None:
    """No mail of the demo can reach anybody."""
    emails = [person.email for person in demo.practitioners]
    emails += [client.email for client in demo.clients]
    emails += [member.email for practice in demo.practices for member in practice.members]
    assert len(set(emails)) == len(emails)
    for email in emails:
        assert email.endswith((".example", "@example.org", "@example.com"))


def test_there_is_one_login_of_each_kind_and_it_belongs_to_its_person(demo: DemoData) -> None:
    """Whoever tries the product meets the client, their practitioner and the practice's admin."""
    by_kind = {login.kind: login for login in demo.logins}
    assert set(by_kind) == {"client", "practitioner", "admin", "operator"}
    client = demo.client(by_kind["client"].person)
    practitioner = demo.practitioner(by_kind["practitioner"].person)
    members = {member.slug: member for member in demo.practice(client.practice).members}
    admin = members[by_kind["admin"].person]
    assert client.regular_with == practitioner.slug
    assert admin.role == "admin"
    for person in (client, practitioner, admin):
        assert person.email in {login.email for login in demo.logins}
        assert person.account_id in {login.account_id for login in demo.logins}


def test_loading_twice_gives_the_same_data_and_ids(demo: DemoData) -> None:
    """A second load finds the rows of the first."""
    again = load_demo(TODAY)
    assert again == demo
    assert [person.id for person in again.practitioners] == [
        person.id for person in demo.practitioners
    ]


def test_ids_are_unique_across_kinds(demo: DemoData) -> None:
    """A practitioner and their account are two things."""
    ids = [practice.id for practice in demo.practices]
    for person in demo.practitioners:
        ids += [person.id, person.account_id, person.schedule_id]
        ids += [offering.id for offering in person.offerings]
        ids += [offering.price_id for offering in person.offerings]
    ids += [client.id for client in demo.clients]
    ids += [client.account_id for client in demo.clients if client.account_id]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("text", "replacement", "field"),
    [
        ('kind = "therapist"', 'kind = "wizard"', "mara-lindenau.kind"),
        ('kind = "therapist"', 'kind = "therapist"\nage = 7', "mara-lindenau.age"),
        ('"grief-and-loss"', '"astrology"', "topics"),
        ('"interpersonal-therapy"', '"astrology"', "approaches"),
        ('policy = "standard"', 'policy = "none"', "booking.policy"),
        ("monday = [", "moonday = [", "hours.moonday"),
        ('"09:00-13:00"', '"nine to one"', "mara-lindenau.hours.0.starts"),
        ("price_minor = 9000", "price_minor = -1", "mara-lindenau.offerings.0.price_minor"),
        ("minutes = 50", "minutes =", "file"),
    ],
)
def test_a_faulty_practitioner_is_refused_by_file_and_field(
    copy_of_demo: Path, text: str, replacement: str, field: str
) -> None:
    """Whoever edits the demo is told where the fault is."""
    spoil(copy_of_demo / "practitioners" / "mara-lindenau.toml", text, replacement)
    with pytest.raises(DemoDataError) as refusal:
        load_demo(TODAY, copy_of_demo)
    assert refusal.value.field == field
    assert str(refusal.value).startswith(f"practitioners/mara-lindenau.toml: {field}: ")


def test_a_client_cannot_be_regular_with_somebody_elsewhere(copy_of_demo: Path) -> None:
    """A client belongs to one practice."""
    spoil(
        copy_of_demo / "clients.toml",
        'regular_with = "mara-lindenau"',
        'regular_with = "imogen-hartwell"',
    )
    with pytest.raises(DemoDataError, match="'imogen-hartwell' does not work there"):
        load_demo(TODAY, copy_of_demo)
