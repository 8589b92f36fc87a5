"""Who answers for a practice's money."""

from uuid import UUID

from services.common.auth import Actor
from services.common.errors import Forbidden

KEEPERS = frozenset({"owner", "admin", "billing"})


def practice_of_keeper(actor: Actor) -> UUID:
    """The practice whose money the actor answers for; raises Forbidden for everybody else."""
    if actor.kind != "person" or actor.practice_id is None or not actor.roles & KEEPERS:
        raise Forbidden("Only those who answer for the practice's money see it.")
    return actor.practice_id
