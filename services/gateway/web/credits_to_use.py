"""Packages of which a session may be used for a booking, at the checkout."""

from collections.abc import Sequence
from typing import Any

from services.contracts.billing.credits import CreditsView, CreditView, ListCredits
from services.contracts.booking.offerings import OfferingView
from services.gateway.backend import Backend
from services.gateway.visitors import Visitor
from services.gateway.web import labels
from services.gateway.web.zones import ShownZone
from services.gateway.wishes import has_own_record

Context = dict[str, Any]


async def usable(
    backend: Backend, visitor: Visitor, offering: OfferingView
) -> Sequence[CreditView]:
    """What the visitor bought beforehand; staff and guests use no packages."""
    if not has_own_record(visitor, offering.practice_id):
        return ()
    actor = visitor.actor(offering.practice_id)
    return (await backend.ask(actor, ListCredits(offering_id=offering.id), CreditsView)).credits


def choice(one: CreditView, shown: ShownZone) -> Context:
    """A package of which a session may be used."""
    till = labels.full_date_label(one.expires_at.astimezone(shown.info).date())
    sessions_left = "your last session" if one.left == 1 else f"1 of your {one.left} sessions"
    return {"id": str(one.sale_id), "name": one.name, "label": f"Use {sessions_left} (till {till})"}
