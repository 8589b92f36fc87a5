"""Reads the catalogue's files and refuses what is incomplete, unknown or said twice."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from services.profiles.catalogue.entries import Approach, CrisisHelp, Topic

CATALOGUE_FOLDER = Path(__file__).parent

Entry = TypeVar("Entry")
Listed = TypeVar("Listed", Topic, Approach)


class CatalogueError(ValueError):
    """A catalogue file cannot be used; the message names the file and the field."""

    def __init__(self, path: Path, field: str, reason: str) -> None:
        """Remember where the fault is, for whoever mends it."""
        super().__init__(f"{path.parent.name}/{path.name}: {field}: {reason}")
        self.path = path
        self.field = field


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All topics and approaches in the order they are shown, and help in a crisis."""

    topics: tuple[Topic, ...]
    approaches: tuple[Approach, ...]
    crisis: CrisisHelp

    def topic(self, slug: str) -> Topic:
        """The topic called `slug`; KeyError if there is none."""
        return {entry.slug: entry for entry in self.topics}[slug]

    def approach(self, slug: str) -> Approach:
        """The approach called `slug`; KeyError if there is none."""
        return {entry.slug: entry for entry in self.approaches}[slug]


def load_catalogue(folder: Path = CATALOGUE_FOLDER) -> Catalogue:
    """Read every entry below `folder`; raises CatalogueError at the first fault."""
    approaches = _load_folder(folder / "approaches", TypeAdapter(Approach))
    topics = _load_folder(folder / "topics", TypeAdapter(Topic))
    _check_approaches_exist(topics, {entry.slug for entry in approaches}, folder / "topics")
    crisis = _load_file(folder / "crisis.toml", TypeAdapter(CrisisHelp))
    return Catalogue(topics=topics, approaches=approaches, crisis=crisis)


def _load_folder(folder: Path, adapter: TypeAdapter[Listed]) -> tuple[Listed, ...]:
    by_path = {path: _load_file(path, adapter) for path in sorted(folder.glob("*.toml"))}
    taken: dict[int, str] = {}
    for path, entry in by_path.items():
        if entry.slug != path.stem:
            raise CatalogueError(path, "slug", f"must be the file's name, is {entry.slug!r}")
        if entry.position in taken:
            raise CatalogueError(path, "position", f"is taken by {taken[entry.position]!r}")
        taken[entry.position] = entry.slug
    return tuple(sorted(by_path.values(), key=lambda entry: entry.position))


def _load_file(path: Path, adapter: TypeAdapter[Entry]) -> Entry:
    try:
        return adapter.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise CatalogueError(path, "file", "is missing") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(path, "file", f"is not TOML in UTF-8: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise CatalogueError(path, field, first["msg"]) from error


def _check_approaches_exist(topics: Iterable[Topic], known: set[str], folder: Path) -> None:
    for topic in topics:
        for slug in topic.approaches:
            if slug not in known:
                path = folder / f"{topic.slug}.toml"
                raise CatalogueError(path, "approaches", f"unknown approach {slug!r}")
