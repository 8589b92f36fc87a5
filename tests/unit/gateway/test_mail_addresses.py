"""Addresses that people type: a mail has to reach them."""

from uuid import uuid4

import pytest
from pydantic import ValidationError

from services.contracts.profiles.clients import EnsureClient
from services.gateway.forms.accounts import RegisterForm
from services.gateway.forms.booking import BookForm
from services.gateway.forms.reading import Flawed, parsed
from tests.unit.gateway.test_forms import TYPED, errors_of


@pytest.mark.parametrize("email", ["x" * 64 + "@example.org", "ü" * 32 + "@straße.example"])
def test_the_longest_name_before_the_at_is_taken(email: str) -> None:
    """64 octets of UTF-8 (RFC 5321, 4.5.3.1.1); a domain stays as it was typed."""
    assert errors_of(TYPED | {"email": email}) == {}
    assert parsed(BookForm, TYPED | {"email": email}).email == email


@pytest.mark.parametrize("email", ["x" * 65 + "@example.org", "ü" * 33 + "@example.org"])
def test_an_address_that_no_mail_reaches_is_refused_of_every_caller(email: str) -> None:
    """Forms and services read it alike; nobody pays and then hears nothing."""
    typed = {"name": "Jonas", "email": email, "password": "a long password", "terms": "yes"}
    with pytest.raises(Flawed) as flawed:
        parsed(RegisterForm, typed)
    assert list(flawed.value.errors) == ["email"]
    with pytest.raises(ValidationError, match="octets before the @"):
        EnsureClient(id=uuid4(), practice_id=uuid4(), name="Jonas", email=email)
