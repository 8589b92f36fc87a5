"""A wrong or missing key stops the start and names the setting, not its value."""

import base64
import json

import pytest

from services.common import config
from services.plans.config import PlansConfig

KEY = base64.b64encode(bytes(32)).decode()
SHORT = base64.b64encode(bytes(31)).decode()
OTHERS = {
    "PLANS_DATABASE_URL": "postgresql://unused",
    "PLANS_AMQP_URL": "amqp://unused",
    "PLANS_SIGNING_KEY": KEY,
    "ATTUNE_VERIFY_KEYS": "{}",
}


def load(monkeypatch: pytest.MonkeyPatch, **told: str) -> PlansConfig:
    """The settings as a process reads them."""
    for name in ("PLANS_KEYS", "PLANS_KEY_VERSION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (OTHERS | told).items():
        monkeypatch.setenv(name, value)
    return config.load(PlansConfig)


def test_new_charts_are_under_the_newest_key_or_the_one_that_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that a new key can be told to every process before any uses it."""
    keys = json.dumps({"1": KEY, "2": KEY})
    assert load(monkeypatch, PLANS_KEYS=keys).ring.current == 2
    assert load(monkeypatch, PLANS_KEYS=keys, PLANS_KEY_VERSION="1").ring.current == 1


@pytest.mark.parametrize(
    "told",
    [None, "no json", "[]", "{}", '{"one": "x"}', json.dumps({"1": SHORT}), json.dumps({"0": KEY})],
)
def test_keys_that_are_none_stop_the_start(
    told: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The setting is named; what was written there is not shown."""
    sent = {} if told is None else {"PLANS_KEYS": told}
    with pytest.raises(config.SettingsError, match=r"^PLANS_KEYS: ") as stopped:
        load(monkeypatch, **sent)
    assert SHORT not in str(stopped.value)


def test_a_version_that_is_not_there_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both settings are named."""
    told = {"PLANS_KEYS": json.dumps({"1": KEY}), "PLANS_KEY_VERSION": "2"}
    with pytest.raises(config.SettingsError, match=r"PLANS_KEY_VERSION: .*PLANS_KEYS"):
        load(monkeypatch, **told)
