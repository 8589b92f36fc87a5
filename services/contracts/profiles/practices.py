"""Practices, as other services need to know of them."""

from services.common.messages import Command, View


class GetStaffing(Command):
    """How many work in the actor's practice; for its members."""


class StaffingView(View):
    """The number of a practice's members."""

    member_count: int
