"""What forms send: kind words per field, our own pages only, small bodies only."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message
from uuid_utils.compat import uuid7

from services.common.errors import Forbidden
from services.gateway.config import GatewayConfig
from services.gateway.forms.accounts import RegisterForm, SignInForm, own_path
from services.gateway.forms.booking import BookForm, CancelForm, ChoiceForm
from services.gateway.forms.reading import (
    ENCODING,
    MOST_BYTES,
    MOST_FIELDS,
    STALE,
    TOO_LONG,
    Flawed,
    fields,
    parsed,
    read,
)
from services.gateway.protection import Csrf

KEY = "k" * 32
ORIGIN = "http://127.0.0.1:8000"
CSRF = Csrf(
    GatewayConfig.model_validate(
        {
            "secret_key": KEY,
            "signing_key": "unused",
            "amqp_url": "amqp://unused",
            "verify_keys": {},
            "REDIS_URL": "redis://unused",
            "ATTUNE_PUBLIC_URL": ORIGIN,
        }
    )
)
TYPED = {
    "practice": str(uuid4()),
    "offering": str(uuid4()),
    "start": "2026-11-24T13:00:00Z",
    "format": "online",
    "with": "miriam-adler",
    "form_id": str(uuid7()),
    "price_id": str(uuid4()),
    "zone": "Europe/Berlin",
    "name": "Jonas Weber",
    "email": "jonas@example.org",
    "phone": "",
    "consent": "yes",
}


def errors_of(sent: dict[str, str]) -> dict[str, str]:
    """What the booking form says about what was sent; nothing where it fits."""
    try:
        parsed(BookForm, sent)
    except Flawed as flawed:
        return flawed.errors
    return {}


class App:
    """What the reader asks of the application."""

    class state:  # noqa: N801  (the attribute's name is Starlette's)
        csrf = CSRF


def request(body: bytes, *, origin: str | None = ORIGIN, kind: str = ENCODING) -> Request:
    """A POST of this body by a browser that has our CSRF cookie with the seed "seed"."""
    headers = {"content-type": kind, "cookie": f"{CSRF.cookie}=seed"}
    if origin is not None:
        headers["origin"] = origin
    chunks = [body[at : at + 4096] for at in range(0, len(body), 4096)] or [b""]

    async def receive() -> Message:
        chunk = chunks.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(chunks)}

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": raw, "app": App}
    return Request(scope, receive)


def token(seed: str = "seed") -> str:
    """What a page shown to the browser with this seed carries in its forms."""
    cookie = f"{CSRF.cookie}={seed}".encode()
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"cookie", cookie)]}
    return CSRF.token(Request(scope))


async def refused(sent: Request) -> int:
    """The status with which the reader turns a body away."""
    with pytest.raises(HTTPException) as turned_away:
        await read(sent)
    return turned_away.value.status_code


def run(coroutine: object) -> object:
    """Drive a coroutine that never waits for anything outside."""
    try:
        coroutine.send(None)  # type: ignore[attr-defined]
    except StopIteration as done:
        return done.value
    raise AssertionError("it waited")


def test_a_complete_booking_form_becomes_its_model() -> None:
    """Ids, instant and format are typed; an empty phone is none."""
    form = parsed(BookForm, TYPED)
    assert form.form_id == UUID(TYPED["form_id"])
    assert form.start.isoformat() == "2026-11-24T13:00:00+00:00"
    assert (form.slug, form.phone, form.consent) == ("miriam-adler", None, True)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "Jo\nnas"),
        ("email", "jonas@"),
        ("email", "jonas@example.org\r\nBcc: a@example.org"),
        ("email", "x" * 65 + "@example.org"),
        ("email", "jonas@a\u200db.example"),
        ("phone", "call me"),
        ("consent", ""),
        ("consent", "no"),
    ],
)
def test_what_people_fill_in_wrongly_is_said_at_its_field(field: str, value: str) -> None:
    """One message, at the field, in our own words rather than the library's."""
    assert errors_of(TYPED | {field: value}) == {field: BookForm.words[field]}


@pytest.mark.parametrize("field", ["start", "offering", "form_id", "zone", "price_id", "with"])
def test_a_hidden_field_that_does_not_fit_belongs_to_no_field(field: str) -> None:
    """Nobody can mend a hidden field: the page says that it is out of date."""
    assert errors_of(TYPED | {field: "tampered!"}) == {"form": STALE}


def test_an_instant_without_an_offset_is_no_instant() -> None:
    """A start is never guessed into a zone."""
    assert errors_of(TYPED | {"start": "2026-11-24T13:00:00"}) == {"form": STALE}


@pytest.mark.parametrize("start", ["2000-01-01T00:00:00Z", "2199-12-20T00:00:00Z"])
def test_a_start_at_the_edge_of_the_calendar_is_too_far_away(start: str) -> None:
    """The days around it are asked for too, and have to be days."""
    with pytest.raises(Flawed):
        parsed(ChoiceForm, TYPED | {"start": start})


