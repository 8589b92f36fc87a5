"""What a password may be, and how it is hashed."""

import pytest
from argon2 import extract_parameters

from services.contracts.profiles.accounts import SHORTEST_PASSWORD, CommonPassword
from services.profiles.adapters.passwords import Passwords
from services.profiles.domain.passwords import (
    canonical,
    check_uncommon,
    common_passwords,
)


def is_refused(password: str) -> bool:
    try:
        check_uncommon(password, email="ada.person@people.example", name="Ada Person")
    except CommonPassword as refused:
        return set(refused.detail) == {"password"}
    return False


def test_the_list_of_common_passwords_is_long_and_folded() -> None:
    """At least a thousand entries; shorter ones than eight are refused by length anyway."""
    listed = common_passwords()
    assert len(listed) >= 1_000
    assert all(len(password) >= SHORTEST_PASSWORD for password in listed)
    assert all(password == canonical(password).casefold() for password in listed)


@pytest.mark.parametrize(
    "password",
    ["password1", "PASSWORD1", "qwertyuiop", "1q2w3e4r5t", "letmein123", "zzzzzzzzzz"],
)
def test_what_is_tried_first_is_refused_in_any_case(password: str) -> None:
    """Common ones and a single character over and over."""
    assert is_refused(password)


@pytest.mark.parametrize(
    "password", ["ada.person@people.example", "Ada.Person", "ada person", "AdaPerson"]
)
def test_a_persons_own_words_are_refused(password: str) -> None:
    """Address, its first part, and the name."""
    assert is_refused(password)


@pytest.mark.parametrize("password", ["slow green river 41", "пароль для меня", "🌊🌿🌞🐚🍂🌙⛰🔥"])
def test_an_uncommon_password_is_taken_in_any_script(password: str) -> None:
    """No rule asks for digits or capitals (NIST SP 800-63B-4, 3.1.1.2)."""
    assert not is_refused(password)


def test_the_same_keys_on_another_keyboard_are_the_same_password() -> None:
    """A composed and a decomposed letter sign in alike."""
    passwords = Passwords()
    stored = passwords.hash("caf\u00e9 au lait")
    assert passwords.is_right(stored, "cafe\u0301 au lait")
    assert not passwords.is_right(stored, "cafe au lait")


def test_nothing_stored_is_never_right() -> None:
    """Neither for an unknown address nor for an account without a password."""
    assert not Passwords().is_right(None, "anything at all")


def test_a_damaged_hash_is_never_right() -> None:
    """A broken row refuses instead of failing."""
    assert not Passwords().is_right("$argon2id$broken", "anything at all")


def test_hashes_are_salted_argon2id_of_the_houses_cost() -> None:
    """Two hashes of one password differ; 19 MiB and two passes."""
    passwords = Passwords()
    first, second = passwords.hash("slow green river"), passwords.hash("slow green river")
    assert first != second
    told = extract_parameters(first)
    assert (told.type.name, told.time_cost) == ("ID", 2)
    assert told.memory_cost >= 19 * 1024
    assert not passwords.is_outdated(first)
