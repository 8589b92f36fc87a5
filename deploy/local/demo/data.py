"""All of the demo at once, and the one error its files can raise."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from deploy.local.demo.people import DemoClient, DemoLogin, DemoPractice, DemoPractitioner


class DemoDataError(ValueError):
    """A file of the demo cannot be used; the message names the file and the field."""

    def __init__(self, path: Path, field: str, reason: str) -> None:
        """Remember where the fault is, for whoever mends it."""
        super().__init__(f"{path.parent.name}/{path.name}: {field}: {reason}")
        self.path = path
        self.field = field


@dataclass(frozen=True, slots=True)
class DemoData:
    """Who there is on `today`: practices, practitioners, clients and the four logins."""

    today: date
    practices: tuple[DemoPractice, ...]
    practitioners: tuple[DemoPractitioner, ...]
    clients: tuple[DemoClient, ...]
    logins: tuple[DemoLogin, ...]

    def practice(self, slug: str) -> DemoPractice:
        """The practice called `slug`; KeyError if there is none."""
        return {practice.slug: practice for practice in self.practices}[slug]

    def practitioner(self, slug: str) -> DemoPractitioner:
        """The practitioner called `slug`; KeyError if there is none."""
        return {person.slug: person for person in self.practitioners}[slug]

    def client(self, slug: str) -> DemoClient:
        """The client called `slug`; KeyError if there is none."""
        return {client.slug: client for client in self.clients}[slug]

    def practitioners_of(self, practice_slug: str) -> Iterable[DemoPractitioner]:
        """Who treats in a practice."""
        return [person for person in self.practitioners if person.practice == practice_slug]

    def clients_of(self, practice_slug: str) -> Iterable[DemoClient]:
        """Who is treated in a practice."""
        return [client for client in self.clients if client.practice == practice_slug]

    def zone_of(self, person: DemoPractitioner) -> ZoneInfo:
        """The zone in which a practitioner's weekly hours are meant."""
        return ZoneInfo(self.practice(person.practice).zone)
