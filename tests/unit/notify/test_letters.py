"""What mails say."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from services.common.money import Money
from services.contracts.base import Format
from services.contracts.booking.bookings import BookingState
from services.gateway.web import labels
from services.notify.domain.kinds import Recipient, Template
from services.notify.domain.subjects import subject_of
from services.notify.operations import wording
from services.notify.operations.letters import Letter, Occasion, write
from tests.unit.notify.occasions import LETTERHEAD, NOW, STARTS_AT, booking, contact, occasion

FOR_PRACTITIONERS = (Template.CONFIRMED, Template.RESCHEDULED, Template.CANCELLED)
PAIRS = [(template, Recipient.CLIENT) for template in Template] + [
    (template, Recipient.PRACTITIONER) for template in FOR_PRACTITIONERS
]
CANARY = "<script>alert('canary')</script>\"&"
ESCAPED = "&lt;script&gt;alert(&#39;canary&#39;)&lt;/script&gt;&#34;&amp;"


def any_occasion(template: Template, recipient: Recipient, **changes: object) -> Occasion:
    values = {"money": Money(4500, "EUR"), "refund_percent": 50, "previous_starts_at": NOW}
    return occasion(template, recipient, **values | changes)


def written(template: Template, recipient: Recipient, **changes: object) -> Letter:
    return write(any_occasion(template, recipient, **changes), LETTERHEAD)


@pytest.mark.parametrize(("template", "recipient"), PAIRS)
def test_what_people_typed_is_escaped_in_html(template: Template, recipient: Recipient) -> None:
    """A name can hold markup; the mail shows it and does not obey it."""
    names = dict.fromkeys(("name", "practitioner_name", "practice_name"), CANARY)
    html = written(template, recipient, contact=contact(**names)).html
    assert ESCAPED in html
    assert "<script" not in html


@pytest.mark.parametrize(("template", "recipient"), PAIRS)
def test_subjects_are_neutral(template: Template, recipient: Recipient) -> None:
    """The subject is the same for everybody: it has no place for a name, topic or practice."""
    letters = {
        written(template, recipient).subject,
        written(
            template,
            recipient,
            contact=contact(name="X", practitioner_name="Y", practice_name="Z"),
            booking=booking(offering_name="Trauma therapy", format=Format.IN_PERSON),
        ).subject,
    }
    assert letters == {subject_of(template, recipient)}
    telling = re.compile(r"therap|coach|session|practice|treat|counsel|mental|dr\b", re.I)
    assert not telling.search(letters.pop())


@pytest.mark.parametrize(("template", "recipient"), PAIRS)
def test_the_offering_is_named_nowhere(template: Template, recipient: Recipient) -> None:
    """What somebody seeks help with stays out of mails."""
    letter = written(template, recipient)
    assert "Couples" not in letter.html + letter.text


@pytest.mark.parametrize("template", FOR_PRACTITIONERS)
def test_a_notice_to_the_practitioner_does_not_name_the_client(template: Template) -> None:
    """Nor does it hold the client's private link."""
    letter = written(template, Recipient.PRACTITIONER)
    said = letter.html + letter.text
    assert "Anna" not in said
    assert "client.example" not in said
    assert "/b/" not in said


@pytest.mark.parametrize(("template", "recipient"), PAIRS)
def test_a_mail_fetches_nothing_and_links_home_only(
    template: Template, recipient: Recipient
) -> None:
    """No image, no tracking, no other host."""
    letter = written(template, recipient)
    assert not re.search(r"<(img|link|iframe|script)|url\(|@import|\ssrc=", letter.html)
    hosts = re.findall(r"https?://([^/\s\"<]+)", letter.html + letter.text)
    assert set(hosts) == {"attune.example"}


def links_of(letter: Letter) -> list[set[str]]:
    """The addresses in each part, without the private one."""
    found = (re.findall(r"https?://[^\s\"<]+", part) for part in (letter.text, letter.html))
    return [{url for url in urls if "/b/" not in url} for urls in found]


