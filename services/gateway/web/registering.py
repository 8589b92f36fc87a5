"""Registering: the form, the page that sends people to their mail, and the link in that mail.

Every answer is the same whatever is known of an address; what differs stands in the mail alone.
"""

from fastapi import APIRouter, Request, Response

from services.common.auth import Actor
from services.common.crypto import new_token, token_key
from services.contracts.profiles.accounts import (
    CommonPassword,
    LoginView,
    TooManyTries,
    WrongCredentials,
)
from services.contracts.profiles.registering import (
    ConfirmRegistration,
    GetRegistration,
    RegistrationMailView,
    RegistrationUnknown,
    RegistrationView,
    SendRegistrationMail,
)
from services.gateway.asking import Asked, Door, WebVisitor, address_of
from services.gateway.forms.accounts import ConfirmForm, MailForm, RegisterForm, own_path
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.web import registrant
from services.gateway.web.accounts import end_login, home_of, wait_words
from services.gateway.web.page import page, redirect
from services.gateway.web.registrant import COMMON, Registrant, Typed, register
from services.gateway.web.words import LINK_OVER
from services.gateway.wishes import guest_records

router = APIRouter()
MAIL_URL = "/register/mail"
SENT_AGAIN = "If this address waits for a mail of ours, it is on its way."
READY = "Your account is ready, and you are signed in."
NOT_CHOSEN = (
    "This is not the password that you chose when you registered. Try again, or create the account "
    "once more with the same address: nothing is lost by it."
)


@router.get("/register")
async def register_page(request: Request, next: str = "") -> Response:
    """The form."""
    return await _register_page(request, {"next": next}, {})


@router.post("/register")
async def send_form(request: Request, sent: Sent, backend: Asked, visitor: WebVisitor) -> Response:
    """Write down who wants an account, and on to the page that says to look in the mail."""
    try:
        form = parsed(RegisterForm, sent)
        token = new_token()
        typed = Typed(form.email, form.name, form.password)
        await register(request, backend, visitor, token, typed)
    except Flawed as flawed:
        return await _register_page(request, sent, flawed.errors, 422)
    except CommonPassword:
        return await _register_page(request, sent, {"password": COMMON}, 422)
    except TooManyTries as tries:
        return await _register_page(request, sent, {"form": wait_words(tries)}, 429)
    response = redirect(request, MAIL_URL)
    registrant.remember(request, response, Registrant(token, form.next))
    return response


@router.get(MAIL_URL)
async def mail_page(request: Request) -> Response:
    """Look in your mail; and a way to have it sent again."""
    return await _mail_page(request, {}, {})


@router.post(MAIL_URL)
async def mail_again(request: Request, sent: Sent, backend: Asked) -> Response:
    """Another mail, to an address that is typed or to the one that this browser registered."""
    own = registrant.recall(request)
    is_typed = bool(sent.get("email", "").strip()) or own is None
    try:
        email = parsed(MailForm, sent).email if is_typed else None
        command = SendRegistrationMail(
            email=email,
            browser_key=token_key(own.token) if own and not is_typed else None,
            address=address_of(request),
        )
        await backend.ask(Actor(), command, RegistrationMailView)
    except Flawed as flawed:
        return await _mail_page(request, sent, flawed.errors, 422)
    except TooManyTries as tries:
        return await _mail_page(request, sent, {"form": wait_words(tries)}, 429)
    return redirect(request, MAIL_URL, notice=SENT_AGAIN, kind="info")


@router.get("/register/confirm/{token}")
async def confirm_page(request: Request, token: str, backend: Asked) -> Response:
    """What is left to do: press once, or type the password where another browser registered."""
    asked = GetRegistration(link_key=token_key(token), browser_key=_browser_key(request))
    try:
        found = await backend.ask(Actor(), asked, RegistrationView)
    except RegistrationUnknown:
        return await _over(request)
    return await _confirm_page(request, token, needs_password=found.needs_password)


@router.post("/register/confirm/{token}")
async def confirm(
    request: Request, token: str, sent: Sent, backend: Asked, door: Door, visitor: WebVisitor
) -> Response:
    """The account, and its first login in this browser; then on to where they came from."""
    login_token = new_token()
    try:
        command = ConfirmRegistration(
            link_key=token_key(token),
            login_key=token_key(login_token),
            browser_key=_browser_key(request),
            password=parsed(ConfirmForm, sent).password,
            address=address_of(request),
            guest_of=guest_records(visitor),
        )
        login = await backend.ask(Actor(), command, LoginView)
    except RegistrationUnknown:
        return await _over(request)
    except Flawed as flawed:
        return await _confirm_page(request, token, errors=flawed.errors, status=422)
    except WrongCredentials:
        errors = {"password": NOT_CHOSEN} if sent.get("password") else {}
        return await _confirm_page(request, token, errors=errors, status=422)
    except TooManyTries as tries:
        errors = {"form": wait_words(tries)}
        return await _confirm_page(request, token, errors=errors, status=429)
    await end_login(backend, visitor)
    own = registrant.recall(request)
    response = redirect(request, (own and own.next) or home_of(login.account), notice=READY)
    door.remember_login(response, login_token)
    registrant.forget(request, response)
    return response


def _browser_key(request: Request) -> str | None:
    own = registrant.recall(request)
    return token_key(own.token) if own else None


async def _over(request: Request) -> Response:
    told = LINK_OVER._asdict() | {"status": 404, "reference": None}
    return await page(request, "error.html", told, status=404)


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


async def _mail_page(
    request: Request, sent: dict[str, str], errors: dict[str, str], status: int = 200
) -> Response:
    own = registrant.recall(request)
    context = {
        "values": {"email": sent.get("email", "")},
        "errors": errors,
        "asks_address": own is None or bool(sent.get("email")),
        "go_on_url": own.next if own else "",
    }
    return await page(request, "register_mail.html", context, status=status)


async def _confirm_page(
    request: Request,
    token: str,
    *,
    needs_password: bool = True,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    context = {
        "action": f"/register/confirm/{token}",
        "needs_password": needs_password,
        "errors": errors or {},
    }
    return await page(request, "register_confirm.html", context, status=status)
