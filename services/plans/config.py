"""The settings of plans: `PLANS_…` in the environment."""

import base64
import binascii
import json
from datetime import timedelta
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from services.common.config import ServiceSettings
from services.plans.operations.sealing import KEY_BYTES, KeyRing

FORM = 'needs a JSON object of keys by version, such as {"1": "<32 bytes, base64>"}'


class PlansConfig(ServiceSettings):
    """`keys`: the key-encryption keys by version. Charts are wrapped under `key_version`, or
    else under the newest; the others only open, until every chart is under the current one.

    `notes_lock_after_days`: how long the author of a note may withdraw their signature.
    """

    model_config = SettingsConfigDict(env_prefix="PLANS_")

    keys: Annotated[dict[int, bytes], NoDecode, Field(repr=False)]
    key_version: int | None = None
    notes_lock_after_days: Annotated[int, Field(ge=1, le=90)] = 7

    @field_validator("keys", mode="before")
    @classmethod
    def _decoded(cls, told: object) -> object:
        return _keys(told) if isinstance(told, str) else told

    @field_validator("key_version")
    @classmethod
    def _is_known(cls, version: int | None, info: ValidationInfo) -> int | None:
        if version is not None and version not in info.data.get("keys", {version}):
            raise ValueError("names a key that PLANS_KEYS does not hold")
        return version

    @property
    def ring(self) -> KeyRing:
        """The keys, ready for use."""
        return KeyRing(self.keys, self.key_version or max(self.keys))

    @property
    def notes_lock_after(self) -> timedelta:
        """From signing a note until its signature stands for good."""
        return timedelta(days=self.notes_lock_after_days)


def _keys(told: str) -> dict[int, bytes]:
    try:
        by_version = json.loads(told)
        keys = {int(one): base64.b64decode(key, validate=True) for one, key in by_version.items()}
    except (ValueError, TypeError, AttributeError, binascii.Error):
        raise ValueError(FORM) from None
    if not keys or min(keys) < 1 or any(len(key) != KEY_BYTES for key in keys.values()):
        raise ValueError(FORM)
    return keys
