"""What names and addresses may be made of, and which ids a caller may mint."""

import unicodedata
from uuid import UUID, uuid4, uuid5

import pytest
from pydantic import TypeAdapter, ValidationError
from uuid_utils.compat import uuid7

from services.contracts.base import Line
from services.contracts.profiles.accounts import RegisterAccount, SignIn
from services.contracts.profiles.clients import EnsureClient
from services.gateway.api.bookings import IdempotencyKey
from services.gateway.forms.booking import CancelForm
from services.gateway.forms.reading import Flawed, parsed
from services.gateway.web.ids import corrected_id, kept_form_id, new_form_id

LINE: TypeAdapter[str] = TypeAdapter(Line)
KEY: TypeAdapter[UUID] = TypeAdapter(IdempotencyKey)
REAL_NAMES = [
    *("Zoë O'Neill-Łukasiewicz", "Nguyễn Thị Ánh", "Ångström, Åsa", "Sr. María José (Pepa)"),
    *(
        "王小明",
        "葛\U000e0100城",
        "김하늘",
        "さとう・みどり",
        "Мария",
        "Γιώργος",
        "יעל",
        "عبد الله",
    ),
    # ZWNJ between Arabic letters and after a virama, ZWJ after one
    *("علی\u200cرضا", "क्\u200cषमा", "ශ්\u200dරී", "അവന്\u200d"),
]
HIDDEN = {
    "a null": "\x00",
    "a line end": "\n",
    "a next line": "\u0085",
    "a line separator": "\u2028",
    "a paragraph separator": "\u2029",
    "a right-to-left override": "\u202e",
    "a left-to-right embedding": "\u202a",
    "an isolate": "\u2066",
    "a direction mark": "\u200f",
    "a zero-width space": "\u200b",
    "a word joiner": "\u2060",
    "a byte order mark": "\ufeff",
    "a soft hyphen": "\u00ad",
    "a tag": "\U000e0041",
    "a joiner between Latin letters": "\u200d",
    "a non-joiner between Latin letters": "\u200c",
    "a filler": "\u3164",
}


@pytest.mark.parametrize("name", REAL_NAMES)
def test_a_real_name_is_taken_as_it_is(name: str) -> None:
    """In any script, with the joiners that its spelling needs."""
    assert LINE.validate_python(name) == name


#: Within a name, and at its ends what is not taken away there as white space is.
HIDING_PLACES = [
    (place, kind)
    for kind, hidden in HIDDEN.items()
    for place in ("Mi{}a", "{}Mia", "Mia{}")
    if place == "Mi{}a" or not hidden.isspace()
]


@pytest.mark.parametrize(("place", "kind"), HIDING_PLACES)
def test_what_does_not_show_is_refused_and_said(place: str, kind: str) -> None:
    """Within, before or after."""
    with pytest.raises(ValidationError) as flawed:
        LINE.validate_python(place.format(HIDDEN[kind]))
    message = flawed.value.errors()[0]["msg"]
    assert "must not hold invisible" in message or "should match pattern" in message


def test_no_control_or_format_character_of_unicode_is_forgotten() -> None:
    """All of them, between Latin letters."""
    let_in = []
    for code in range(0x110000):
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Zl", "Zp"):
            try:
                LINE.validate_python(f"M{chr(code)}a")
            except ValidationError:
                continue
            let_in.append(hex(code))
    assert let_in == []


@pytest.mark.parametrize("name", ["\u200c", "علی\u200c", "\u200cعلی", "ي\u200dد", "क\u200dष"])
def test_a_joiner_that_joins_nothing_is_refused(name: str) -> None:
    """At an end, or where the script does not ask for it: it would only make a double."""
    with pytest.raises(ValidationError):
        LINE.validate_python(name)


@pytest.mark.parametrize("hidden", ["\x00", "\x1b", "\u202e", "\u200b", "\u2028"])
def test_an_address_that_hides_something_is_refused_everywhere(hidden: str) -> None:
    """At signing in, registering and booking; the error names the field."""
    email, key = f"a{hidden}b@people.example", "0" * 64
    told = {"id": str(uuid7()), "name": "Mia", "email": email}
    for kind, content in (
        (SignIn, {"email": email, "password": "x", "login_key": key, "address": ""}),
        (RegisterAccount, {**told, "password": "long enough"}),
        (EnsureClient, {**told, "practice_id": str(uuid7())}),
    ):
        with pytest.raises(ValidationError) as flawed:
            kind.model_validate(content)
        assert [flaw["loc"] for flaw in flawed.value.errors()] == [("email",)]


@pytest.mark.parametrize("key", [str(uuid4()), str(uuid5(uuid4(), "x")), str(UUID(int=0)), "7"])
def test_a_key_or_form_id_that_is_no_uuid_of_version_7_is_refused(key: str) -> None:
    """As the API documents it, and as our own pages mint it."""
    with pytest.raises(ValidationError):
        KEY.validate_python(key)
    with pytest.raises(Flawed):
        parsed(CancelForm, {"form_id": key, "percent": "50"})
    assert kept_form_id(key) != key


def test_ids_of_our_pages_are_of_version_7() -> None:
    """Fresh ones, kept ones, and those of a form that was corrected."""
    fresh = new_form_id()
    corrected = corrected_id(UUID(fresh), "Mia", "mia@people.example", "")
    assert kept_form_id(fresh) == fresh
    for one in (fresh, str(corrected)):
        assert KEY.validate_python(one) == UUID(one)
    assert corrected.bytes[:6] == UUID(fresh).bytes[:6]


def test_a_corrected_form_has_one_id_for_the_same_words() -> None:
    """Sent twice it books once; other words, or the same ones split otherwise, are another."""
    form = uuid7()
    ids = {corrected_id(form, *words) for words in (("a", "b"), ("ab", ""), ("a", "c"))}
    assert len(ids) == 3
    assert corrected_id(form, "a", "b") in ids