@pytest.mark.parametrize("template", FOR_PRACTITIONERS)
def test_a_notice_leads_to_the_practitioners_day(template: Template) -> None:
    """Not to the front page, which is for people who look for help."""
    notice = written(template, Recipient.PRACTITIONER)
    assert links_of(notice) == [{"https://attune.example/today"}] * 2


@pytest.mark.parametrize("template", [Template.CANCELLED, Template.REFUSED])
def test_another_time_is_found_in_the_directory(template: Template) -> None:
    """Where the hours are that can be booked now."""
    letter = written(template, Recipient.CLIENT)
    assert links_of(letter) == [{"https://attune.example/directory"}] * 2


@pytest.mark.parametrize("recipient", Recipient)
def test_every_line_of_text_is_filled_in(recipient: Recipient) -> None:
    """No placeholder and no empty figure is left over."""
    for template, reader in PAIRS:
        if reader is recipient:
            letter = written(template, reader)
            assert not re.search(r"\{[{%]|None|\[\]", letter.text + letter.html), template
            assert not re.search(r"\n\n\n\n", letter.text), template


def test_a_confirmation_says_when_where_and_what_next() -> None:
    """Join link, private link, the client's zone by name, the policy, the next step."""
    letter = written(Template.CONFIRMED, Recipient.CLIENT)
    for told in (
        "Tuesday, 24 November 2026",
        "14:00 to 14:50",
        "Berlin time",
        "https://attune.example/join/0192f000/aB3_x",
        "https://attune.example/b/t0k3n",
        "Cancelling is free until Mon 23 Nov, 14:00",
        "What happens next",
        "Dr Ruth Adler",
    ):
        assert told in re.sub(r"<br>", ", ", letter.html), told
        assert told in letter.text, told


def test_the_time_is_the_clients_own() -> None:
    """A client in Sydney reads Sydney's clock, and that it is Sydney's."""
    far = booking(client_time_zone="Australia/Sydney")
    text = written(Template.CONFIRMED, Recipient.CLIENT, booking=far).text
    assert "Wednesday, 25 November 2026, 00:00 to 00:50" in text
    assert "Sydney time" in text


@pytest.mark.parametrize(
    "zone",
    ["Europe/Berlin", "Australia/Sydney", "Asia/Calcutta", "America/Argentina/Buenos_Aires", "CET"],
)
def test_a_zone_has_the_name_that_it_has_on_pages(zone: str) -> None:
    """On both sides of a change of clocks, for one mail may tell of sessions before and after."""
    winter, summer = datetime(2027, 3, 22, 13, tzinfo=UTC), datetime(2027, 3, 29, 12, tzinfo=UTC)
    named = {wording.zone_name(at, zone) for at in (winter, summer)}
    assert named == {labels.zone_name(ZoneInfo(zone))}


@pytest.mark.parametrize(
    ("zone", "name"), [("UTC", "Coordinated Universal Time"), ("Etc/GMT+3", "GMT-03:00")]
)
def test_a_zone_without_a_city_goes_by_its_own_name(zone: str, name: str) -> None:
    """It knows no summer time."""
    assert wording.zone_name(datetime(2027, 3, 22, 13, tzinfo=UTC), zone) == name


def test_the_practitioner_reads_the_schedules_time() -> None:
    """Whatever zone the client is in."""
    far = booking(client_time_zone="Australia/Sydney")
    text = written(Template.CONFIRMED, Recipient.PRACTITIONER, booking=far).text
    assert "24 November 2026, 14:00 to 14:50" in text


def test_after_the_free_time_the_mail_promises_none() -> None:
    """What cancelling costs by then is shown before it is decided."""
    late = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    text = written(Template.REMINDER_DAY, Recipient.CLIENT, now=late).text
    assert "free until" not in text
    assert "not free of charge any more" in text


@pytest.mark.parametrize(
    "template", [Template.CONFIRMED, Template.RESCHEDULED, Template.REMINDER_DAY]
)
def test_who_meets_in_person_reads_where_to_go(template: Template) -> None:
    """The address stands in both parts; who meets online goes nowhere."""
    here = written(template, Recipient.CLIENT, booking=booking(format=Format.IN_PERSON))
    online = written(template, Recipient.CLIENT)
    for said, unsaid in ((here.text, online.text), (here.html, online.html)):
        assert "Lindenbogen 14, 10961 Berlin" in said
        assert "Lindenbogen" not in unsaid


