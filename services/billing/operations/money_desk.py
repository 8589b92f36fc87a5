"""Who may work at a practice's money desk."""

from uuid import UUID

from services.common.auth import Actor
from services.common.errors import Forbidden

AT_THE_DESK = frozenset({"owner", "admin", "billing"})


def practice_at_desk(actor: Actor) -> UUID:
    """The practice whose money the actor answers for; raises Forbidden."""
    is_member = actor.kind == "person" and bool(actor.roles & AT_THE_DESK)
    if actor.practice_id is None or not is_member:
        raise Forbidden("This is for those who answer for the practice's money.")
    return actor.practice_id
