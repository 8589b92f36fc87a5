"""The shapes of the demo data: who there is, what they offer and when.

Every id follows from kind and slug (`demo_id`), so that loading the same data twice finds the
same rows. Money is in minor units of the practice's currency, lengths are in minutes, weekdays
are ISO (Monday = 1), wall times are those of the practice's zone.
"""

from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, Literal
from uuid import NAMESPACE_DNS, UUID, uuid5

from pydantic import ConfigDict, Field, StringConstraints

from deploy.local.demo.courses import DemoCourse

DEMO_NAMESPACE = uuid5(NAMESPACE_DNS, "demo.attune.example")

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$", max_length=60)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=80)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=160)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=80, max_length=1200)]
Email = Annotated[
    str, StringConstraints(pattern=r"^[a-z.-]+@([a-z-]+\.example|example\.(org|com))$")
]
Minor = Annotated[int, Field(ge=0)]
Minutes = Annotated[int, Field(ge=0, le=480, multiple_of=5)]
Percent = Annotated[int, Field(ge=0, le=100)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Format = Literal["online", "in_person"]
Role = Literal["owner", "admin", "billing", "front_desk", "supervisor"]

_NOTHING_ELSE = ConfigDict(extra="forbid")


def demo_id(kind: str, key: str) -> UUID:
    """The id of a thing of the demo: the same for the same kind and key, always."""
    return uuid5(DEMO_NAMESPACE, f"{kind}/{key}")


@dataclass(frozen=True, slots=True)
class DemoClosure:
    """A public holiday on which the practice is closed all day."""

    on: date
    name: str


@dataclass(frozen=True, slots=True)
class DemoMember:
    """Somebody of the practice who treats nobody."""

    slug: Slug
    name: Name
    role: Role
    email: Email

    __pydantic_config__ = _NOTHING_ELSE

    @property
    def account_id(self) -> UUID:
        """Whose login this is."""
        return demo_id("account", self.slug)


@dataclass(frozen=True, slots=True)
class DemoPractice:
    """A practice with its address, money and closures (sorted, a year back and a year ahead).

    `country` and `region` are ISO 3166; `commission_basis_points` is the platform's share.
    Where `rooms` are named, all who meet in person share them.
    """

    slug: Slug
    name: Name
    city: Name
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    region: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}$")]
    zone: Name
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    locale: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}-[A-Z]{2}$")]
    street: Line
    postal_code: Name
    email: Email
    phone: Name
    about: Prose
    stripe_account: Annotated[str, StringConstraints(pattern=r"^acct_[a-z]+$")]
    commission_basis_points: Annotated[int, Field(ge=0, le=10_000)]
    members: tuple[DemoMember, ...]
    closures: tuple[DemoClosure, ...]
    rooms: tuple[Name, ...] = ()

    __pydantic_config__ = _NOTHING_ELSE

    @property
    def id(self) -> UUID:
        """The practice's id, the tenant of everything in it."""
        return demo_id("practice", self.slug)


@dataclass(frozen=True, slots=True)
class DemoCredential:
    """A qualification as it stands on paper; numbers are invented and start with DEMO."""

    name: Line
    issuer: Line
    number: Annotated[str, StringConstraints(pattern=r"^DEMO-[A-Z0-9]+$")]
    since: Annotated[int, Field(ge=1970, le=2100)]

    __pydantic_config__ = _NOTHING_ELSE


@dataclass(frozen=True, slots=True)
class DemoCancellationTier:
    """Cancelled at least `hours_before` the start, `refund_percent` of the price goes back."""

    hours_before: Annotated[int, Field(ge=1, le=336)]
    refund_percent: Percent

    __pydantic_config__ = _NOTHING_ELSE


