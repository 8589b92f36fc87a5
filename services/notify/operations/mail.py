"""A letter put into an Internet message (RFC 5322): text, HTML and, where asked, a calendar."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import UUID

import idna

from services.notify.domain.kinds import Recipient, Template
from services.notify.operations import calendar_file
from services.notify.operations.letters import Letter, Letterhead, Occasion, join_url, write

# One address and nothing else: what could end a header or begin another address is refused.
_ADDRESS = re.compile(r"[^\s@<>,;:\"\\()\[\]\x00-\x1f\x7f]+@[^\s@<>,;:\"\\()\x00-\x1f\x7f]+")
_INVITING = (Template.CONFIRMED, Template.RESCHEDULED)


class BadAddress(ValueError):
    """What profiles told is no mail address; the text does not repeat it."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a mail is known by: its message, the SEQUENCE of its calendar file, its request."""

    message_id: UUID
    sequence: int
    request_id: str


def compose(occasion: Occasion, envelope: Envelope, letterhead: Letterhead) -> EmailMessage:
    """The mail as it leaves; a second copy of a message has the same Message-ID.

    Raises BadAddress; ValueError for anything else that does not belong into a mail.
    """
    mail = EmailMessage(policy=SMTP)
    _set_headers(mail, occasion, envelope, letterhead)
    _set_letter(mail, write(occasion, letterhead))
    if calendar := _calendar(occasion, envelope, letterhead):
        _attach(mail, *calendar)
    return mail


def compose_plain(
    letter: Letter, address: str, envelope: Envelope, letterhead: Letterhead, *, now: datetime
) -> EmailMessage:
    """A mail about no booking, to an address that was checked."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = letterhead.from_line
    mail["To"] = address
    _set_origin(mail, envelope, letterhead, now)
    _set_letter(mail, letter)
    return mail


def address_of(occasion: Occasion) -> str:
    """Where it goes; raises BadAddress."""
    contact = occasion.contact
    is_client = occasion.recipient is Recipient.CLIENT
    return checked(contact.email if is_client else contact.practitioner_email)


def has_calendar(template: Template, recipient: Recipient) -> bool:
    """Whether a calendar file goes with it: practitioners have the appointment in Attune."""
    return recipient is Recipient.CLIENT and template in (*_INVITING, Template.CANCELLED)


def _set_headers(
    mail: EmailMessage, occasion: Occasion, envelope: Envelope, letterhead: Letterhead
) -> None:
    mail["From"] = letterhead.from_line
    mail["To"] = address_of(occasion)
    if occasion.recipient is Recipient.CLIENT:
        mail["Reply-To"] = checked(occasion.contact.practice_email)
    _set_origin(mail, envelope, letterhead, occasion.now)


def _set_origin(
    mail: EmailMessage, envelope: Envelope, letterhead: Letterhead, now: datetime
) -> None:
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{envelope.message_id}@{letterhead.domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    mail["X-Request-Id"] = envelope.request_id


def _set_letter(mail: EmailMessage, letter: Letter) -> None:
    mail["Subject"] = letter.subject
    mail.set_content(letter.text, cte="quoted-printable")
    mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")


def _calendar(
    occasion: Occasion, envelope: Envelope, letterhead: Letterhead
) -> tuple[str, bytes] | None:
    booking, contact = occasion.booking, occasion.contact
    if not has_calendar(occasion.template, occasion.recipient):
        return None
    issue = calendar_file.Issue(letterhead.address, envelope.sequence, occasion.now)
    if occasion.template is Template.CANCELLED:
        return "CANCEL", calendar_file.withdrawal(booking, contact, issue)
    url = join_url(booking, letterhead)
    return "REQUEST", calendar_file.invitation(booking, contact, issue, url)


def _attach(mail: EmailMessage, method: str, file: bytes) -> None:
    """As an alternative, which calendars act upon, and as a file, which people can open."""
    parameters = {"method": method, "charset": "utf-8"}
    mail.add_alternative(file, "text", "calendar", params=parameters)
    mail.add_attachment(file, "text", "calendar", filename="appointment.ics", params=parameters)


def checked(address: str) -> str:
    """The address as SMTP takes it, a domain beyond ASCII in its form of IDNA2008 (RFC 5891).

    Capitals and wide characters are mapped (UTS 46, non-transitional); ß, final sigma and joiners
    stay what they are: without them it would be a domain of somebody else's. Raises BadAddress.
    """
    if not _ADDRESS.fullmatch(address):
        raise BadAddress("not a mail address")
    name, _, domain = address.rpartition("@")
    try:
        return f"{name}@{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError:
        raise BadAddress("not a mail domain") from None
