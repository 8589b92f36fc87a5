"""Who comes to the door: real accounts, logins, bookings and links in a running product."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from time import monotonic, sleep
from typing import Any
from uuid import UUID

import httpx
import psycopg2
from uuid_utils.compat import uuid7

from deploy.local.database_roles import target_url
from deploy.local.product import Product
from services.booking.operations import course_booking
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.database import Database
from services.contracts.booking.courses import BookCourse
from services.contracts.plans.notes import NoteKind
from services.contracts.plans.questionnaire import ConsentKind
from services.contracts.profiles.accounts import Role
from services.contracts.profiles.clients import BOOKING_WORDS
from tests.e2e.post import Post
from tests.factories.clinic import ZONE, Clinic, add_colleague, open_clinic
from tests.factories.couple import Couple
from tests.factories.invoices import write_receipt
from tests.factories.people import PASSWORD, Person, store_people
from tests.factories.reception import ask_before_sessions, sign
from tests.security.visits.books import Books

API = "/api/v1"
#: The gateway closes what was silent for five seconds, and what is sent just then has no answer.
IDLE = httpx.Limits(keepalive_expiry=2.0)
PATIENCE_SECONDS, BUSY_SECONDS = 60.0, 180.0
#: Names that stand in records of one person only; whoever reads one sees that record.
CLIENT_NAME, GUEST_NAME = "Klothilde Klarname", "Gundolf Gastname"
#: The columns of the table of answers, which says who they are. A link's holder needs none.
VISITORS = (
    *("nobody", "guest", "guest2", "client", "client2"),
    *("treating", "colleague", "desk", "billing", "admin", "owner", "supervisor"),
    *("admin2", "operator"),
)


@dataclass(frozen=True, slots=True)
class Booked:
    """A paid booking: its door, and its guest's token where a guest booked."""

    id: UUID
    join_path: str
    starts_at: str
    token: str = ""


@dataclass
class Cast:
    """Everybody, and what belongs to them.

    `bearers`: by visitor, what an API client sends; "" for nobody. `bookings` and `links` (a mail's
    token) are those of guests and clients; `course_id` goes on from the booking of "guest2",
    `ending_id` is another course, to be given back.
    """

    product: Product
    http: httpx.Client
    clinic: Clinic
    colleague: Clinic
    elsewhere: Clinic
    people: dict[str, Person]
    starts: Iterator[str]
    #: A free start that nobody books, for requests that are compared.
    spare: str
    bearers: dict[str, str] = field(default_factory=dict)
    bookings: dict[str, Booked] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    course_id: UUID = field(default_factory=uuid7)
    ending_id: UUID = field(default_factory=uuid7)
    #: Of "client" with "treating": one that both agreed to, and one that has ended.
    plans: dict[str, UUID] = field(default_factory=dict)
    #: Notes of "treating" about "client": a draft, a signed one, a signed private one.
    notes: dict[str, UUID] = field(default_factory=dict)
    #: Templates of the practice: one that stays, one that is archived and restored.
    templates: dict[str, UUID] = field(default_factory=dict)
    #: A text of the practice that "guest" and "client" have signed; another one waits for them.
    text_id: UUID = field(default_factory=uuid7)
    #: The receipt of the booking of "client".
    invoice_id: UUID = field(default_factory=uuid7)

    @cached_property
    def client_id(self) -> UUID:
        """The record of "client" in the practice, asked for once: thousands of visits name it."""
        account_id = self.people["client"].account_id
        [(found,)] = self.rows("SELECT id FROM profiles.clients WHERE account_id = %s", account_id)
        return UUID(str(found))

    @cached_property
    def payments(self) -> dict[UUID, UUID]:
        """By booking its payment, asked for once."""
        found = self.rows("SELECT booking_id, id FROM billing.payments")
        return {UUID(str(booking)): UUID(str(payment)) for booking, payment in found}

    def sign_in(self, visitor: str) -> str:
        """A fresh login; its token serves as bearer and as cookie. "" for who has no account."""
        person = self.people.get(visitor)
        if person is None:
            return ""
        sent = {"email": person.email, "password": PASSWORD}
        answer = patiently(lambda: self.http.post(f"{API}/logins", json=sent))
        return str(answer.raise_for_status().json()["token"])

    def cookies(self, visitor: str, bearer: str) -> dict[str, str]:
        """The cookies of a browser with the same rights as the bearer."""
        if not bearer:
            return {}
        kind = "guest-" if visitor in ("guest", "guest2") else ""
        return {f"__Host-attune-{kind}{self.product.port}": bearer}

    def wish(self, *, name: str, email: str, starts_at: str | None = None) -> dict[str, Any]:
        """What the API takes to book an hour for somebody new: names in the cast's records stay."""
        return {
            "practice_id": str(self.clinic.id),
            "offering_id": str(self.clinic.offering_id),
            "starts_at": starts_at or next(self.starts),
            "format": "online",
            "price_id": str(self.clinic.price_id),
            "name": name,
            "email": email,
            "time_zone": ZONE,
            "is_for_another": True,
            "agreed_to": BOOKING_WORDS,
        }

    def rows(self, query: str, *values: object) -> list[Any]:
        """What the database's administrator finds or changes."""
        with self._administrator as tx, tx.cursor() as cursor:
            cursor.execute(query, [str(value) for value in values])
            return list(cursor.fetchall())

    @cached_property
    def books(self) -> Books:
        return Books(self.rows)

    @cached_property
    def _administrator(self) -> Any:
        return psycopg2.connect(target_url(self.product.stack))

    def leave(self) -> None:
        self._administrator.close()