def test_without_a_known_address_the_practice_is_named_alone() -> None:
    """Nothing is left empty where an older answer has no address."""
    letter = written(
        Template.CONFIRMED,
        Recipient.CLIENT,
        booking=booking(format=Format.IN_PERSON),
        contact=contact(practice_address=""),
    )
    assert "In person, at Adler & Colleagues\nWith:" in letter.text


def test_in_person_there_is_no_door_to_join() -> None:
    """The practice is named instead."""
    here = booking(format=Format.IN_PERSON)
    letter = written(Template.CONFIRMED, Recipient.CLIENT, booking=here)
    assert "/join/" not in letter.text + letter.html
    assert "In person, at Adler & Colleagues" in letter.text
    assert "In person, at Adler &amp; Colleagues" in letter.html


@pytest.mark.parametrize(
    ("percent", "told"),
    [(100, "in full"), (50, "50% of what you paid"), (0, "no money comes back")],
)
def test_a_cancellation_says_what_comes_back(percent: int, told: str) -> None:
    """In full, in part, nothing."""
    letter = written(Template.CANCELLED, Recipient.CLIENT, refund_percent=percent)
    assert told in letter.text
    assert told in letter.html


@pytest.mark.parametrize(
    ("money", "told"),
    [(Money(4500, "EUR"), "€45.00"), (Money(12050, "AUD"), "A$120.50"), (Money(900, "JPY"), "900")],
)
def test_a_refund_tells_its_amount_in_its_currency(money: Money, told: str) -> None:
    """Yen have no hundredths."""
    assert told in written(Template.REFUNDED, Recipient.CLIENT, money=money).text


def test_a_refused_payment_is_promised_back_whole() -> None:
    """The client knows that nothing was booked and everything returns."""
    text = written(Template.REFUSED, Recipient.CLIENT).text
    assert "not booked" in text
    assert "everything you paid" in text


@pytest.mark.parametrize("state", [BookingState.CANCELLED, BookingState.LATE_CANCELLED])
def test_who_gave_the_time_back_while_paying_is_not_told_that_it_was_taken(
    state: BookingState,
) -> None:
    """The time is free, and no hold had passed: they read what they did, and of their money."""
    letter = written(Template.REFUSED, Recipient.CLIENT, booking=booking(state=state))
    for part in (letter.text, letter.html):
        assert "cancelled" in part
        assert "everything you paid" in part
        assert "no longer free" not in part
        assert "had passed" not in part


def test_a_move_tells_both_times() -> None:
    """From when to when."""
    text = written(Template.RESCHEDULED, Recipient.CLIENT, previous_starts_at=STARTS_AT).text
    assert "moved from Tue 24 Nov, 14:00" in text


@pytest.mark.parametrize("path", ["//evil.example/x", "https://evil.example", "@evil", "/x\r\ny"])
def test_a_join_path_that_leaves_our_host_is_refused(path: str) -> None:
    """The host of links comes from the settings only."""
    with pytest.raises(ValueError, match="join_path"):
        written(Template.CONFIRMED, Recipient.CLIENT, booking=booking(join_path=path))


def test_a_confirmation_speaks_of_what_is_asked_only_where_something_is() -> None:
    """The page below the private link, in neutral words."""
    asked = written(Template.CONFIRMED, Recipient.CLIENT, is_intake_due=True)
    silent = written(Template.CONFIRMED, Recipient.CLIENT)
    for told in (asked.text, asked.html):
        assert "https://attune.example/b/t0k3n/intake" in told
    assert "/intake" not in silent.text + silent.html


def test_the_mail_before_a_first_session_leads_to_what_is_asked() -> None:
    """And names neither practice nor practitioner."""
    letter = written(Template.INTAKE_REMINDER, Recipient.CLIENT)
    for told in (letter.text, letter.html):
        assert "https://attune.example/b/t0k3n/intake" in told
        assert not any(name in told for name in ("Ruth", "Adler"))
