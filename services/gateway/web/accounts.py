"""Registering, signing in and out, and the account's own page."""

from fastapi import APIRouter, Request, Response
from uuid_utils.compat import uuid7

from services.common.auth import Actor
from services.common.crypto import new_token, token_key
from services.contracts.profiles.accounts import (
    AccountView,
    CommonPassword,
    EmailTaken,
    LoginsEnded,
    LoginView,
    RegisterAccount,
    RevokeLogins,
    SignIn,
    SignOut,
    TooManyTries,
    WrongCredentials,
)
from services.gateway.asking import Asked, Door, WebVisitor, address_of
from services.gateway.backend import Backend
from services.gateway.forms.accounts import RegisterForm, SignInForm, own_path
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.visitors import Visitor
from services.gateway.web.links import with_query
from services.gateway.web.page import home_url, page, redirect, role_of
from services.gateway.web.zones import shown_zone

router = APIRouter()
REGISTERED = (
    "You can sign in now. If this address had an account before, its own password still counts."
)
WRONG = "This address and password do not fit together. Check both and try again."
COMMON = "This password is among the most used ones. Choose another."
BUSY = "There were many tries in a short time. Please try again in {} minutes."


@router.get("/sign-in")
async def sign_in_page(request: Request, visitor: WebVisitor, next: str = "") -> Response:
    """The form; who is signed in already goes on at once."""
    if visitor.login is not None:
        return redirect(request, own_path(next) or _home(visitor.login.account))
    return await _sign_in_page(request, {"next": next}, {})


@router.post("/sign-in")
async def sign_in(
    request: Request, sent: Sent, backend: Asked, door: Door, visitor: WebVisitor
) -> Response:
    """A fresh login under a fresh token; the one of this browser before it ends."""
    try:
        form = parsed(SignInForm, sent)
        token, login = await _login(request, backend, form)
    except Flawed as flawed:
        return await _sign_in_page(request, sent, flawed.errors, 422)
    except TooManyTries as tries:
        return await _sign_in_page(request, sent, {"form": _wait(tries)}, 429)
    await _end_login(backend, visitor)
    response = redirect(request, form.next or _home(login.account))
    door.remember_login(response, token)
    return response


@router.post("/sign-out")
async def sign_out(
    request: Request, sent: Sent, backend: Asked, door: Door, visitor: WebVisitor
) -> Response:
    """End the login of this browser."""
    await _end_login(backend, visitor)
    response = redirect(request, "/", notice="You are signed out.")
    door.forget(response)
    return response


@router.get("/register")
async def register_page(request: Request, next: str = "") -> Response:
    """The form."""
    return await _register_page(request, {"next": next}, {})


@router.post("/register")
async def register(request: Request, sent: Sent, backend: Asked, visitor: WebVisitor) -> Response:
    """Make an account. A known address gets the same answer, so that nobody can ask for it."""
    try:
        form = parsed(RegisterForm, sent)
        await _register(request, backend, visitor, form)
    except Flawed as flawed:
        return await _register_page(request, sent, flawed.errors, 422)
    except CommonPassword:
        return await _register_page(request, sent, {"password": COMMON}, 422)
    except TooManyTries as tries:
        return await _register_page(request, sent, {"form": _wait(tries)}, 429)
    sign_in_url = with_query("/sign-in", {"next": form.next})
    return redirect(request, sign_in_url, notice=REGISTERED)


@router.get("/account")
async def account_page(request: Request, visitor: WebVisitor) -> Response:
    """Who is signed in, and the way out on all devices."""
    login = visitor.require_login()
    account = login.account
    profile = {"name": account.name, "email": account.email, "zone_label": account.time_zone}
    context = {
        "profile": profile,
        "practices": practices_of(account),
        "idle_minutes": login.idle_minutes,
    }
    return await page(request, "account.html", context, active="account")


@router.post("/account/logins/end")
async def end_all_logins(
    request: Request, sent: Sent, backend: Asked, door: Door, visitor: WebVisitor
) -> Response:
    """Sign out on every device, this one included."""
    visitor.require_login()
    await backend.ask(visitor.actor(), RevokeLogins(), LoginsEnded)
    response = redirect(request, "/sign-in", notice="You are signed out on all your devices.")
    door.forget(response)
    return response


def practices_of(account: AccountView) -> list[dict[str, str]]:
    """Where the account works, and as what."""
    return [
        {
            "name": membership.practice_name,
            "roles_label": ", ".join(role.value.replace("_", " ") for role in membership.roles),
        }
        for membership in account.memberships
    ]


async def _login(request: Request, backend: Backend, form: SignInForm) -> tuple[str, LoginView]:
    token = new_token()
    command = SignIn(
        email=form.email,
        password=form.password,
        login_key=token_key(token),
        address=address_of(request),
    )
    try:
        return token, await backend.ask(Actor(), command, LoginView)
    except WrongCredentials:
        raise Flawed({"form": WRONG}) from None


async def _register(
    request: Request, backend: Backend, visitor: Visitor, form: RegisterForm
) -> None:
    # The id is ours: who could send it twice would learn from the answers whether it was stored.
    command = RegisterAccount(
        id=uuid7(),
        email=form.email,
        password=form.password,
        name=form.name,
        time_zone=shown_zone(request, visitor).id,
        address=address_of(request),
    )
    try:
        await backend.ask(Actor(), command, AccountView)
    except EmailTaken:
        return


async def _end_login(backend: Backend, visitor: Visitor) -> None:
    if visitor.login is not None:
        command = SignOut(login_key=visitor.login_key)
        await backend.ask(visitor.actor(), command, LoginsEnded)


async def _sign_in_page(
    request: Request, sent: dict[str, str], errors: dict[str, str], status: int = 200
) -> Response:
    context = {
        "values": {"email": sent.get("email", "")},
        "errors": errors,
        "next_url": own_path(sent.get("next", "")),
    }
    return await page(request, "sign_in.html", context, status=status, active="sign-in")


async def _register_page(
    request: Request, sent: dict[str, str], errors: dict[str, str], status: int = 200
) -> Response:
    typed = {name: sent.get(name, "") for name in ("name", "email", "terms")}
    context = {
        "values": typed,
        "errors": errors,
        "next_url": own_path(sent.get("next", "")),
    }
    return await page(request, "register.html", context, status=status)


def _home(account: AccountView) -> str:
    return home_url(role_of(account))


def _wait(tries: TooManyTries) -> str:
    seconds = int(tries.detail.get("retry_after", "60"))
    return BUSY.format(max(1, -(-seconds // 60)))