def test_a_link_to_a_slot_may_leave_the_format_to_the_offering_and_a_booking_may_not() -> None:
    """What is booked was shown."""
    assert parsed(ChoiceForm, TYPED | {"format": ""}).format is None
    assert errors_of(TYPED | {"format": ""}) == {"form": STALE}


def test_what_is_too_long_is_said_to_be_too_long() -> None:
    """201 characters of name."""
    assert errors_of(TYPED | {"name": "x" * 201}) == {"name": TOO_LONG}


def test_all_errors_come_at_once_in_the_order_of_the_page() -> None:
    """Nobody corrects a form field by field."""
    sent = TYPED | {"consent": "", "email": "", "name": ""}
    assert list(errors_of(sent)) == ["name", "email", "consent"]


def test_fields_that_a_form_does_not_know_are_left_alone() -> None:
    """A role or a price that a client adds to the form reaches nobody."""
    sent = TYPED | {"role": "admin", "price": "1", "client_id": str(uuid4())}
    assert parsed(BookForm, sent) == parsed(BookForm, TYPED)


def test_an_expected_refund_is_a_percentage() -> None:
    """0 to 100."""
    act = {"form_id": str(uuid7()), "percent": "101"}
    with pytest.raises(Flawed) as flawed:
        parsed(CancelForm, act)
    assert flawed.value.errors == {"form": STALE}
    assert parsed(CancelForm, act | {"percent": "50"}).percent == 50


def test_a_link_to_a_slot_is_read_like_a_form() -> None:
    """The query of GET /book holds the same names."""
    assert parsed(ChoiceForm, TYPED).format == "online"


def test_a_short_password_is_refused_in_words_and_never_repeated() -> None:
    """Seven characters; the message does not hold them."""
    sent = {"name": "J", "email": "j@example.org", "terms": "yes"}
    with pytest.raises(Flawed) as flawed:
        parsed(RegisterForm, sent | {"password": "seven77"})
    assert flawed.value.errors == {"password": "Use at least 8 characters."}


@pytest.mark.parametrize("path", ["/home", "/book?start=2026-11-24T13:00:00Z&with=a-b", "/b/x/y"])
def test_a_path_of_our_own_leads_on_after_signing_in(path: str) -> None:
    """Path and query survive."""
    assert parsed(SignInForm, {"email": "a", "password": "b", "next": path}).next == path


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "home",
        "/" + "a" * 3000,
        "",
    ],
)
def test_an_address_elsewhere_leads_nowhere(address: str) -> None:
    """No open redirect, in any spelling that browsers forgive."""
    assert own_path(address) == ""


@given(st.text())
def test_an_own_path_always_begins_with_exactly_one_slash(address: str) -> None:
    """Whatever is sent: nothing, or a path that no browser takes for a host."""
    path = own_path(address)
    assert path == "" or (path[0] == "/" and path[1:2] not in ("/", "\\"))


def test_a_form_of_our_own_page_is_read_without_its_token() -> None:
    """The token is checked and not handed on."""
    body = f"csrf_token={token()}&name=J%C3%B6rg+M&empty=".encode()
    assert run(read(request(body))) == {"name": "Jörg M", "empty": ""}


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a_form_from_elsewhere_is_refused(origin: str) -> None:
    """Even with a good token."""
    with pytest.raises(Forbidden):
        run(read(request(f"csrf_token={token()}".encode(), origin=origin)))


@pytest.mark.parametrize("body", [b"", b"csrf_token=", b"csrf_token=" + token("other").encode()])
def test_a_form_without_this_browsers_token_is_refused(body: bytes) -> None:
    """Missing, empty, or made for another browser."""
    with pytest.raises(Forbidden):
        run(read(request(body)))


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"a=" + b"x" * MOST_BYTES, ENCODING, 413),
        (b"&".join(b"a%d=1" % n for n in range(MOST_FIELDS + 1)), ENCODING, 413),
        (b'{"a": 1}', "application/json", 415),
        (b"name=%ff%fe", ENCODING, 422),
        ("name=ö".encode(), ENCODING, 422),
    ],
)
def test_a_body_that_is_no_small_form_is_turned_away(body: bytes, kind: str, status: int) -> None:
    """Too long, too many fields, another type, no text."""
    assert run(refused(request(body, kind=kind))) == status


@given(st.binary(max_size=200))
def test_no_body_breaks_the_parser(body: bytes) -> None:
    """Fields, or a refusal with a status below 500."""
    assert status_of(body) in (200, 413, 422)


def status_of(body: bytes) -> int:
    """200, or the status with which the body is turned away."""
    try:
        fields(body)
    except HTTPException as refusal:
        return refusal.status_code
    return 200
