"""Settings: what is missing or wrong stops the start and is named."""

from __future__ import annotations

import subprocess
import sys

import pytest

from deploy.local.settings import CHECKOUT
from deploy.local.standin import SettingError
from deploy.local.stripe_twin.config import from_environment
from tests.integration.twin.running import KEY

GOOD = {"TWIN_PORT": "8001", "TWIN_DATA_DIR": "twin", "TWIN_API_KEY": KEY}


def test_optional_settings_have_defaults() -> None:
    """Loopback at the port, no webhooks, no accounts."""
    settings = from_environment(GOOD)
    assert (settings.public_url, settings.webhook_url, settings.accounts) == (
        "http://127.0.0.1:8001",
        None,
        (),
    )


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"TWIN_PORT": ""}, "TWIN_PORT"),
        ({"TWIN_PORT": "99999"}, "TWIN_PORT"),
        ({"TWIN_DATA_DIR": ""}, "TWIN_DATA_DIR"),
        ({"TWIN_API_KEY": "sk_live_x"}, "TWIN_API_KEY"),
        ({"TWIN_WEBHOOK_URL": "http://127.0.0.1/"}, "TWIN_WEBHOOK_SECRET"),
        ({"TWIN_DEFAULT_ACCOUNTS": "berlin:DE"}, "TWIN_DEFAULT_ACCOUNTS"),
        ({"TWIN_WEBHOOK_LONGEST_WAIT": "soon"}, "TWIN_WEBHOOK_LONGEST_WAIT"),
    ],
)
def test_a_wrong_setting_is_named(change: dict[str, str], name: str) -> None:
    """A live key is refused like any other wrong one."""
    with pytest.raises(SettingError, match=name):
        from_environment(GOOD | change)


def test_the_start_stops_with_the_name_of_what_is_missing() -> None:
    """Status 2, one line, no traceback."""
    command = [sys.executable, "-m", "deploy.local.stripe_twin"]
    done = subprocess.run(
        command, env={}, cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (2, "stripe twin: TWIN_PORT is not set\n")
