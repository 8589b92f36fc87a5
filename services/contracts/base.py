"""Types that several contracts share."""

import re
import unicodedata
from datetime import date, time
from enum import StrEnum
from functools import cache
from typing import Annotated
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, EmailStr, Field, StringConstraints
from pydantic_core import PydanticCustomError

from services.common.errors import InvalidInput
from services.common.messages import FIRST_YEAR, LAST_YEAR, View

NO_PLACES = frozenset({"localtime", "posixrules", "Factory"})
"""Files beside the zones that mean this machine's own zone, or none."""


@cache
def known_zones() -> frozenset[str]:
    """Every IANA name, read once: it walks a folder for milliseconds, which no call should pay."""
    return frozenset(available_timezones() - NO_PLACES)


def _known_zone(name: str) -> str:
    if name not in known_zones():
        raise ValueError("unknown time zone")
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]
"""An IANA time zone name."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Key = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""The SHA-256 of a secret token, hex; the token itself never travels."""

ZWNJ, ZWJ = "\u200c", "\u200d"
VIRAMA = 9
"""Unicode's combining class of the sign that joins consonants in Indic scripts."""
BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and signs that show nothing: a name of them alone would look empty."""
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of control and format characters, surrogates, line and paragraph ends."""


def _joins(text: str, at: int) -> bool:
    """Whether a joiner stands where a script needs it (RFC 5892, appendix A).

    Without ZWNJ many Persian names are misspelt, without ZWJ many Sinhala and Malayalam ones:
    they are let in after a virama and, ZWNJ, between letters of Arabic script. Elsewhere they
    only make two names look like one.
    """
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if before and unicodedata.combining(before) == VIRAMA:
        return True
    is_between = bool(before and after) and unicodedata.bidirectional(after) == "AL"
    return text[at] == ZWNJ and is_between and unicodedata.bidirectional(before) in ("AL", "NSM")


def visible(text: str) -> str:
    """The text, of which every character shows; ValueError for one that hides or turns others.

    Direction marks and overrides, for example, let a name pass for another one (Unicode
    Technical Report 36, 2.10), and line ends let a name begin a header of a mail.
    """
    for at, character in enumerate(text):
        is_hidden = character in BLANK_LETTERS or unicodedata.category(character) in UNSEEN
        if is_hidden and not (character in (ZWNJ, ZWJ) and _joins(text, at)):
            raise ValueError("must not hold invisible or control characters")
    return text


MOST_LOCAL_OCTETS = 64


def _mailbox(address: str) -> str:
    """The address; ValueError for a name before the @ that mail servers may not take."""
    if len(address.rpartition("@")[0].encode()) > MOST_LOCAL_OCTETS:
        raise ValueError(f"must have at most {MOST_LOCAL_OCTETS} octets before the @")
    return address


MailAddress = Annotated[EmailStr, AfterValidator(_mailbox)]
"""A mail address that a mail can reach (RFC 5321, 4.5.3.1.1)."""

NO_ADDRESS = "A name cannot hold a web address. Please leave a space after each dot."
CAPITAL = r"[A-Z\u00c0-\u00de]"
INITIALS = re.compile(rf"(?<![\w.])(?:{CAPITAL}\.)+(?={CAPITAL}[^\W\d_])")
"""Capitals with their dots, before a name that begins with a capital."""
DOT = r"[.\uff0e\u3002\uff61]"
WEB_ADDRESS = re.compile(rf"://|\bwww{DOT}|\w{DOT}(?:[^\W\d_]{{2,}}|xn--)", re.IGNORECASE)
"""A scheme, "www.", or two letters or more right after a dot that follows a word."""

Line = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$"
    ),
    AfterValidator(visible),
]
"""One line of text in which every character shows."""


def nameable(name: str) -> str:
    """The name; ValueError for one that holds a web address.

    Mails greet by name, also at addresses that nobody has verified, and mail programs make a
    link of whatever looks like an address. "J. R. Smith" and "J.R.Smith" do not.
    """
    without_initials = INITIALS.sub(" ", name)
    if WEB_ADDRESS.search(without_initials):
        raise PydanticCustomError("web_address", NO_ADDRESS)
    return name


PersonName = Annotated[Line, AfterValidator(nameable)]
"""What somebody is called, on one line and without web addresses."""


def _near(day: date) -> date:
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        raise ValueError(f"must be between the years {FIRST_YEAR} and {LAST_YEAR}")
    return day


Day = Annotated[date, AfterValidator(_near)]
"""A date of the years 2000 to 2199, so that arithmetic stays within the calendar."""

Percent = Annotated[int, Field(ge=0, le=100)]
Minutes = Annotated[int, Field(ge=5, le=24 * 60, multiple_of=5)]


class Format(StrEnum):
    """How a session takes place."""

    ONLINE = "online"
    IN_PERSON = "in_person"


AFTERNOON_FROM, EVENING_FROM = time(12), time(17)


class PartOfDay(StrEnum):
    """When a session starts on the schedule's local clock: by AFTERNOON_FROM and EVENING_FROM."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Page(View):
    """A part of a listing; `next_cursor` is opaque and absent on the last part."""

    next_cursor: str | None = None


class BadCursor(InvalidInput):
    """The cursor was not made by this listing."""


PLATFORM = UUID(int=0)
"""Stands for the platform where an event names a practice and none is concerned."""

MOST_IDS = 100
Ids = Annotated[list[UUID], Field(max_length=MOST_IDS)]
