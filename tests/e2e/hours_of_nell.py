"""A practitioner of a test's own: her sessions are booked and paid over the API, and changed."""

from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import psycopg2
from uuid_utils.compat import uuid7

from deploy.local.database_roles import target_url
from deploy.local.product import Product
from services.common.clock import utc_now
from services.contracts.profiles.accounts import Role
from services.contracts.profiles.clients import BOOKING_WORDS
from tests.e2e.browsing import Visit
from tests.e2e.steps import sign_in
from tests.factories.clinic import ZONE, Clinic, open_clinic
from tests.factories.people import PASSWORD, Person, store_people

BERLIN = ZoneInfo(ZONE)
API = "/api/v1"
PATIENCE_SECONDS = 60.0
SHIFT = """
    UPDATE booking.sessions SET starts_at = starts_at - %(by)s, ends_at = ends_at - %(by)s,
      blocked = tstzrange(lower(blocked) - %(by)s, upper(blocked) - %(by)s)
    WHERE id = (SELECT session_id FROM booking.bookings WHERE id = %(id)s)
"""
KINDER = """
    UPDATE booking.bookings SET policy = policy || '{"late_percent": 50, "no_show_percent": 50}'
    WHERE id = %(id)s
"""


def free_day(hour: int, days: int) -> datetime:
    """A full hour so many days ahead, in Berlin; its whole day is of one week."""
    day = utc_now().astimezone(BERLIN) + timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Booked:
    """A paid session, and the token of the guest who has it."""

    id: UUID
    name: str
    email: str
    token: str


@dataclass
class Nell:
    """A practitioner who works round the clock, her front desk, and her guests."""

    product: Product
    clinic: Clinic
    people: dict[str, Person] = field(default_factory=dict)

    @classmethod
    def opens(cls, product: Product) -> "Nell":
        """A practice of its own in the running product."""
        clinic = open_clinic(product)
        treating = Person(
            "Nell", clinic, Role.PRACTITIONER, account_id=clinic.practitioner_account_id
        )
        people = {"treating": treating, "desk": Person("Dora", clinic, Role.FRONT_DESK)}
        store_people(product, people.values())
        return cls(product, clinic, people)

    @property
    def path(self) -> str:
        """Her page in the directory."""
        return f"/practitioners/{self.clinic.slug}"

    def session_path(self, booked: Booked) -> str:
        """A session's page for her practice."""
        return f"/practices/{self.clinic.id}/bookings/{booked.id}"

    def signs_in(self, visit: Visit, who: str = "treating") -> None:
        """She, or her front desk."""
        sign_in(visit, self.people[who].email, PASSWORD)

    def is_booked(self, name: str, starts_at: datetime) -> Booked:
        """A guest has booked and paid an hour."""
        wish = {
            "practice_id": str(self.clinic.id),
            "offering_id": str(self.clinic.offering_id),
            "starts_at": starts_at.isoformat(),
            "format": "online",
            "price_id": str(self.clinic.price_id),
            "name": name,
            "email": (email := f"guest-{uuid7().hex}@example.org"),
            "time_zone": ZONE,
            "agreed_to": BOOKING_WORDS,
        }
        booking_id = uuid7()
        made = self._ask("POST", "/bookings", json=wish, key=booking_id)
        session = str(made["payment"]["checkout_url"]).rsplit("/", 1)[-1]
        pay = f"{self.product.twin_url}/_twin/pay"
        httpx.post(pay, json={"session": session}, timeout=60, trust_env=False).raise_for_status()
        booked = Booked(booking_id, name, email, str(made["token"]))
        until = monotonic() + PATIENCE_SECONDS
        while self.state_of(booked) != "confirmed":
            assert monotonic() < until, "the booking was never confirmed"
            sleep(0.2)
        return booked

    def gives_back(self, booked: Booked) -> None:
        """The guest cancels, somewhere else."""
        path = f"/bookings/{booked.id}/cancellation"
        terms = self._ask("GET", path, token=booked.token)["terms"]
        sent = {"expected_refund_percent": terms["refund_percent"]}
        self._ask("POST", path, json=sent, key=uuid7(), token=booked.token)

    def began(self, booked: Booked, *, hours_ago: int) -> datetime:
        """Shift a session, as a test alone can, to so many full hours ago; its start."""
        hour = utc_now().astimezone(BERLIN).replace(minute=0, second=0, microsecond=0)
        start = hour - timedelta(hours=hours_ago)
        self._run(SHIFT, {"by": self.starts_at(booked) - start, "id": str(booked.id)})
        return start

    def gives_half_for(self, booked: Booked) -> None:
        """The terms of this booking give half back to who does not come."""
        self._run(KINDER, {"id": str(booked.id)})

    def starts_at(self, booked: Booked) -> datetime:
        """When it takes place, in Berlin."""
        found: datetime = self._one("starts_at", booked)
        return found.astimezone(BERLIN)

    def state_of(self, booked: Booked) -> str:
        """How it stands."""
        return str(self._one("state", booked))

    def _one(self, column: str, booked: Booked) -> Any:
        query = f"SELECT {column} FROM booking.bookings WHERE id = %(id)s"
        return self._run(query, {"id": str(booked.id)})[0][0]

    def _run(self, query: str, told: dict[str, Any]) -> list[Any]:
        url = target_url(self.product.stack)
        with closing(psycopg2.connect(url)) as tx, tx, tx.cursor() as cursor:
            cursor.execute(query, told)
            return list(cursor.fetchall()) if cursor.description else []

    def _ask(
        self,
        method: str,
        path: str,
        *,
        json: dict[str, Any] | None = None,
        key: UUID | None = None,
        token: str = "",
    ) -> dict[str, Any]:
        headers = {"Idempotency-Key": str(key)} if key else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        url = self.product.base_url + API + path
        answer = httpx.request(method, url, json=json, headers=headers, timeout=60, trust_env=False)
        return dict(answer.raise_for_status().json())
