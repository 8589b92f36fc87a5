"""Telling accounts, and where to write to them."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.errors import Forbidden, NotFound
from services.contracts.profiles.accounts import (
    AccountAddressView,
    AccountView,
    GetAccountAddress,
)
from services.profiles.queries import accounts


def person(actor: Actor) -> UUID:
    """The account that acts; raises Forbidden for anybody who is not signed in."""
    if actor.kind != "person" or actor.account_id is None:
        raise Forbidden("Please sign in first.")
    return actor.account_id


def get_account(tx: Session, *, actor: Actor) -> AccountView:
    """The actor's own account; raises NotFound where it is gone."""
    account = accounts.account(tx, person(actor))
    if account is None:
        raise NotFound("There is no such account.")
    return accounts.account_view(tx, account)


def get_account_address(
    tx: Session, command: GetAccountAddress, *, actor: Actor
) -> AccountAddressView:
    """Where to write to an account; raises Forbidden for people, NotFound where it is gone."""
    if not actor.is_service:
        raise Forbidden("Only a service asks for addresses.")
    account = accounts.account(tx, command.account_id)
    if account is None:
        raise NotFound("There is no such account.")
    return AccountAddressView(email=account.email)
