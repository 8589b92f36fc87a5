"""Accounts and logins."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import StringConstraints
from uuid_utils.compat import uuid7

from services.common.auth import Actor
from services.common.crypto import new_token, token_key
from services.common.messages import Command, View
from services.contracts.base import Line, MailAddress, PersonName, Zone
from services.contracts.profiles.accounts import (
    AccountView,
    GetAccount,
    LoginView,
    Password,
    RegisterAccount,
    RevokeLogins,
    SignIn,
    SignOut,
)
from services.gateway.api.problems import responses
from services.gateway.asking import ApiVisitor, Asked, Settings, address_of
from services.gateway.backend import Nothing

router = APIRouter(tags=["accounts"], prefix="/api/v1")


class Registration(Command):
    """A new account."""

    email: MailAddress
    password: Password
    name: PersonName
    time_zone: Zone = "UTC"


class Registered(View):
    """The same answer whether or not the address has an account; a mail tells its owner, and holds
    the link that makes a new one."""

    is_accepted: bool = True


class Credentials(Command):
    """An address and its password."""

    email: Line
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Login(View):
    """A login; send `token` as `Authorization: Bearer`."""

    token: str
    account: AccountView
    idle_minutes: int


@router.post("/accounts", status_code=202, responses=responses(400, 429))
async def register(
    body: Registration, backend: Asked, request: Request, settings: Settings
) -> Registered:
    """Ask for an account; it is made once the link in the mail was opened."""
    most = settings.registrations_per_minute
    await request.app.state.limits.count("register", address_of(request), most)
    added = {"id": uuid7(), "address": address_of(request)}
    command = RegisterAccount.model_validate(body.model_dump() | added)
    await backend.ask(Actor(), command, AccountView)
    return Registered()


@router.post("/logins", status_code=201, responses=responses(400, 401, 429))
async def sign_in(body: Credentials, backend: Asked, request: Request) -> Login:
    """Sign in; the token ends after idleness, signing out or revocation."""
    token = new_token()
    command = SignIn(
        email=body.email,
        password=body.password,
        login_key=token_key(token),
        address=address_of(request),
    )
    login = await backend.ask(Actor(), command, LoginView)
    return Login(token=token, account=login.account, idle_minutes=login.idle_minutes)


@router.delete("/logins/current", status_code=204, responses=responses(401))
async def sign_out(backend: Asked, visitor: ApiVisitor) -> None:
    """End the login whose token is sent."""
    visitor.require_login()
    await backend.ask(visitor.actor(), SignOut(login_key=visitor.login_key), Nothing)


@router.delete("/logins", status_code=204, responses=responses(401))
async def revoke_logins(backend: Asked, visitor: ApiVisitor) -> None:
    """End all logins of the account, on all devices."""
    visitor.require_login()
    await backend.ask(visitor.actor(), RevokeLogins(), Nothing)


@router.get("/account", responses=responses(401))
async def get_account(backend: Asked, visitor: ApiVisitor) -> AccountView:
    """The account that is signed in."""
    visitor.require_login()
    return await backend.ask(visitor.actor(), GetAccount(), AccountView)
