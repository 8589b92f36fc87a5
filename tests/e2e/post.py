"""The mailbox as the person who opens it sees it: letters, their links and appointments."""

import base64
import re
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

import httpx
from icalendar import Calendar, Event

PATIENCE_SECONDS = 60.0
PRIVATE_LINK = re.compile(r"https?://\S+/b/[\w.~-]+")
CONFIRM_LINK = re.compile(r"https?://\S+/register/confirm/[\w-]+")


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail."""

    subject: str
    text: str
    attachments: list[dict[str, Any]]

    @property
    def private_link(self) -> str:
        """The address under which the booking can be changed without signing in."""
        found = PRIVATE_LINK.search(self.text)
        assert found is not None, self.text
        return found.group()

    @property
    def confirm_link(self) -> str:
        """The address under which a registration becomes an account."""
        found = CONFIRM_LINK.search(self.text)
        assert found is not None, self.text
        return found.group()

    @property
    def calendar(self) -> Calendar:
        """The iCalendar file (RFC 5545): a part that mail programs act on, and one to save."""
        files = [one for one in self.attachments if one["content_type"] == "text/calendar"]
        (content,) = {one["base64"] for one in files}
        return Calendar.from_ical(base64.b64decode(content))

    @property
    def method(self) -> str:
        """What the file asks the reader's calendar to do (RFC 5546)."""
        return str(self.calendar["METHOD"])

    @property
    def event(self) -> Event:
        """The appointment in the file."""
        (event,) = self.calendar.walk("VEVENT")
        return event


class Post:
    """Waits for letters."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=30, trust_env=False)

    def __enter__(self) -> "Post":
        return self

    def __exit__(self, *_failure: object) -> None:
        self._http.close()

    def wait_for(self, to: str, subject: str) -> Letter:
        """The one letter to an address with these words in its subject; fails after a minute."""
        until = monotonic() + PATIENCE_SECONDS
        while monotonic() < until:
            if found := [one for one in self._listed(to) if subject in one["subject"]]:
                assert len(found) == 1, found
                return self._letter(found[0]["id"])
            sleep(0.1)
        raise AssertionError(f"no letter {subject!r}; there are: {self.subjects(to)}")

    def wait_for_all(self, to: str, count: int) -> list[str]:
        """The subjects of that many letters to an address; fails after a minute."""
        until = monotonic() + PATIENCE_SECONDS
        while len(found := self.subjects(to)) < count:
            assert monotonic() < until, found
            sleep(0.1)
        return found

    def subjects(self, to: str) -> list[str]:
        """What has arrived at an address."""
        return [one["subject"] for one in self._listed(to)]

    def _listed(self, to: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._get("/api/messages", to=to)
        return found

    def _letter(self, letter_id: str) -> Letter:
        found = self._get(f"/api/messages/{letter_id}")
        return Letter(found["subject"], found["text"], found["attachments"])

    def _get(self, path: str, **query: str) -> Any:
        return self._http.get(path, params=query).raise_for_status().json()
