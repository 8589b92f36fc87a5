"""The settings of billing: `BILLING_…` and `STRIPE_…` in the environment."""

from typing import Annotated

from pydantic import Field, StringConstraints
from pydantic_settings import SettingsConfigDict

from services.common.config import ServiceSettings

Secret = Annotated[str, StringConstraints(min_length=8)]


class BillingConfig(ServiceSettings):
    """Stripe's key, webhook secret and, for the twin, its address; how often open pages are asked.

    `reconcile_seconds` is the wait between two looks at a payment page that is still open, so a
    lost webhook is made up for within that time. `lease_seconds` is how long claimed work is left
    alone: more than a batch takes, 5 s and its last piece. Whoever takes longer is repeated under
    the same keys.
    """

    model_config = SettingsConfigDict(env_prefix="BILLING_")

    stripe_api_key: Secret = Field(validation_alias="STRIPE_API_KEY")
    stripe_webhook_secret: Secret = Field(validation_alias="STRIPE_WEBHOOK_SECRET")
    stripe_api_base: str | None = Field(None, validation_alias="STRIPE_API_BASE")
    reconcile_seconds: Annotated[int, Field(ge=1, le=900)] = Field(
        30, validation_alias="ATTUNE_RECONCILE_SECONDS"
    )
    lease_seconds: Annotated[int, Field(ge=10, le=900)] = 20
