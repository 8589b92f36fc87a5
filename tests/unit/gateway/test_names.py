"""Names of people: greeted in mails, so no web address passes for one."""

import pytest
from pydantic import TypeAdapter, ValidationError

from services.contracts.base import NO_ADDRESS, PersonName
from services.gateway.forms.accounts import RegisterForm
from services.gateway.forms.reading import Flawed, parsed

NAME = TypeAdapter(PersonName)


@pytest.mark.parametrize(
    "name",
    [
        "J. R. Smith",
        "J.R.Smith",
        "J.R.R. Tolkien",
        "Dr. Müller-Lüdenscheidt",
        "Prof. Dr. med. Anna O’Neill, M.Sc.",
        "Karl Meier jun.",
        "Ph.D. Ada L.",
        "José María y Gómez",
        "李小龍",
        "Nguyễn Thị Minh Khai",
        "www",
    ],
)
def test_real_names_are_kept_as_they_are(name: str) -> None:
    """With titles, initials, and the letters of any script."""
    assert NAME.validate_python(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "Claim your prize at http://evil.example/win now",
        "evil.example",
        "Visit EVIL.COM today",
        "www.evil",
        "Anna bit.ly/3x",
        "anna@people.example",
        "evil．com",
        "зло.рф",
        "xn--80a.xn--p1ai",
        "J.R.Smith at t.co",
    ],
)
def test_a_name_with_a_web_address_is_refused(name: str) -> None:
    """Whatever a mail program would make a link of."""
    with pytest.raises(ValidationError) as refused:
        NAME.validate_python(name)
    assert refused.value.errors()[0]["msg"] == NO_ADDRESS


def test_the_form_says_what_is_wrong_with_the_name() -> None:
    """And not only that one is wanted."""
    with pytest.raises(Flawed) as flawed:
        parsed(RegisterForm, {"name": "evil.example", "email": "a@b.example"})
    assert flawed.value.errors["name"] == NO_ADDRESS
