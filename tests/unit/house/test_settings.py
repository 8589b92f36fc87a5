"""Every setting that a process reads stands in docs/settings.md, under the name it is read by."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from services.common.config import ServiceSettings, Settings
from tests.unit.house.sources import ROOT, SERVICES

OF_EVERY_SERVICE = "<SERVICE>_"


class Undocumented(ServiceSettings):
    """Two settings that no page names."""

    model_config = SettingsConfigDict(env_prefix="BILLING_")

    by_prefix: int = 1
    by_alias: int = Field(1, validation_alias="ATTUNE_BY_ALIAS")


def config_classes() -> Iterator[type[Settings]]:
    """What each process reads its settings into."""
    for process in (*SERVICES, "gateway"):
        module = import_module(f"services.{process}.config")
        yield from (
            kind
            for kind in vars(module).values()
            if isinstance(kind, type)
            and issubclass(kind, Settings)
            and kind.__module__ == module.__name__
        )


def variables(kind: type[Settings]) -> Iterator[tuple[str, ...]]:
    """For each field the names under which the page may have it."""
    prefix = str(kind.model_config["env_prefix"])
    for name, field in kind.model_fields.items():
        if isinstance(field.validation_alias, str):
            yield (field.validation_alias,)
        else:
            shared = (
                (f"{OF_EVERY_SERVICE}{name.upper()}",)
                if name in ServiceSettings.model_fields
                else ()
            )
            yield (f"{prefix}{name.upper()}", *shared)


def undocumented(kind: type[Settings]) -> list[str]:
    """The variables of a class that no row of the page is about."""
    documented = rows()
    return [names[0] for names in variables(kind) if not documented.intersection(names)]


def rows() -> set[str]:
    """The names in the first column of the page's tables."""
    lines = (ROOT / "docs" / "settings.md").read_text().splitlines()
    cells = (line.split("|")[1] for line in lines if line.startswith("| `"))
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def misshapen(page: str) -> list[str]:
    """The rows of a page's tables with more cells, or fewer, than the head above them."""
    found, width = [], 0
    for line in page.splitlines():
        cells = line.count("|") - line.count("\\|")
        if line.startswith("|") and cells != (width or cells):
            found.append(line)
        width = (width or cells) if line.startswith("|") else 0
    return found


@pytest.mark.parametrize("kind", list(config_classes()), ids=lambda kind: kind.__name__)
def test_every_setting_of_a_process_is_documented(kind: Any) -> None:
    """Under its own name, or for what every service reads, under <SERVICE>_."""
    assert undocumented(kind) == []


def test_a_setting_that_no_page_names_would_be_found() -> None:
    """The twin: one read by prefix and one by a name of its own."""
    assert undocumented(Undocumented) == ["BILLING_BY_PREFIX", "ATTUNE_BY_ALIAS"]


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))])
def test_every_row_of_a_table_has_a_cell_for_each_column(page: Path) -> None:
    """Or what stands in it is shown in the wrong column, or not at all."""
    assert misshapen(page.read_text()) == []


def test_a_row_with_a_cell_too_many_would_be_found() -> None:
    """The twin: another table may have other columns."""
    page = "| a | b |\n|---|---|\n| 1 | 2 | 3 |\n\n| a |\n|---|\n| 1 |\n"
    assert misshapen(page) == ["| 1 | 2 | 3 |"]


def test_there_is_a_class_for_each_process() -> None:
    """Nobody reads settings aside of them."""
    assert len(list(config_classes())) == len(SERVICES) + 1
