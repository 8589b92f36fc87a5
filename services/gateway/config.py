"""The settings of the gateway: `GATEWAY_…` and the shared ones in the environment."""

from ipaddress import ip_network
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from services.common.config import RpcSettings

MINIMUM_KEY_LENGTH = 32
Most = Annotated[int, Field(ge=1)]


class GatewayConfig(RpcSettings):
    """Addresses, keys and limits of the gateway."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_")

    secret_key: str
    redis_url: str = Field(validation_alias="REDIS_URL")
    public_url: str = Field(validation_alias="ATTUNE_PUBLIC_URL")
    host: str = "127.0.0.1"
    port: int = Field(8000, validation_alias="ATTUNE_PORT")
    checkout_origins: Annotated[tuple[str, ...], NoDecode] = ("https://checkout.stripe.com",)
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    contact_email: str = "hello@attune.example"
    bookings_per_minute: Most = 20
    bookings_per_day: Most = 30
    registrations_per_minute: Most = 20
    changes_per_day: Most = 20
    open_holds: Most = 5
    open_holds_per_address: Most = 20
    requests_at_once: Most = 512
    body_seconds: Most = 10
    bodies_per_address: Most = 512
    head_seconds: Most = 10
    answer_seconds: Most = 30
    connections_per_address: Most = 1024
    streams_per_login: Most = 4

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, key: str) -> str:
        if len(key) < MINIMUM_KEY_LENGTH:
            raise ValueError(f"needs at least {MINIMUM_KEY_LENGTH} characters")
        return key

    @field_validator("checkout_origins", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, told: object) -> object:
        return told.split() if isinstance(told, str) else told

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in proxies:
            ip_network(proxy)
        return proxies

    @property
    def origin(self) -> str:
        """Scheme, host and port of the public address."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def public_host(self) -> str:
        return urlsplit(self.public_url).netloc

    @property
    def key(self) -> bytes:
        return self.secret_key.encode()
