"""A practice of a test's own in the running product, set up through each service's operations."""

from dataclasses import dataclass, field, replace
from uuid import UUID

import httpx
from uuid_utils.compat import uuid7

from deploy.local.product import Product
from services.billing.operations import NewPrice, connect_practice, publish_price
from services.booking.domain.schedule import WeeklyHours, Window
from services.booking.operations import setup
from services.common.auth import service_actor
from services.common.clock import utc_now
from services.common.database import Database
from services.common.money import Money
from services.contracts.base import Format
from services.contracts.profiles.directory import Profession
from services.profiles.domain.records import PracticeRecord, PractitionerRecord
from services.profiles.operations import open_practice, publish_practitioner

ZONE = "Europe/Berlin"
#: Whole days, so that a test finds starts on each side of every deadline of the policy.
ROUND_THE_CLOCK = Window(0, 24 * 60)
#: Cancelled two days ahead all of it comes back, one day ahead half of it, later nothing.
TIERS = ((48, 100), (24, 50))


@dataclass(frozen=True, slots=True)
class Clinic:
    """One practitioner who works round the clock: an hour costs 90 € and begins on the hour.

    `practitioner_account_id` is whose login the calendar names; the account need not be there.
    """

    stripe_account: str
    id: UUID = field(default_factory=uuid7)
    practitioner_id: UUID = field(default_factory=uuid7)
    practitioner_account_id: UUID = field(default_factory=uuid7)
    offering_id: UUID = field(default_factory=uuid7)
    policy_id: UUID = field(default_factory=uuid7)
    price_id: UUID = field(default_factory=uuid7)

    @property
    def price(self) -> Money:
        """What an hour costs."""
        return Money(9000, "EUR")

    @property
    def slug(self) -> str:
        """The practitioner's address in the directory."""
        return f"nell-{self.practitioner_id.hex}"

    @property
    def practitioner_email(self) -> str:
        return f"{self.slug}@clinic.example"


def open_clinic(product: Product) -> Clinic:
    """Connect a Stripe account at the twin, then store people, calendar and price."""
    clinic = Clinic(_connect(product.twin_url, product.environment["STRIPE_API_KEY"]))
    return _stored(product, clinic)


def add_colleague(product: Product, clinic: Clinic) -> Clinic:
    """The same practice as seen by a second practitioner, with a calendar of their own."""
    colleague = replace(
        clinic,
        practitioner_id=uuid7(),
        practitioner_account_id=uuid7(),
        offering_id=uuid7(),
        policy_id=uuid7(),
        price_id=uuid7(),
    )
    return _stored(product, colleague)


def _stored(product: Product, clinic: Clinic) -> Clinic:
    told = product.environment
    for store, url in (
        (_store_people, told["PROFILES_DATABASE_URL"]),
        (_store_calendar, told["BOOKING_DATABASE_URL"]),
        (_store_price, told["BILLING_DATABASE_URL"]),
    ):
        database = Database(url, pool_size=1)
        store(database, clinic)
        database.engine.dispose()
    return clinic


def _connect(twin_url: str, key: str) -> str:
    made = httpx.post(
        f"{twin_url}/v1/accounts",
        data={"country": "DE", "default_currency": "eur"},
        headers={"Authorization": f"Bearer {key}"},
        timeout=30,
        trust_env=False,
    )
    return str(made.raise_for_status().json()["id"])


def _store_people(database: Database, clinic: Clinic) -> None:
    practice = PracticeRecord(
        id=clinic.id,
        name="Praxis Eins",
        email=f"desk-{clinic.id.hex}@clinic.example",
        address="Uferweg 1, 10115 Berlin",
        city="Berlin",
        time_zone=ZONE,
        currency=clinic.price.currency,
    )
    with database.transaction(service_actor("profiles", clinic.id, "test")) as tx:
        open_practice(tx, practice)
        publish_practitioner(tx, _practitioner(clinic))


def _practitioner(clinic: Clinic) -> PractitionerRecord:
    return PractitionerRecord(
        id=clinic.practitioner_id,
        practice_id=clinic.id,
        slug=clinic.slug,
        name="Nell Sample",
        email=clinic.practitioner_email,
        title="Psychologist",
        pronouns="",
        profession=Profession.THERAPIST,
        verified_on=None,
        credentials=(),
        portrait_url="/static/portraits/mara-lindenau.svg",
        about=("Nell listens.",),
        languages=("en", "de"),
        formats=(Format.ONLINE,),
        address="Uferweg 1, 10115 Berlin",
        city="Berlin",
        time_zone=ZONE,
        topics=(),
        approaches=(),
    )


def _store_calendar(database: Database, clinic: Clinic) -> None:
    now = utc_now()
    offering = setup.NewOffering(
        practice_id=clinic.id,
        id=clinic.offering_id,
        practitioner_id=clinic.practitioner_id,
        name="Session",
        minutes=60,
        price_id=clinic.price_id,
        policy_id=clinic.policy_id,
        formats=("online",),
        increment_minutes=60,
    )
    with database.transaction(service_actor("booking", clinic.id, "test")) as tx:
        schedule = setup.NewSchedule(
            clinic.id, clinic.practitioner_id, ZONE, clinic.practitioner_account_id
        )
        setup.open_schedule(tx, schedule, now=now)
        hours = [WeeklyHours(day, ROUND_THE_CLOCK) for day in range(1, 8)]
        setup.set_weekly_hours(tx, clinic.id, clinic.practitioner_id, hours, now=now)
        setup.add_policy(tx, setup.NewPolicy(clinic.id, clinic.policy_id, TIERS))
        setup.add_offering(tx, offering, now=now)


def _store_price(database: Database, clinic: Clinic) -> None:
    price = NewPrice(
        clinic.price_id, clinic.id, clinic.offering_id, clinic.practitioner_id, 1, clinic.price
    )
    with database.transaction(service_actor("billing", clinic.id, "test")) as tx:
        connect_practice(tx, clinic.id, clinic.stripe_account, 500)
        publish_price(tx, price, now=utc_now())
