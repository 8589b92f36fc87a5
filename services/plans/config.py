"""The settings of plans: `PLANS_…` in the environment."""

from pydantic_settings import SettingsConfigDict

from services.common.config import ServiceSettings


class PlansConfig(ServiceSettings):
    """Nothing beyond what every service reads."""

    model_config = SettingsConfigDict(env_prefix="PLANS_")
