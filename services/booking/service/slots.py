"""Calls about what is offered, and when."""

from typing import Any

from services.booking.operations import billed, practice_slots, slots, views
from services.booking.service.desk import BY_GATEWAY, Desk
from services.common.clock import utc_now
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.booking.billed import ListPracticeOfferings, PracticeOfferingsView
from services.contracts.booking.offerings import (
    ListNextSlots,
    ListOfferings,
    ListSlots,
    OfferingsView,
)
from services.contracts.booking.on_behalf import ListPracticeSlots


class SlotCalls(Desk):
    """What is offered, and when."""

    @rpc(by=BY_GATEWAY)
    def list_offerings(self, call: Call, command: ListOfferings) -> OfferingsView:
        """What a practitioner offers."""
        with self.db.reading(call.actor) as tx:
            offered = slots.list_offerings(tx, command, actor=call.actor, now=utc_now())
        return OfferingsView(offerings=[views.offering_view(one) for one in offered])

    @rpc(by=BY_GATEWAY)
    def list_practice_offerings(
        self, call: Call, command: ListPracticeOfferings
    ) -> PracticeOfferingsView:
        """What a practice offers, for its money desk."""
        with self.db.reading(call.actor) as tx:
            return billed.list_practice_offerings(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def list_slots(self, call: Call, command: ListSlots) -> dict[str, Any]:
        """Bookable starts, as a `SlotsView` that is rendered here: a datetime per slot is slow."""
        with self.db.reading(call.actor) as tx:
            free = slots.list_slots(tx, command, actor=call.actor, now=utc_now())
        return views.slots_view(free)

    @rpc(by=BY_GATEWAY)
    def list_practice_slots(self, call: Call, command: ListPracticeSlots) -> dict[str, Any]:
        """What a calendar's staff may book, rendered in the same way."""
        with self.db.reading(call.actor) as tx:
            found = practice_slots.list_practice_slots(tx, command, actor=call.actor, now=utc_now())
        offered = [views.offering_view(one).model_dump(mode="json") for one in found.offered]
        return views.slots_view(found.free) | {"offerings": offered}

    @rpc(by=BY_GATEWAY)
    def list_next_slots(self, call: Call, command: ListNextSlots) -> dict[str, Any]:
        """Next starts for directory cards, as a rendered `NextSlotsView`."""
        with self.db.transaction(call.actor) as tx:
            found = slots.list_next_slots(tx, command, now=utc_now())
        return {"practitioners": [views.next_slots(one) for one in found]}
