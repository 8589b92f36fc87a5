"""Settings: what is missing or wrong stops the start and is named."""

from __future__ import annotations

import pytest

from deploy.local.mailbox.config import from_environment
from deploy.local.standin import SettingError

GOOD = {"MAILBOX_SMTP_PORT": "2525", "MAILBOX_HTTP_PORT": "8025", "MAILBOX_DATA_DIR": "mail"}


def test_good_settings_are_read() -> None:
    """Ports are numbers, the folder is a path."""
    settings = from_environment(GOOD)
    assert (settings.smtp_port, settings.http_port, str(settings.data_dir)) == (2525, 8025, "mail")


@pytest.mark.parametrize("name", sorted(GOOD))
@pytest.mark.parametrize("value", ["", "0"])
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    """A missing folder counts; a folder may be called 0."""
    if (name, value) == ("MAILBOX_DATA_DIR", "0"):
        assert str(from_environment(GOOD | {name: value}).data_dir) == "0"
        return
    with pytest.raises(SettingError, match=name):
        from_environment(GOOD | {name: value})
