"""The settings of booking: `BOOKING_…` in the environment."""

from typing import Annotated

from pydantic import StringConstraints
from pydantic_settings import SettingsConfigDict

from services.common.config import ServiceSettings


class BookingConfig(ServiceSettings):
    """`join_key` (at least 16 characters) signs the stable addresses of video rooms."""

    model_config = SettingsConfigDict(env_prefix="BOOKING_")

    join_key: Annotated[str, StringConstraints(min_length=16)]
