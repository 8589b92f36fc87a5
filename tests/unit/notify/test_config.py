"""The settings of notify."""

import pytest
from pydantic import ValidationError

from services.notify.config import NotifyConfig


def config(**changes: str) -> NotifyConfig:
    values = {
        "amqp_url": "amqp://x",
        "signing_key": "x",
        "verify_keys": {},
        "database_url": "postgresql://x",
        "smtp_url": "smtp://127.0.0.1:25",
        "public_url": "https://attune.example",
    }
    return NotifyConfig(**values | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("public_url", "domain"),
    [
        ("https://attune.example", "attune.example"),
        ("https://attune.example:8443/", "attune.example"),
        ("http://127.0.0.1:8000", "attune.localhost"),
        ("http://[::1]:8000", "attune.localhost"),
        ("http://localhost:8000", "attune.localhost"),
    ],
)
def test_mail_comes_from_the_public_host(public_url: str, domain: str) -> None:
    """An address of numbers is no mail domain; a name of our own stands for it."""
    told = config(public_url=public_url)
    assert told.mail_domain == domain
    assert told.from_line == f"Attune <appointments@{domain}>"


def test_the_sender_may_be_named() -> None:
    """As it is."""
    assert config(sender="Us <a@b.example>").from_line == "Us <a@b.example>"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("public_url", "https://attune.example/path"),
        ("public_url", "attune.example"),
        ("public_url", "https://user@attune.example"),
        ("smtp_url", "http://mail.example"),
        ("smtp_url", "smtp://"),
        ("sender", "A\nBcc: b@c.example"),
    ],
)
def test_a_wrong_setting_stops_the_start(field: str, value: str) -> None:
    """And is named."""
    with pytest.raises(ValidationError, match=field):
        config(**{field: value})
