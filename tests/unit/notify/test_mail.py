"""Mails as they leave: headers, parts and calendar files."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from icalendar import Calendar

from services.contracts.base import Format
from services.contracts.profiles.clients import ContactView
from services.notify.domain.kinds import Recipient, Template
from services.notify.operations import calendar_file
from services.notify.operations.letters import Occasion
from services.notify.operations.mail import BadAddress, Envelope, compose
from tests.unit.notify.occasions import BOOKING, LETTERHEAD, NOW, booking, contact, occasion

MESSAGE = UUID("0192f000-0000-7000-8000-0000000000e1")
ENVELOPE = Envelope(MESSAGE, 3, "request-12345")
ISSUE = calendar_file.Issue(LETTERHEAD.address, 3, NOW)
LONG = "https://attune.example/" + "x" * 180


def sent(given: Occasion) -> EmailMessage:
    """The mail as a reader gets it from the wire."""
    read = message_from_bytes(
        compose(given, ENVELOPE, LETTERHEAD).as_bytes(), policy=policy.default
    )
    assert isinstance(read, EmailMessage)
    return read


def calendars(mail: EmailMessage) -> list[Any]:
    return [part for part in mail.walk() if part.get_content_type() == "text/calendar"]


def event_of(raw: bytes) -> Any:
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    return event


def invitation(told: ContactView | None = None, url: str = "https://attune.example/j") -> bytes:
    return calendar_file.invitation(booking(), told or contact(), ISSUE, url)


def test_headers_name_message_and_request() -> None:
    """A second copy has the same Message-ID; answering machines are asked to keep still."""
    mail = sent(occasion())
    assert mail["Message-ID"] == f"<{MESSAGE}@attune.example>"
    assert mail["X-Request-Id"] == "request-12345"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"] == "Fri, 20 Nov 2026 09:00:00 +0000"
    assert (mail["To"], mail["Reply-To"]) == ("anna@client.example", "office@practice.example")


def test_a_confirmation_carries_the_calendar_twice() -> None:
    """As an alternative for calendars and as a file for people, with the same content."""
    mail = sent(occasion())
    alternative, attached = calendars(mail)
    assert [part.get_param("method") for part in (alternative, attached)] == ["REQUEST"] * 2
    assert attached.get_filename() == "appointment.ics"
    assert alternative.get_payload(decode=True) == attached.get_payload(decode=True)
    body = mail.get_body(("plain",))
    assert body is not None
    assert "confirmed" in body.get_content()


def test_the_calendar_survives_the_wire_with_its_line_ends() -> None:
    """CRLF after every line, none longer than 75 octets (RFC 5545, 3.1)."""
    raw = calendars(sent(occasion()))[0].get_payload(decode=True)
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))


def test_an_invitation_is_neutral_and_complete() -> None:
    """UID from the booking, SEQUENCE, UTC times, neutral title, no name in it anywhere."""
    raw = invitation()
    event = event_of(raw)
    assert Calendar.from_ical(raw)["METHOD"] == "REQUEST"
    assert str(event["UID"]) == f"{BOOKING}@attune"
    assert int(event["SEQUENCE"]) == 3
    assert event["DTSTART"].to_ical() == b"20261124T130000Z"
    assert event["DTEND"].to_ical() == b"20261124T135000Z"
    assert str(event["SUMMARY"]) == "Appointment"
    assert str(event["STATUS"]) == "CONFIRMED"
    assert str(event["ORGANIZER"]) == f"mailto:{LETTERHEAD.address}"
    for name in (b"Adler", b"Anna", b"Couples", b"herap", b"practice.example"):
        assert name not in raw


def test_the_calendar_names_a_place_and_not_whose_it_is() -> None:
    """In person, LOCATION is the bare address; online there is none."""
    here = booking(format=Format.IN_PERSON)
    told = contact(practice_address="Lindenbogen 14,\r\n10961 Berlin")
    raw = calendar_file.invitation(here, told, ISSUE, "https://attune.example/j")
    assert str(event_of(raw)["LOCATION"]) == "Lindenbogen 14, 10961 Berlin"
    assert b"Adler" not in raw
    assert "LOCATION" not in event_of(invitation())


def test_a_withdrawal_has_the_same_uid() -> None:
    """So that calendars know which appointment to take out."""
    raw = calendar_file.withdrawal(booking(), contact(), replace(ISSUE, sequence=4))
    event = event_of(raw)
    assert Calendar.from_ical(raw)["METHOD"] == "CANCEL"
    assert (str(event["UID"]), str(event["STATUS"])) == (f"{BOOKING}@attune", "CANCELLED")
    assert int(event["SEQUENCE"]) == 4


def test_a_long_address_is_folded_and_read_back_whole() -> None:
    """Folding breaks lines, never values."""
    raw = invitation(url=LONG)
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert str(event_of(raw)["URL"]) == LONG


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_line_breaks_cannot_be_put_into_a_calendar(ending: str) -> None:
    """A forged line in an address or a link is refused before a file is made."""
    with pytest.raises(ValueError):
        invitation(url=f"https://attune.example/{ending}ATTACH:https://evil.example")
    evil = contact(practice_email=f"a@b.example{ending}ATTACH:https://evil.example")
    with pytest.raises(BadAddress):
        compose(occasion(contact=evil), ENVELOPE, LETTERHEAD)


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: c@evil.example",
        "a@b.example\n",
        "a@b.example, c@evil.example",
        "Anna <a@b.example>",
        "nobody",
        "",
    ],
)
@pytest.mark.parametrize("field", ["email", "practice_email"])
def test_what_is_no_single_address_is_refused(field: str, address: str) -> None:
    """Nobody writes headers or further recipients by way of an address."""
    with pytest.raises(BadAddress):
        compose(occasion(contact=contact(**{field: address})), ENVELOPE, LETTERHEAD)


@pytest.mark.parametrize(
    ("domain", "in_ascii"),
    [
        ("müller.example", "xn--mller-kva.example"),
        ("MÜLLER.example", "xn--mller-kva.example"),
        ("xn--mller-kva.example", "xn--mller-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("βόλος.example", "xn--nxasmm1c.example"),
    ],
)
def test_an_international_domain_goes_out_in_its_ascii_form(domain: str, in_ascii: str) -> None:
    """Every mail server takes it, and it is the same domain: strasse is somebody else's."""
    mail = sent(occasion(contact=contact(email=f"anna@{domain}")))
    assert mail["To"] == f"anna@{in_ascii}"


@pytest.mark.parametrize(
    "domain", ["☃.example", "a\u200db.example", "xn--zz.example", "[127.0.0.1]"]
)
def test_a_domain_that_nobody_can_have_is_refused(domain: str) -> None:
    """What IDNA2008 does not allow is not turned into a domain that it does."""
    with pytest.raises(BadAddress):
        compose(occasion(contact=contact(email=f"anna@{domain}")), ENVELOPE, LETTERHEAD)


def test_names_stay_out_of_headers() -> None:
    """A name with a line break in it changes the body only."""
    evil = contact(name="A\r\nBcc: c@evil.example", practice_name="B\r\nX-Evil: 1")
    mail = sent(occasion(contact=evil))
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None


def test_a_practitioner_gets_a_notice_without_a_calendar_file() -> None:
    """They have the appointment in Attune; a copy in a mail would go stale."""
    mail = sent(occasion(Template.CONFIRMED, Recipient.PRACTITIONER))
    assert mail["To"] == "ruth@practice.example"
    assert mail["Reply-To"] is None
    assert calendars(mail) == []


def test_reminders_carry_no_calendar_file() -> None:
    """The calendar has the appointment already."""
    assert calendars(sent(occasion(Template.REMINDER_DAY))) == []
