"""Practices, people and events to test with; ids are fresh each time."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from services.common.clock import utc_now
from services.common.money import Money
from services.contracts.base import Format, PartOfDay
from services.contracts.billing import PricePublished
from services.contracts.booking.events import Opening, OpeningsChanged
from services.contracts.profiles.accounts import RegisterAccount, SignIn
from services.contracts.profiles.directory import Profession
from services.profiles.domain.records import (
    ClientRecord,
    CredentialRecord,
    PracticeRecord,
    PractitionerRecord,
)

PASSWORD = "slow green river 41"


@dataclass(frozen=True, slots=True)
class House:
    """A practice with one practitioner and one client, a guest."""

    practice: PracticeRecord
    practitioner: PractitionerRecord
    client: ClientRecord


def a_house(name: str) -> House:
    """A practice in Berlin."""
    practice = PracticeRecord(
        id=uuid4(),
        name=f"Practice {name}",
        email=f"desk@{name}.example",
        address="Lindenbogen 14, 10961 Berlin",
        city="Berlin",
        time_zone="Europe/Berlin",
        currency="EUR",
    )
    client = ClientRecord(
        id=uuid4(),
        practice_id=practice.id,
        name=f"Client of {name}",
        email=f"client@{name}.example",
        time_zone="Europe/Berlin",
    )
    return House(practice, a_practitioner(practice), client)


def a_practitioner(practice: PracticeRecord) -> PractitionerRecord:
    """A therapist of a practice, for low mood and anxiety."""
    id_ = uuid4()
    return PractitionerRecord(
        id=id_,
        practice_id=practice.id,
        slug=f"person-{id_.hex[:12]}",
        name=f"Therapist of {practice.name}",
        email="therapist@house.example",
        title="Dr.",
        pronouns="she/her",
        profession=Profession.THERAPIST,
        verified_on=date(2026, 3, 9),
        credentials=(CredentialRecord("Licence", "Register of Berlin", "DEMO-1", 2012),),
        portrait_url="/static/portraits/somebody.svg",
        about=("One paragraph.", "Another one."),
        languages=("de", "en"),
        formats=(Format.ONLINE, Format.IN_PERSON),
        address="Lindenbogen 14, 10961 Berlin",
        city="Berlin",
        time_zone="Europe/Berlin",
        topics=("low-mood", "anxiety"),
        approaches=("interpersonal-therapy",),
    )


def with_own_topic(record: PractitionerRecord, *topics: str) -> PractitionerRecord:
    """The same person, working with these topics."""
    return replace(record, topics=topics)


def registration(name: str, **changes: object) -> RegisterAccount:
    """A registration with an address of its own."""
    content = {
        "id": uuid4(),
        "email": f"{name}-{uuid4().hex[:10]}@people.example",
        "password": PASSWORD,
        "name": "Ada Person",
        "time_zone": "Europe/Berlin",
    }
    return RegisterAccount.model_validate(content | changes)


def a_sign_in(email: str, password: str = PASSWORD, address: str = "") -> SignIn:
    """A try from a network address of its own, under a fresh login key."""
    return SignIn(
        email=email,
        password=password,
        login_key=uuid4().hex * 2,
        address=address or uuid4().hex,
    )


def in_hours(hours: float) -> datetime:
    """An instant ahead, to the minute."""
    return utc_now().replace(second=0, microsecond=0) + timedelta(hours=hours)


def openings_changed(
    practitioner: PractitionerRecord,
    openings: dict[PartOfDay, datetime],
    computed_at: datetime | None = None,
    formats: tuple[Format, ...] = (Format.ONLINE, Format.IN_PERSON),
) -> OpeningsChanged:
    """What booking tells of a practitioner."""
    return OpeningsChanged(
        occurred_at=utc_now(),
        practice_id=practitioner.practice_id,
        practitioner_id=practitioner.id,
        computed_at=computed_at or utc_now(),
        openings=[
            Opening(part_of_day=part, next_free_at=at, formats=list(formats))
            for part, at in openings.items()
        ],
    )


def price_published(
    practitioner: PractitionerRecord,
    amount: int,
    *,
    offering_id: UUID | None = None,
    version: int = 1,
    currency: str = "EUR",
) -> PricePublished:
    """What billing tells of an offering."""
    return PricePublished(
        occurred_at=datetime.now(UTC),
        practice_id=practitioner.practice_id,
        price_id=uuid4(),
        offering_id=offering_id or uuid4(),
        practitioner_id=practitioner.id,
        price_version=version,
        money=Money(amount, currency),
    )