def patiently(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """The answer; after 503 asked again as late as it says: hashing is slow on a busy machine."""
    until = monotonic() + BUSY_SECONDS
    while monotonic() < until:
        answer = ask()
        if answer.status_code != 503:
            return answer
        sleep(float(answer.headers["retry-after"]))
    return ask()


def client_of(product: Product) -> httpx.Client:
    """An HTTP client of the product's pages and API."""
    return httpx.Client(base_url=product.base_url, timeout=60, trust_env=False, limits=IDLE)


@contextmanager
def assemble(product: Product) -> Iterator[Cast]:
    """Two practices, everybody who works there, four paid bookings and the links of their mails."""
    clinic, elsewhere = open_clinic(product), open_clinic(product)
    colleague = add_colleague(product, clinic)
    people = _people(clinic, colleague, elsewhere)
    store_people(product, people.values())
    texts = ask_before_sessions(product, clinic)
    with client_of(product) as http:
        starts = _free(http, clinic)
        cast = Cast(product, http, clinic, colleague, elsewhere, people, starts, next(starts))
        cast.bearers = {visitor: cast.sign_in(visitor) for visitor in VISITORS}
        for visitor, name in _BOOKERS.items():
            cast.bookings[visitor] = _book_and_pay(cast, visitor, name)
        for visitor in ("guest", "guest2"):
            cast.bearers[visitor] = cast.bookings[visitor].token
        cast.links = {visitor: _link(cast, visitor) for visitor in _BOOKERS}
        _book_course(cast, cast.course_id, timedelta(weeks=10))
        _book_course(cast, cast.ending_id, timedelta(weeks=11))
        couple = Couple(product, clinic, cast.client_id, people["client"].account_id)
        cast.text_id = texts[ConsentKind.TREATMENT]
        for visitor in ("guest", "client"):
            sign(product, couple.ring, clinic, cast.bookings[visitor].id, cast.text_id)
        cast.plans = {"plan": couple.agreed_plan(), "ended": couple.ended_plan()}
        cast.invoice_id = write_receipt(couple, cast.bookings["client"].id)
        cast.templates = {name: couple.template(name) for name in ("kept", "shelved")}
        cast.notes = {
            "draft": couple.note(is_signed=False),
            "signed": couple.note(),
            "private": couple.note(NoteKind.PRIVATE),
        }
        yield cast
        cast.leave()


_BOOKERS = {
    "guest": GUEST_NAME,
    "guest2": "Otto Ohnekonto",
    "client": CLIENT_NAME,
    "client2": "Olga Andersperson",
}


def _people(clinic: Clinic, colleague: Clinic, elsewhere: Clinic) -> dict[str, Person]:
    staff = {role: Person(role.value, clinic, role) for role in Role}
    return {
        "client": Person(CLIENT_NAME),
        "client2": Person("Olga Andersperson"),
        "treating": Person(
            "Nell", clinic, Role.PRACTITIONER, account_id=clinic.practitioner_account_id
        ),
        "colleague": Person(
            "Cosima", colleague, Role.PRACTITIONER, account_id=colleague.practitioner_account_id
        ),
        "desk": staff[Role.FRONT_DESK],
        **{role.value: staff[role] for role in (Role.BILLING, Role.ADMIN, Role.OWNER)},
        "supervisor": staff[Role.SUPERVISOR],
        "admin2": Person("Adele", elsewhere, Role.ADMIN),
        "operator": Person("Operator", is_operator=True),
    }


def _free(http: httpx.Client, clinic: Clinic) -> Iterator[str]:
    """Free hours of the practitioner, each handed out once."""
    first, last = (utc_now().date() + timedelta(days=days) for days in (3, 40))
    path = f"{API}/practices/{clinic.id}/offerings/{clinic.offering_id}/slots"
    asked = {"from_on": f"{first}", "until_on": f"{last}", "time_zone": ZONE}
    return iter(http.get(path, params=asked).raise_for_status().json()["starts"])


def _book_and_pay(cast: Cast, visitor: str, name: str) -> Booked:
    """A booking that the person or guest made, paid at the twin and confirmed."""
    key, bearer = uuid7(), cast.bearers[visitor]
    headers = {"Idempotency-Key": str(key)}
    if bearer:
        headers["Authorization"] = f"Bearer {bearer}"
    wish = cast.wish(name=name, email=address_of(visitor, key)) | {"is_for_another": False}
    answer = patiently(lambda: cast.http.post(f"{API}/bookings", json=wish, headers=headers))
    booked = answer.raise_for_status().json()
    session = str(booked["payment"]["checkout_url"]).rsplit("/", 1)[-1]
    pay = f"{cast.product.twin_url}/_twin/pay"
    cast.http.post(pay, json={"session": session}).raise_for_status()
    token = bearer or str(booked["token"])
    seen = _confirmed(cast, key, token)
    return Booked(key, seen["join_path"], seen["starts_at"], "" if bearer else token)


def address_of(visitor: str, booking_id: UUID) -> str:
    """Where the mails of a booking go."""
    return f"{visitor}-{booking_id.hex}@mail.example"


def _confirmed(cast: Cast, booking_id: UUID, bearer: str) -> dict[str, Any]:
    until = monotonic() + PATIENCE_SECONDS
    while monotonic() < until:
        path = f"{API}/bookings/{booking_id}"
        seen = cast.http.get(path, headers={"Authorization": f"Bearer {bearer}"}).json()
        if seen["state"] == "confirmed":
            return dict(seen)
        sleep(0.2)
    raise TimeoutError("the booking was never confirmed")


def _book_course(cast: Cast, course_id: UUID, later: timedelta) -> None:
    """A course of one session so much later, booked by the practice's admin."""
    admin = Actor(
        kind="person",
        account_id=cast.people["admin"].account_id,
        practice_id=cast.clinic.id,
        roles=frozenset({Role.ADMIN.value}),
    )
    booking = cast.bookings["guest2"]
    wanted = BookCourse(
        id=course_id,
        follows_booking_id=booking.id,
        price_id=cast.clinic.price_id,
        starts=[datetime.fromisoformat(booking.starts_at) + later],
    )
    database = Database(cast.product.environment["BOOKING_DATABASE_URL"], pool_size=1)
    with database.transaction(admin) as tx:
        course_booking.book_course(tx, wanted, actor=admin, now=utc_now())
    database.engine.dispose()


def _link(cast: Cast, visitor: str) -> str:
    """The token of the private link in the mail of a booking."""
    booking = cast.bookings[visitor]
    with Post(cast.product.mailbox_url) as post:
        letter = post.wait_for(address_of(visitor, booking.id), "is confirmed")
    return letter.private_link.rsplit("/", 1)[-1]
