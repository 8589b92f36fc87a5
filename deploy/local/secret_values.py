"""The secrets of one local stack: made once, kept in one file, never defaults."""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.local.broker_rights import BROKER_USERS
from deploy.local.names import DEMO_PEOPLE, SERVICES, SIGNERS
from deploy.local.run_directory import RunDirectory, write_private


def _password() -> str:
    return secrets.token_urlsafe(24)


def _long_key() -> str:
    return secrets.token_urlsafe(48)


def _spoken_password() -> str:
    return f"attune-{secrets.token_hex(5)}"


def _seed() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _stripe_key() -> str:
    return f"sk_test_{secrets.token_hex(24)}"


def _webhook_secret() -> str:
    return f"whsec_{secrets.token_hex(24)}"


def recipes() -> dict[str, Callable[[], str]]:
    """Every secret by name, with the way to make it."""
    made: dict[str, Callable[[], str]] = {
        "database.admin": _password,
        "database.owner": _password,
        "redis": _password,
        "gateway_secret_key": _long_key,
        "booking_join_key": _password,
        "plans_key": _seed,
        "stripe_api_key": _stripe_key,
        "stripe_webhook_secret": _webhook_secret,
    }
    made |= {f"database.{service}": _password for service in SERVICES}
    made |= {f"broker.{user}": _password for user in BROKER_USERS}
    made |= {f"signing.{signer}": _seed for signer in SIGNERS}
    return made | {f"demo.{person}": _spoken_password for person in DEMO_PEOPLE}


@dataclass(frozen=True, slots=True)
class Secrets:
    """Secrets by name; see `recipes`."""

    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def __repr__(self) -> str:
        return f"Secrets({len(self.values)} kept)"

    def verify_keys(self) -> dict[str, str]:
        """The public Ed25519 key of each signer, base64."""
        return {signer: _public_key(self.values[f"signing.{signer}"]) for signer in SIGNERS}


def _public_key(seed: str) -> str:
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed))
    return base64.b64encode(private.public_key().public_bytes_raw()).decode()


def load_secrets(run: RunDirectory) -> Secrets:
    """Read the kept secrets and make those that are missing (all of them at the first start)."""
    kept = run.read_json(run.secrets_file)
    made = {name: make() for name, make in recipes().items() if name not in kept}
    if made:
        write_private(run.secrets_file, json.dumps(kept | made, indent=2))
    return Secrets(kept | made)
