"""The committed files: a golden JSON for each model, a JSON schema for each module."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from services.common.messages import Event
from tests.contracts.models import models, modules
from tests.contracts.samples import SAMPLES

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
SCHEMAS = HERE / "schemas"

Schemas = dict[str, dict[str, Any]]


def written(content: Any) -> str:
    """JSON as it is committed: two spaces, fields in their order, one newline at the end."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def golden_text(model: BaseModel) -> str:
    """What travels of a model."""
    return written(model.model_dump(mode="json"))


def golden_files() -> dict[Path, str]:
    """Every golden file with the text that the samples give."""
    return {
        GOLDEN / module / f"{type(sample).__name__}.json": golden_text(sample)
        for module, samples in SAMPLES.items()
        for sample in samples
    }


def golden(event: type[Event]) -> dict[str, Any]:
    """An event as it travels."""
    text = (GOLDEN / event.publisher / f"{event.__name__}.json").read_text()
    body: dict[str, Any] = json.loads(text)
    return body


def schemas(module: str) -> Schemas:
    """The schema of everything in a module, as its readers read it."""
    return {name: kind.model_json_schema() for name, kind in sorted(models(module).items())}


def schema_files() -> dict[Path, str]:
    """Every schema file with the text that the contracts give."""
    return dict(_schema_files())


@cache
def _schema_files() -> dict[Path, str]:
    return {
        SCHEMAS / f"{module}.json": written(found)
        for module in modules()
        if (found := schemas(module))
    }


def committed_schemas() -> dict[str, Schemas]:
    """The schemas as they were committed, by module."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(SCHEMAS.glob("*.json"))}
