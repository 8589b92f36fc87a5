"""Guests at the HTTP API: they repeat what was not answered, with the same ids, as browsers do."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from time import monotonic
from typing import Any
from uuid import UUID

import httpx
from uuid_utils.compat import uuid7

from services.common.clock import utc_now
from services.contracts.profiles.clients import BOOKING_WORDS
from tests.factories.clinic import ZONE, Clinic

API = "/api/v1"
#: A test waits long: the machine may be busy with other things.
PATIENCE_SECONDS = 300.0
PAUSE_SECONDS = 0.3
#: Shorter than the gateway keeps a silent connection, so that none is used as it closes.
IDLE_SECONDS = 2.0
LONGEST_SECONDS = 8.0
UNANSWERED = "no answer"


class Impatient(AssertionError):
    """Five minutes of asking brought no answer."""


class Api:
    """One HTTP client for many guests. `seen` counts every answer, those before a repeat too."""

    def __init__(self, base_url: str, *, at_once: int = 64) -> None:
        limits = httpx.Limits(max_connections=at_once, keepalive_expiry=IDLE_SECONDS)
        patience = httpx.Timeout(60, pool=None)
        self.http = httpx.AsyncClient(
            base_url=base_url, limits=limits, timeout=patience, trust_env=False
        )
        self.seen: Counter[int | str] = Counter()
        self._chance = Random(at_once)

    async def __aenter__(self) -> "Api":
        return self

    async def __aexit__(self, *_failure: object) -> None:
        await self.http.aclose()

    async def insist(self, method: str, path: str, **how: Any) -> httpx.Response:
        """Ask until it is answered: after 503 as late as it says, after silence a little later.

        Waits grow by chance, or all who were turned away would come back at the same instant.
        """
        until, longest = monotonic() + PATIENCE_SECONDS, 1.0
        while monotonic() < until:
            answer = await self._ask(method, path, **how)
            if answer is not None and answer.status_code != 503:
                return answer
            wait = float(answer.headers["retry-after"]) if answer is not None else PAUSE_SECONDS
            await asyncio.sleep(wait + self._chance.random() * longest)
            longest = min(longest * 2, LONGEST_SECONDS)
        raise Impatient(f"{method} {path}: {dict(self.seen)}")

    async def _ask(self, method: str, path: str, **how: Any) -> httpx.Response | None:
        try:
            answer = await self.http.request(method, API + path, **how)
        except httpx.TransportError:
            self.seen[UNANSWERED] += 1
            return None
        self.seen[answer.status_code] += 1
        return answer

    async def find(self, clinic: Clinic) -> dict[str, Any]:
        """The clinic's practitioner in the directory, once its openings have arrived there."""
        until = monotonic() + PATIENCE_SECONDS
        while monotonic() < until:
            if clinic.slug in await self._listed():
                found = await self.insist("GET", f"/practitioners/{clinic.slug}")
                return dict(found.raise_for_status().json())
            await asyncio.sleep(PAUSE_SECONDS)
        raise Impatient(f"{clinic.slug} was never listed")

    async def _listed(self) -> set[str]:
        """Everybody in the directory, page by page: a suite's clinics may be more than one has."""
        slugs: set[str] = set()
        turned: dict[str, Any] = {"limit": 50}
        while True:
            page = (await self.insist("GET", "/practitioners", params=turned)).json()
            slugs.update(card["slug"] for card in page["practitioners"])
            if not page.get("next_cursor"):
                return slugs
            turned["cursor"] = page["next_cursor"]

    async def starts(self, clinic: Clinic, *, first_day: int = 0, days: int = 30) -> list[str]:
        """Free starts, RFC 3339, from `first_day` days ahead on, as the slot picker asks."""
        offered = await self.insist(
            "GET",
            f"/practices/{clinic.id}/offerings",
            params={"practitioner_id": str(clinic.practitioner_id)},
        )
        offering = offered.raise_for_status().json()["offerings"][0]
        first = utc_now().date() + timedelta(days=first_day)
        asked = {"from_on": f"{first}", "until_on": f"{first + timedelta(days=days)}"}
        path = f"/practices/{clinic.id}/offerings/{offering['id']}/slots"
        slots = await self.insist("GET", path, params=asked | {"time_zone": ZONE})
        return list(slots.raise_for_status().json()["starts"])


@dataclass
class Guest:
    """Somebody who books without an account; the booking's id is minted once."""

    api: Api
    clinic: Clinic
    starts_at: str
    booking_id: UUID = field(default_factory=uuid7)
    cancellation_id: UUID = field(default_factory=uuid7)
    token: str = ""
    session: str = ""

    @property
    def email(self) -> str:
        return f"guest-{self.booking_id.hex}@mail.example"

    @property
    def wish(self) -> dict[str, Any]:
        """What is posted to book."""
        return {
            "practice_id": str(self.clinic.id),
            "offering_id": str(self.clinic.offering_id),
            "starts_at": self.starts_at,
            "format": "online",
            "price_id": str(self.clinic.price_id),
            "name": "Guest Sample",
            "email": self.email,
            "time_zone": ZONE,
            "agreed_to": BOOKING_WORDS,
        }

    async def book(self) -> httpx.Response:
        """Hold the start and open the payment page: 201, or why not."""
        key = {"Idempotency-Key": str(self.booking_id)}
        answer = await self.api.insist("POST", "/bookings", json=self.wish, headers=key)
        if answer.status_code == 201:
            booked = answer.json()
            self.token = booked["token"]
            self.session = str(booked["payment"]["checkout_url"]).rsplit("/", 1)[-1]
        return answer

    async def booking(self) -> dict[str, Any]:
        """The booking as its guest sees it."""
        return await self._get("")

    async def payment(self) -> dict[str, Any]:
        """The booking's payment as its guest sees it."""
        return await self._get("/payment")

    async def cancel(self) -> tuple[int, int]:
        """Cancel on the terms that are shown: the status, and the percent that was promised."""
        terms = await self._ask("GET", "/cancellation")
        if terms.status_code != 200:
            return terms.status_code, 0
        percent = int(terms.json()["terms"]["refund_percent"])
        answer = await self._ask(
            "POST",
            "/cancellation",
            json={"expected_refund_percent": percent},
            headers={"Idempotency-Key": str(self.cancellation_id)},
        )
        return answer.status_code, percent

    async def _get(self, path: str) -> dict[str, Any]:
        return dict((await self._ask("GET", path)).raise_for_status().json())

    async def _ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, **how: Any
    ) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {self.token}"} | (headers or {})
        where = f"/bookings/{self.booking_id}{path}"
        return await self.api.insist(method, where, headers=bearer, **how)


def instant(text: str) -> datetime:
    """An RFC 3339 instant."""
    return datetime.fromisoformat(text)
