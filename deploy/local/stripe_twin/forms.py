"""Stripe's form encoding: `line_items[0][price_data][currency]=eur` to nested values."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from deploy.local.stripe_twin.errors import Object, invalid

_NAME = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
_PART = re.compile(r"\[([^\[\]]*)\]")
_DEEPEST = 8


def decode(text: str) -> Object:
    """Nested dicts and lists of strings. Raises StripeError (400) that names the parameter."""
    root: Object = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        _put(root, _path(name), value, name)
    return {key: _lists(value) for key, value in root.items()}


def _path(name: str) -> list[str]:
    match = _NAME.match(name)
    if match is None:
        raise invalid(f"Invalid parameter name: {name}", param=name)
    path = [match[1], *_PART.findall(match[2])]
    if len(path) > _DEEPEST:
        raise invalid(f"Parameter is nested too deeply: {name}", param=name)
    return path


def _put(root: Object, path: list[str], value: str, name: str) -> None:
    here = root
    for part in path[:-1]:
        here = here.setdefault(part if part else str(len(here)), {})
        if not isinstance(here, dict):
            raise invalid(f"Invalid object: {name}", param=name)
    last = path[-1] or str(len(here))
    if isinstance(here.get(last), dict):
        raise invalid(f"Invalid object: {name}", param=name)
    here[last] = value


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _lists(item) for key, item in value.items()}
    if inner and all(key.isdecimal() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner
