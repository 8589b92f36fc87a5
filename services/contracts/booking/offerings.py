"""Offerings, and the times at which they can be booked."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.common.messages import Command, Instant, View
from services.contracts.base import Day, Format, Ids, Minutes, PartOfDay, Percent, Zone


class PolicyTier(View):
    """Cancelled at least `hours_before` elapsed hours ahead: `refund_percent` comes back."""

    hours_before: Annotated[int, Field(ge=0)]
    refund_percent: Percent


class PolicyView(View):
    """A cancellation policy as versioned at booking, tiers from the earliest to the latest.

    What comes back however late is a tier of 0 hours; `no_show_percent` to who does not come.
    """

    version: int
    tiers: list[PolicyTier]
    reschedule_until_hours: int
    no_show_percent: Percent = 0


class OfferingView(View):
    """What can be booked with a practitioner."""

    id: UUID
    practice_id: UUID
    practitioner_id: UUID
    name: str
    minutes: Minutes
    formats: list[Format]
    price_id: UUID
    time_zone: str
    policy: PolicyView


class OfferingsView(View):
    """Offerings of a practitioner, in their order."""

    offerings: list[OfferingView]


class ListOfferings(Command):
    """What the practitioner offers; empty where there is no such practitioner."""

    practitioner_id: UUID


class ListSlots(Command):
    """Bookable starts of an offering on the viewer's dates `from_on`..`until_on`, inclusive.

    At most 93 days. Dates are those of `time_zone`, the viewer's. The offering is one of the
    actor's practice. The starts are those of `format`, for meeting in person may take a room;
    without it, of the format in which the most starts are free.
    With `moving_booking_id`, of a booking that the actor may see, that booking's own time is
    not in the way: what is listed is where it can be moved, in its own format; by the practice's
    staff also before the notice and after the window. Where that format is no longer offered it
    cannot be moved: NotReschedulable.
    """

    offering_id: UUID
    from_on: Day
    until_on: Day
    time_zone: Zone
    format: Format | None = None
    moving_booking_id: UUID | None = None


class SlotsView(View):
    """Starts in UTC, ascending, free in `format`; `next_free_at` looks beyond the range where
    it is empty. `may_book` is false for staff who book nobody into this calendar."""

    offering: OfferingView
    starts: list[Instant]
    next_free_at: Instant | None
    last_bookable_on: date
    format: Format | None = None
    may_book: bool = True


class ListNextSlots(Command):
    """The next free starts of one offering of each practitioner, for directory cards.

    That is the first of `offering_ids` that is still offered, else the practitioner's first
    one. `is_spread`: starts whose sessions do not overlap, so that each is a choice of its
    own; where there are fewer, the nearest others fill up. The starts are those of `format`,
    or of each one's own in `formats`; without, of the format in which the most are free.
    """

    practitioner_ids: Ids
    offering_ids: Ids = Field(default_factory=list)
    is_spread: bool = False
    format: Format | None = None
    formats: Annotated[list[Format], Field(max_length=100)] = Field(default_factory=list)
    part_of_day: PartOfDay | None = None
    before: Instant | None = None
    count: Annotated[int, Field(ge=1, le=10)] = 3


class NextSlots(View):
    """A practitioner's next starts, UTC, free in `format`; none takes the card off the page."""

    practitioner_id: UUID
    offering_id: UUID
    starts: list[Instant]
    format: Format | None = None


class NextSlotsView(View):
    """Next starts per practitioner, in the order asked."""

    practitioners: list[NextSlots]
