"""Signing in and out, and the account's own page."""

from fastapi import APIRouter, Request, Response

from services.common.auth import Actor
from services.common.crypto import new_token, token_key
from services.contracts.profiles.accounts import (
    AccountView,
    LoginsEnded,
    LoginView,
    RevokeLogins,
    SignIn,
    SignOut,
    TooManyTries,
    WrongCredentials,
)
from services.gateway.asking import Asked, Door, WebVisitor, address_of
from services.gateway.backend import Backend
from services.gateway.forms.accounts import SignInForm, own_path
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.visitors import Visitor
from services.gateway.web.links import with_query
from services.gateway.web.page import home_url, page, redirect, role_of
from services.gateway.wishes import guest_records

router = APIRouter()
NO_ROLE = "no role at present"
WRONG = (
    "This address and password do not fit together. Check both and try again. If you have just "
    "registered, open the link in our mail first."
)
BUSY = "There were many tries in a short time. Please try again in {}."
MINUTE, HOUR = 60, 60


@router.get("/sign-in")
async def sign_in_page(request: Request, visitor: WebVisitor, next: str = "") -> Response:
    """The form; who is signed in already goes on at once."""
    if visitor.login is not None:
        return redirect(request, own_path(next) or home_of(visitor.login.account))
    return await _sign_in_page(request, {"next": next}, {})


@router.post("/sign-in")
async def sign_in(
    request: Request, sent: Sent, backend: Asked, door: Door, visitor: WebVisitor
) -> Response:
    """A fresh login under a fresh token; the one of this browser before it ends."""
    try:
        form = parsed(SignInForm, sent)
        token, login = await _login(request, backend, visitor, form)
    except Flawed as flawed:
        return await _sign_in_page(request, sent, flawed.errors, 422)
    except TooManyTries as tries:
        return await _sign_in_page(request, sent, {"form": wait_words(tries)}, 429)
    await end_login(backend, visitor)
    response = redirect(request, form.next or home_of(login.account))
    door.remember_login(response, token)
    return response


@router.post("/sign-out")
async def sign_out(
    request: Request, sent: Sent, backend: Asked, door: Door, visitor: WebVisitor
) -> Response:
    """End the login of this browser."""
    await end_login(backend, visitor)
    response = redirect(request, "/", notice="You are signed out.")
    door.forget(response)
    return response


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
            "roles_label": ", ".join(role.value.replace("_", " ") for role in membership.roles)
            or NO_ROLE,
        }
        for membership in account.memberships
    ]


async def _login(
    request: Request, backend: Backend, visitor: Visitor, form: SignInForm
) -> tuple[str, LoginView]:
    token = new_token()
    command = SignIn(
        email=form.email,
        password=form.password,
        login_key=token_key(token),
        address=address_of(request),
        guest_of=guest_records(visitor),
    )
    try:
        return token, await backend.ask(Actor(), command, LoginView)
    except WrongCredentials:
        raise Flawed({"form": WRONG}) from None


async def end_login(backend: Backend, visitor: Visitor) -> None:
    """End the login that this browser has, if any."""
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
        "register_url": with_query("/register", {"next": own_path(sent.get("next", ""))}),
        "mail_to": sent.get("email", "") if errors.get("form") == WRONG else "",
    }
    return await page(request, "sign_in.html", context, status=status, active="sign-in")


def home_of(account: AccountView) -> str:
    """Where somebody begins after signing in."""
    return home_url(role_of(account))


def wait_words(tries: TooManyTries) -> str:
    """How long to wait, in words."""
    seconds = int(tries.detail.get("retry_after", "60"))
    minutes = max(1, -(-seconds // MINUTE))
    return BUSY.format(f"{minutes} minutes" if minutes < HOUR else f"{-(-minutes // HOUR)} hours")
