"""The committed OpenAPI document: made from the routes and contracts, checked to be current."""

import base64
import json
from pathlib import Path

from services.gateway.app import create_app
from services.gateway.config import GatewayConfig

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"


def document() -> str:
    """OpenAPI 3.1 as JSON, two spaces, one newline at the end."""
    seed = base64.b64encode(bytes(32)).decode()
    settings = GatewayConfig(
        amqp_url="amqp://unused",
        signing_key=seed,
        verify_keys={},
        secret_key="0" * 32,
        redis_url="redis://unused",
        public_url="http://127.0.0.1:8000",
    )
    return json.dumps(create_app(settings).openapi(), indent=2, ensure_ascii=False) + "\n"


def write() -> int:
    """Write the document; the exit code."""
    DOCUMENT.write_text(document())
    print(f"wrote {DOCUMENT.name}")
    return 0


def check() -> int:
    """1 where the committed document is not what the code says."""
    is_current = DOCUMENT.is_file() and DOCUMENT.read_text() == document()
    print("docs/openapi.json is current" if is_current else "run `make openapi`: it is not current")
    return 0 if is_current else 1
