"""Who works in a practice, by name."""

from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.errors import Forbidden
from services.contracts.profiles.members import ListMembers, MemberName, MembersView
from services.profiles.queries import people


def list_members(tx: Session, command: ListMembers, *, actor: Actor) -> MembersView:
    """The names of some who work in the actor's practice; raises Forbidden for who is neither its
    client nor one of them."""
    practice_id, account_id = actor.practice_id, actor.account_id
    if practice_id is None or account_id is None:
        raise Forbidden("This is for a practice's clients and people.")
    is_client = people.client_of_account(tx, practice_id, account_id) is not None
    if not is_client and people.member(tx, practice_id, account_id) is None:
        raise Forbidden("This is for a practice's clients and people.")
    found = people.member_names(tx, practice_id, command.account_ids)
    return MembersView(members=[MemberName(account_id=id_, name=name) for id_, name in found])
