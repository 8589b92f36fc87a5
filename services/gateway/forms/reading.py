"""The one reader of form bodies: small, urlencoded, ours; then a model, or kind words per field."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, TypeVar
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.exceptions import HTTPException

from services.gateway.protection import Csrf

MOST_BYTES = 16 * 1024
MOST_FIELDS = 200
MOST_LONG_BYTES = 64 * 1024
TOO_LONG_TYPES = ("string_too_long", "too_long")
ENCODING = "application/x-www-form-urlencoded"
TOO_LONG = "This is too long. Please shorten it."
SENT_BEFORE = "Other words were sent from this page before, and are kept. Send again to add these."
STALE = "This page was incomplete or out of date. Please open it again."


class Form(BaseModel):
    """What one form sends; fields that it does not know are left alone.

    `words`: what to say when the field (by the name it has in the form) does not fit. A field
    without words is none that people fill in: its error belongs to the form as a whole.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    words: ClassVar[Mapping[str, str]] = {}


F = TypeVar("F", bound=Form)


class Flawed(Exception):
    """The form does not fit. `errors`: message by field, "form" for what belongs to none."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("the form does not fit")
        self.errors = errors


def parsed(form: type[F], sent: Mapping[str, str]) -> F:
    """The form's model; raises Flawed. An empty field counts as not sent."""
    filled = {name: value for name, value in sent.items() if value.strip()}
    try:
        return form.model_validate(filled)
    except ValidationError as flaws:
        raise Flawed(_messages(form, flaws)) from None


def _messages(form: type[Form], flaws: ValidationError) -> dict[str, str]:
    found: dict[str, str] = {}
    for flaw in flaws.errors(include_input=False, include_context=False, include_url=False):
        name = str(flaw["loc"][0]) if flaw["loc"] else "form"
        key, message = (name, form.words[name]) if name in form.words else ("form", STALE)
        if key != "form" and flaw["type"] in TOO_LONG_TYPES:
            message = TOO_LONG
        if key != "form" and flaw["type"] == "web_address":
            message = flaw["msg"]
        found.setdefault(key, message)
    return {name: found[name] for name in (*form.words, "form") if name in found}


async def read(request: Request) -> dict[str, str]:
    """The fields of a short form, once it is sure that it is ours; see `_read`."""
    return await _read(request, MOST_BYTES)


async def read_long(request: Request) -> dict[str, str]:
    """The same for a form of many lines, such as a part of a plan."""
    return await _read(request, MOST_LONG_BYTES)


async def _read(request: Request, most: int) -> dict[str, str]:
    """The fields of the form, once it is sure that it is ours.

    Raises Forbidden for a missing or foreign CSRF token or origin, HTTPException 413 or 415 for
    what is no small form.
    """
    sent = await read_unchecked(request, most)
    check_ours(request, sent)
    return sent


async def read_unchecked(request: Request, most: int = MOST_BYTES) -> dict[str, str]:
    """The fields of a form that anybody may have sent; `check_ours` has to follow.

    Raises HTTPException 413, 415 or 422.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != ENCODING:
        raise HTTPException(415, f"Send the form as {ENCODING}.")
    return fields(await _body(request, most))


def check_ours(request: Request, sent: dict[str, str]) -> None:
    """Takes the CSRF token out of the fields; raises Forbidden where it is not this browser's.

    The fields of a form of ours are known from then on to whatever refuses them, so that nothing
    that was written is lost; those of a page whose token has ended too, by the browser's word.
    """
    csrf: Csrf = request.app.state.csrf
    token = sent.pop("csrf_token", "")
    if csrf.is_from_here(request):
        request.state.sent = sent
    csrf.check(request, token)
    request.state.sent = sent


def fields(body: bytes) -> dict[str, str]:
    """Names and values of an urlencoded body; raises HTTPException 413 for too many, 422."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except UnicodeDecodeError:
        raise HTTPException(422, "The form holds bytes that are no text.") from None
    except ValueError:
        raise HTTPException(413, "The form has too many fields.") from None
    return dict(pairs)


async def _body(request: Request, most: int) -> bytes:
    """The body, read no further than it may be long, whatever its length header says."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > most:
            raise HTTPException(413, "The form is too large.")
    return bytes(found)


Sent = Annotated[dict[str, str], Depends(read)]
SentLong = Annotated[dict[str, str], Depends(read_long)]


def is_checked(value: Any) -> bool:
    """Whether a checkbox was ticked; raises ValueError where it has to be and was not."""
    if value != "yes":
        raise ValueError("must be ticked")
    return True
