"""A message as people read it: subject, text and HTML from one set of values.

Every value is escaped in HTML; addresses of pages are built from the public URL alone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.common.money import Money
from services.contracts.base import Format
from services.contracts.booking.bookings import BookingView
from services.contracts.profiles.clients import ContactView
from services.notify.domain.kinds import NoticeKind, Recipient, Template
from services.notify.domain.subjects import subject_of, subject_of_notice
from services.notify.domain.verdict import GIVEN_BACK
from services.notify.operations import wording

_JOIN_PATH = re.compile(r"/[A-Za-z0-9/_.~-]*")
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """In whose name mails go out: the public address, the sender, the domain of Message-IDs."""

    public_url: str
    from_line: str
    domain: str

    @property
    def address(self) -> str:
        """The sender's address, without the name before it."""
        return parseaddr(self.from_line)[1]


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a letter is about; `token` opens the private link, and is empty for practitioners.

    `others` are the further sessions that the same act booked or moved, each with its own link,
    or gave back, each with its own share;
    `is_added`: it was booked by itself, in the rhythm of sessions that were agreed on;
    `is_intake_due`: something is asked of the client before the session.
    """

    template: Template
    recipient: Recipient
    booking: BookingView
    contact: ContactView
    now: datetime
    token: str = ""
    previous_starts_at: datetime | None = None
    refund_percent: int | None = None
    money: Money | None = None
    others: Sequence[BookingView] = ()
    other_tokens: Sequence[str] = ()
    is_added: bool = False
    is_intake_due: bool = False

    @property
    def is_course(self) -> bool:
        return self.template is Template.CONFIRMED and self.booking.course_id is not None


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says."""

    subject: str
    text: str
    html: str


def write(occasion: Occasion, letterhead: Letterhead) -> Letter:
    """Render a letter; raises ValueError for a join path that is none."""
    subject = subject_of(occasion.template, occasion.recipient)
    return rendered(_file(occasion), subject, _values(occasion, letterhead))


def write_notice(kind: NoticeKind, letterhead: Letterhead, token: str = "") -> Letter:
    """Render a notice; it tells nothing of who has the account. `token` is a registration's."""
    subject = subject_of_notice(kind)
    values = {
        "sign_in_url": f"{letterhead.public_url}/sign-in",
        "today_url": f"{letterhead.public_url}/today",
        "confirm_url": f"{letterhead.public_url}/register/confirm/{token}" if token else "",
        "home_url": f"{letterhead.public_url}/home",
    }
    return rendered(str(kind), subject, values)


def rendered(name: str, subject: str, values: dict[str, Any]) -> Letter:
    """The letter that the two templates of this name make of the values."""
    told = values | {"subject": subject}
    return Letter(
        subject,
        _TEMPLATES.get_template(f"{name}.txt").render(told),
        _TEMPLATES.get_template(f"{name}.html").render(told),
    )


def join_url(booking: BookingView, letterhead: Letterhead) -> str:
    """The door to the session, on our own host; raises ValueError for a path that leaves it."""
    if not _JOIN_PATH.fullmatch(booking.join_path) or booking.join_path.startswith("//"):
        raise ValueError("join_path is no path")
    return letterhead.public_url + booking.join_path


def _file(occasion: Occasion) -> str:
    if occasion.recipient is Recipient.PRACTITIONER:
        return "notice"
    if occasion.is_course:
        return "course"
    if occasion.template is Template.INTAKE_REMINDER:
        return str(occasion.template)
    return "reminder" if occasion.template.is_reminder else str(occasion.template)


def _values(occasion: Occasion, letterhead: Letterhead) -> dict[str, Any]:
    booking, contact = occasion.booking, occasion.contact
    is_client = occasion.recipient is Recipient.CLIENT
    zone = booking.client_time_zone if is_client else booking.time_zone
    return {
        "template": str(occasion.template),
        "name": contact.name if is_client else contact.practitioner_name,
        "practitioner": contact.practitioner_name,
        "practice": contact.practice_name,
        "address": wording.place(booking, contact),
        "day": wording.day(booking.starts_at, zone),
        "starts": wording.clock(booking.starts_at, zone),
        "ends": wording.clock(booking.ends_at, zone),
        "zone": wording.zone_name(booking.starts_at, zone),
        "is_online": booking.format is Format.ONLINE,
        "join_url": join_url(booking, letterhead),
        "private_url": f"{letterhead.public_url}/b/{occasion.token}" if is_client else "",
        "today_url": f"{letterhead.public_url}/today",
        "directory_url": f"{letterhead.public_url}/directory",
        "was_given_back": booking.state in GIVEN_BACK,
        "free_until": _free_until(booking, zone, occasion.now),
        "previous": _instant(occasion.previous_starts_at, zone),
        "refund_percent": occasion.refund_percent,
        "amount": wording.money(occasion.money) if occasion.money else "",
        "is_on_account": booking.is_on_account,
        "held_until": _instant(booking.deadline_at, zone),
        "others": _others(occasion, letterhead, zone),
        "is_added": occasion.is_added,
        "last_day": wording.day(max(_starts(occasion)), zone),
        "is_intake_due": occasion.is_intake_due,
    }


def _starts(occasion: Occasion) -> list[datetime]:
    return [occasion.booking.starts_at, *(other.starts_at for other in occasion.others)]


def _others(occasion: Occasion, letterhead: Letterhead, zone: str) -> list[dict[str, str]]:
    """The further sessions; practitioners have no link to them, nor has what is given up."""
    tokens = occasion.other_tokens or [""] * len(occasion.others)
    return [
        {
            "label": wording.day_and_clock(other.starts_at, zone),
            "url": f"{letterhead.public_url}/b/{token}" if token else "",
            "share": _share(other),
        }
        for other, token in zip(occasion.others, tokens, strict=True)
    ]


def _share(other: BookingView) -> str:
    """What comes back of a session that was given back, or is owed for it; empty for others."""
    percent = other.refund_percent
    if percent is None:
        return ""
    return wording.owed(percent) if other.is_on_account else wording.coming_back(percent)


def _free_until(booking: BookingView, zone: str, now: datetime) -> str:
    """Until when cancelling is free; empty where that time has passed."""
    until = booking.free_until
    return wording.day_and_clock(until, zone) if until and until > now else ""


def _instant(at: datetime | None, zone: str) -> str:
    return wording.day_and_clock(at, zone) if at else ""
