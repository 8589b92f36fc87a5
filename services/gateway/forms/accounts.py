"""Registering and signing in."""

from collections.abc import Mapping
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from services.contracts.base import MailAddress, PersonName, visible
from services.contracts.profiles.accounts import Password
from services.gateway.forms.reading import Form, is_checked

EMAIL_WORDS = "Enter an email address such as name@example.org."
NAME_WORDS = "Tell us what you would like to be called."
MOST_ADDRESS = 2000


def own_path(address: str) -> str:
    """The address if it is a path of our own pages, else "" (no open redirect).

    Browsers take a backslash for a slash and skip tabs and line ends, so both are refused.
    """
    is_plain = address.isprintable() and "\\" not in address and len(address) <= MOST_ADDRESS
    if not is_plain or not address.startswith("/") or address.startswith("//"):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else address


OwnPath = Annotated[str, AfterValidator(own_path)]
Ticked = Annotated[bool, BeforeValidator(is_checked)]


class SignInForm(Form):
    """An address and its password."""

    words: ClassVar[Mapping[str, str]] = {
        "email": EMAIL_WORDS,
        "password": "Enter your password.",
    }

    email: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=320), AfterValidator(visible)
    ]
    password: Annotated[str, StringConstraints(max_length=200)]
    next: OwnPath = ""


class MailForm(Form):
    """To which address the mail of a registration goes again."""

    words: ClassVar[Mapping[str, str]] = {"email": EMAIL_WORDS}

    email: MailAddress


class ConfirmForm(Form):
    """The password that was chosen, where another browser registered."""

    words: ClassVar[Mapping[str, str]] = {"password": "Enter the password that you chose."}

    password: Annotated[str, StringConstraints(max_length=200)] = ""


class RegisterForm(Form):
    """A new account."""

    words: ClassVar[Mapping[str, str]] = {
        "name": NAME_WORDS,
        "email": EMAIL_WORDS,
        "password": "Use at least 8 characters.",
        "terms": "Please agree to go on.",
    }

    name: PersonName
    email: MailAddress
    password: Password
    terms: Ticked
    next: OwnPath = ""
