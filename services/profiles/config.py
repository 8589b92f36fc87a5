"""The settings of profiles: `PROFILES_…` in the environment, and `REDIS_URL`."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from services.common.config import ServiceSettings

Tries = Annotated[int, Field(ge=1)]


class ProfilesConfig(ServiceSettings):
    """Where logins live, and how often one may try within a window.

    `sign_in_tries`, `register_tries` and `registration_mails` (in a day) count per mailbox and
    network address, those `_everywhere` per mailbox, `address_tries` the first two together per
    network address.
    """

    model_config = SettingsConfigDict(env_prefix="PROFILES_")

    redis_url: str = Field(validation_alias="REDIS_URL")
    sign_in_tries: Tries = 10
    sign_in_tries_everywhere: Tries = 200
    register_tries: Tries = 5
    register_tries_everywhere: Tries = 20
    registration_mails: Tries = 6
    registration_mails_everywhere: Tries = 20
    address_tries: Tries = 60
    tries_window_seconds: Tries = 900
