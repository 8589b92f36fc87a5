"""Practices, as other services need to know of them."""

from uuid import UUID

from services.common.messages import Command, View


class GetStaffing(Command):
    """How many work in the actor's practice; for its members."""


class StaffingView(View):
    """The number of a practice's members."""

    member_count: int


class GetPractice(Command):
    """The actor's practice; for its members."""


class PracticeView(View):
    """A practice by name, the zone of its calendar dates and the currency of its books."""

    id: UUID
    name: str
    time_zone: str
    currency: str
