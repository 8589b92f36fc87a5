"""What a stored message says: subject, addresses, text, HTML, attachments, appointments."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date, datetime
from email import message_from_bytes, policy
from email.message import MIMEPart
from typing import Any, cast

from icalendar import Calendar

from deploy.local.mailbox.store import Stored

_ROWS = (
    ("Location", "LOCATION"),
    ("Link", "URL"),
    ("Status", "STATUS"),
    ("Organizer", "ORGANIZER"),
    ("Description", "DESCRIPTION"),
    ("UID", "UID"),
    ("Sequence", "SEQUENCE"),
)


@dataclass(frozen=True)
class Attachment:
    """A part that is neither the text nor the HTML."""

    name: str
    content_type: str
    content: bytes
    content_id: str | None

    @property
    def is_calendar(self) -> bool:
        """Whether it is an iCalendar object (RFC 5545)."""
        return self.content_type == "text/calendar" or self.name.lower().endswith(".ics")


@dataclass(frozen=True)
class Appointment:
    """An event of a calendar file, as (what, how it reads) pairs."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Letter:
    """A message, decoded."""

    stored: Stored
    subject: str
    sender: str
    to: str
    message_id: str
    headers: tuple[tuple[str, str], ...]
    text: str | None
    html: str | None
    attachments: tuple[Attachment, ...]


def read(stored: Stored) -> Letter:
    """Decode a message; what cannot be decoded is shown with replacement characters."""
    message = message_from_bytes(stored.content, policy=policy.default)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    bodies = {id(part) for part in (text, html) if part is not None}
    parts = [part for part in message.walk() if not part.is_multipart() and id(part) not in bodies]
    return Letter(
        stored,
        str(message["subject"] or ""),
        str(message["from"] or stored.sender),
        str(message["to"] or ", ".join(stored.recipients)),
        str(message["message-id"] or ""),
        tuple((name, str(value)) for name, value in message.items()),
        _decoded(text),
        _decoded(html),
        tuple(_attachment(part, number) for number, part in enumerate(parts, 1)),
    )


def _decoded(part: MIMEPart | None) -> str | None:
    if part is None:
        return None
    raw = part.get_payload(decode=True)
    charset = part.get_content_charset("utf-8")
    try:
        return cast(bytes, raw).decode(charset, "replace")
    except LookupError:
        return cast(bytes, raw).decode("utf-8", "replace")


def _attachment(part: Any, number: int) -> Attachment:
    content_type = part.get_content_type()
    name = part.get_filename()
    if not name:
        name = f"part-{number}" + (".ics" if content_type == "text/calendar" else "")
    content_id = part.get("content-id")
    return Attachment(
        str(name),
        content_type,
        cast(bytes, part.get_payload(decode=True) or b""),
        str(content_id).strip("<> ") if content_id else None,
    )


def with_inline_images(letter: Letter) -> str:
    """The HTML with `cid:` images (RFC 2392) put in as data."""
    html = letter.html or ""
    for part in letter.attachments:
        if part.content_id:
            data = base64.b64encode(part.content).decode()
            html = html.replace(f"cid:{part.content_id}", f"data:{part.content_type};base64,{data}")
    return html


def appointments(part: Attachment) -> list[Appointment]:
    """The events of a calendar file. Raises ValueError when it is none."""
    calendar = Calendar.from_ical(part.content)
    method = str(calendar.get("METHOD", "PUBLISH"))
    return [_appointment(event, method) for event in calendar.walk("VEVENT")]


def _appointment(event: Any, method: str) -> Appointment:
    rows = [("Method", method)]
    for label, name in (("Starts", "DTSTART"), ("Ends", "DTEND")):
        if name in event:
            rows.append((label, _shown(event[name].dt)))
    for label, name in _ROWS:
        if name in event:
            rows.append((label, str(event[name])))
    return Appointment(str(event.get("SUMMARY", "Appointment")), tuple(rows))


def _shown(when: date | datetime) -> str:
    if not isinstance(when, datetime):
        return f"{when:%a %d %b %Y}"
    zone = "" if when.tzinfo is None else f" {when.tzname()}"
    return f"{when:%a %d %b %Y, %H:%M}{zone}"


def summary(letter: Letter) -> dict[str, Any]:
    """A message in the list of `/api/messages`."""
    return {
        "id": letter.stored.id,
        "subject": letter.subject,
        "from": letter.sender,
        "to": letter.to,
        "recipients": list(letter.stored.recipients),
        "message_id": letter.message_id,
        "received_at": letter.stored.received_at.isoformat().replace("+00:00", "Z"),
        "size": len(letter.stored.content),
        "attachments": [part.name for part in letter.attachments],
    }


def full(letter: Letter) -> dict[str, Any]:
    """A message of `/api/messages/{id}`; attachments as base64, and as text where they are."""
    return summary(letter) | {
        "envelope_from": letter.stored.sender,
        "headers": [list(header) for header in letter.headers],
        "text": letter.text,
        "html": letter.html,
        "attachments": [
            {
                "name": part.name,
                "content_type": part.content_type,
                "size": len(part.content),
                "base64": base64.b64encode(part.content).decode(),
                "text": part.content.decode("utf-8", "replace")
                if part.content_type.startswith("text/")
                else None,
            }
            for part in letter.attachments
        ],
    }
