"""Views as the services would tell them, made by hand for the pages that find help."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.common.money import Money
from services.contracts.base import Format
from services.contracts.billing import PricesView, PriceView
from services.contracts.booking.offerings import (
    NextSlots,
    NextSlotsView,
    OfferingView,
    PolicyTier,
    PolicyView,
    SlotsView,
)
from services.contracts.profiles.catalogue import ApproachesView, Reference, TopicsView
from services.contracts.profiles.directory import (
    PractitionerCard,
    PractitionerName,
    PractitionerView,
    Profession,
)

SLEEP = Reference(slug="sleep", name="Sleep", summary="Nights.")
GRIEF = Reference(slug="grief", name="Grief & loss", summary="Losses.")
EMDR = Reference(slug="emdr", name="EMDR", summary="A treatment.")
TOPICS = TopicsView(topics=[SLEEP, GRIEF])
APPROACHES = ApproachesView(approaches=[EMDR])
PRACTICE, PERSON, OFFERING, PRICE = uuid4(), uuid4(), uuid4(), uuid4()


def hours_ahead(*hours: int) -> list[datetime]:
    """Starts so many hours from the full hour, UTC."""
    begin = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    return [begin + timedelta(hours=one) for one in hours]


def policy(*tiers: tuple[int, int], moved: int = 24) -> PolicyView:
    """A policy of (hours before, percent)."""
    return PolicyView(
        version=1,
        tiers=[PolicyTier(hours_before=h, refund_percent=p) for h, p in tiers],
        reschedule_until_hours=moved,
    )


def card(slug: str = "miriam-adler", **changes: Any) -> PractitionerCard:
    """A therapist in Berlin."""
    told: dict[str, Any] = {
        "practitioner_id": uuid4(),
        "practice_id": PRACTICE,
        "slug": slug,
        "name": "Miriam Adler",
        "title": "Psychotherapist",
        "profession": Profession.THERAPIST,
        "is_verified": True,
        "portrait_url": "",
        "languages": ["de", "en"],
        "formats": [Format.ONLINE, Format.IN_PERSON],
        "topics": [SLEEP],
        "price": Money(9500, "EUR"),
        "time_zone": "Europe/Berlin",
        "city": "Berlin",
        "next_free_at": hours_ahead(30)[0],
    }
    return PractitionerCard.model_validate(told | changes)


def practitioner_name(**changes: Any) -> PractitionerName:
    """The same therapist as who a booking is with, published or fully booked."""
    told: dict[str, Any] = {
        "id": PERSON,
        "slug": "miriam-adler",
        "name": "Miriam Adler",
        "title": "Psychotherapist",
        "profession": Profession.THERAPIST,
        "portrait_url": "",
        "is_verified": True,
        "city": "Berlin",
        "time_zone": "Europe/Berlin",
    }
    return PractitionerName.model_validate(told | changes)


def next_slots(*told: tuple[PractitionerCard, list[datetime]]) -> NextSlotsView:
    """Next starts of these people."""
    return NextSlotsView(
        practitioners=[
            NextSlots(practitioner_id=one.practitioner_id, offering_id=OFFERING, starts=starts)
            for one, starts in told
        ]
    )


def practitioner(**changes: Any) -> PractitionerView:
    """The page of the therapist in Berlin."""
    told: dict[str, Any] = {
        "practitioner_id": PERSON,
        "practice_id": PRACTICE,
        "practice_name": "Praxis Adler",
        "slug": "miriam-adler",
        "name": "Miriam Adler",
        "title": "Psychotherapist",
        "pronouns": "she/her",
        "profession": Profession.THERAPIST,
        "is_verified": True,
        "credentials": ["Approbation, Berlin, since 2012"],
        "verified_on": date(2026, 9, 3),
        "portrait_url": "",
        "about": ["Most of what hurts happened between people.", "I have a practice."],
        "languages": ["de", "en"],
        "formats": [Format.ONLINE, Format.IN_PERSON],
        "address": "Somewhere 1",
        "city": "Berlin",
        "time_zone": "Europe/Berlin",
        "topics": [SLEEP],
        "approaches": [EMDR],
    }
    return PractitionerView.model_validate(told | changes)


def offering(**changes: Any) -> OfferingView:
    """A session of 50 minutes."""
    told: dict[str, Any] = {
        "id": OFFERING,
        "practice_id": PRACTICE,
        "practitioner_id": PERSON,
        "name": "Session",
        "minutes": 50,
        "formats": [Format.ONLINE, Format.IN_PERSON],
        "price_id": PRICE,
        "time_zone": "Europe/Berlin",
        "policy": policy((24, 100)),
    }
    return OfferingView.model_validate(told | changes)


def prices(*told: tuple[UUID, Money]) -> PricesView:
    """Prices by id."""
    return PricesView(
        prices=[
            PriceView(id=id_, practice_id=PRACTICE, offering_id=OFFERING, version=1, money=money)
            for id_, money in told or ((PRICE, Money(9500, "EUR")),)
        ]
    )


def slots(starts: list[datetime], **changes: Any) -> SlotsView:
    """Free times of the session."""
    told: dict[str, Any] = {
        "offering": offering(),
        "starts": starts,
        "next_free_at": starts[0] if starts else None,
        "last_bookable_on": datetime.now(UTC).date() + timedelta(days=60),
    }
    return SlotsView.model_validate(told | changes)