@dataclass(frozen=True, slots=True)
class DemoOffering:
    """What can be booked with one practitioner; `key` is practitioner and slug.

    `cancellation` holds the longest notice first; below the last tier nothing goes back.
    """

    key: str
    slug: Slug
    name: Name
    minutes: Annotated[int, Field(ge=10, le=480, multiple_of=5)]
    price_minor: Minor
    before_minutes: Minutes
    after_minutes: Minutes
    notice_hours: Annotated[int, Field(ge=0, le=336)]
    window_days: Annotated[int, Field(ge=21, le=365)]
    increment_minutes: Annotated[int, Field(ge=5, le=120, multiple_of=5)]
    policy: Slug
    cancellation: Annotated[tuple[DemoCancellationTier, ...], Field(min_length=1)]

    __pydantic_config__ = _NOTHING_ELSE

    @property
    def id(self) -> UUID:
        """The offering's id."""
        return demo_id("offering", self.key)

    @property
    def price_id(self) -> UUID:
        """The id of the price's first version."""
        return demo_id("price", self.key)

    def refund_minor(self, hours_before: float) -> int:
        """What goes back when cancelled so many hours before the start; rounded down."""
        for tier in self.cancellation:
            if hours_before >= tier.hours_before:
                return self.price_minor * tier.refund_percent // 100
        return 0


@dataclass(frozen=True, slots=True)
class DemoHours:
    """A window `[starts, ends)` of every such weekday, in wall time of the practice's zone."""

    weekday: Annotated[int, Field(ge=1, le=7)]
    starts: time
    ends: time

    __pydantic_config__ = _NOTHING_ELSE


@dataclass(frozen=True, slots=True)
class DemoTimeOff:
    """Local dates `[starts_on, ends_on)` on which nobody is seen."""

    starts_on: date
    ends_on: date
    reason: Line

    __pydantic_config__ = _NOTHING_ELSE


@dataclass(frozen=True, slots=True)
class DemoPractitioner:
    """A therapist or coach with profile, offerings and schedule.

    `bio` has paragraphs separated by empty lines; `topics` and `approaches` are slugs of the
    catalogue, the main one first; `room` is where in the practice's house, if in person.
    """

    slug: Slug
    practice: Slug
    kind: Literal["therapist", "coach"]
    given_name: Name
    family_name: Name
    email: Email
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    headline: Line
    bio: Prose
    topics: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=6)]
    approaches: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=4)]
    formats: Annotated[tuple[Format, ...], Field(min_length=1)]
    is_verified: bool
    credentials: Annotated[tuple[DemoCredential, ...], Field(min_length=1)]
    offerings: Annotated[tuple[DemoOffering, ...], Field(min_length=2)]
    hours: Annotated[tuple[DemoHours, ...], Field(min_length=1)]
    time_off: tuple[DemoTimeOff, ...]
    title: Name | None = None
    pronouns: Name | None = None
    room: Line | None = None

    __pydantic_config__ = _NOTHING_ELSE

    @property
    def id(self) -> UUID:
        """The practitioner's id."""
        return demo_id("practitioner", self.slug)

    @property
    def account_id(self) -> UUID:
        """Whose login this is."""
        return demo_id("account", self.slug)

    @property
    def schedule_id(self) -> UUID:
        """The id of the one schedule that holds the weekly hours."""
        return demo_id("schedule", self.slug)

    @property
    def name(self) -> str:
        """The name as people say it, without the title."""
        return f"{self.given_name} {self.family_name}"

    @property
    def portrait(self) -> str:
        """The portrait's file name below the gateway's static portraits."""
        return f"{self.slug}.svg"

    @property
    def video_url(self) -> str:
        """The practitioner's own video room."""
        return f"https://meet.{self.practice}.example/{self.slug}"


@dataclass(frozen=True, slots=True)
class DemoClient:
    """A person within one practice; without an account they booked as a guest."""

    slug: Slug
    practice: Slug
    given_name: Name
    family_name: Name
    email: Email
    has_account: bool = True
    regular_with: Slug | None = None
    course: DemoCourse | None = None

    __pydantic_config__ = _NOTHING_ELSE

    @property
    def id(self) -> UUID:
        """The client's id within the practice."""
        return demo_id("client", self.slug)

    @property
    def account_id(self) -> UUID | None:
        """Whose login this is, if there is one."""
        return demo_id("account", self.slug) if self.has_account else None

    @property
    def name(self) -> str:
        """The whole name."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A login to try the product with; the stack makes and prints its password.

    `person` is the slug of a client, practitioner or member; an operator stands alone.
    """

    kind: Literal["client", "practitioner", "admin", "operator"]
    email: Email
    person: Slug
    name: Name

    __pydantic_config__ = _NOTHING_ELSE

    @property
    def account_id(self) -> UUID:
        """The account that signs in with this address."""
        return demo_id("account", self.person)
