"""Renders the templates: autoescaped, strict about names, static addresses carry a digest."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
TEMPLATES = ROOT / "templates"
STYLES = ("tokens", "base", "components")


@cache
def asset(path: str) -> str:
    """Address of a file in static/ with its digest, so that it may be cached for ever."""
    digest = sha256((STATIC / path).read_bytes()).hexdigest()[:10]
    return f"/static/{path}?v={digest}"


@cache
def stylesheet() -> bytes:
    """All styles in one answer: a page waits for its styles, and each file costs it a trip."""
    return b"\n".join((STATIC / "css" / f"{name}.css").read_bytes() for name in STYLES)


@cache
def stylesheet_url() -> str:
    """Its address with its digest."""
    return f"/style.css?v={sha256(stylesheet()).hexdigest()[:10]}"


@cache
def portrait(url: str) -> str:
    """Address of a picture of a person; one of our own files carries its digest."""
    path = url.removeprefix("/static/")
    is_ours = path != url and (STATIC / path).resolve().is_relative_to(STATIC)
    return asset(path) if is_ours and (STATIC / path).is_file() else url


@cache
def environment() -> Environment:
    """The one Jinja environment. A name that the context lacks raises."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = asset
    made.globals["stylesheet_url"] = stylesheet_url
    return made


def render(template: str, context: Mapping[str, Any]) -> str:
    """The page as HTML; templates/README.md says what `context` has to hold."""
    return environment().get_template(template).render(context)
