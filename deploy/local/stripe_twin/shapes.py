"""The fields of each object, from `shapes.json`: Stripe's published samples, emptied.

Whatever Stripe may leave empty is null there; the rest holds what a plain card payment shows.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any, cast

from deploy.local.stripe_twin.errors import Object
from deploy.local.stripe_twin.ids import new_id

_SHAPES = cast(
    "dict[str, Object]", json.loads((Path(__file__).parent / "shapes.json").read_text("utf-8"))
)


def shaped(kind: str, *, now: int, object_id: str | None = None, **fields: Any) -> Object:
    """A new object of that kind with a fresh id, created at `now` (epoch seconds)."""
    shape = copy.deepcopy(_SHAPES[kind])
    body: Object = {"id": object_id or new_id(kind), "object": shape["object"]} | shape
    if kind != "item":
        body["created"] = now
    unknown = fields.keys() - body.keys()
    if unknown:
        raise KeyError(f"{kind} has no {sorted(unknown)}")
    return body | fields


def list_of(url: str, data: list[Object], *, has_more: bool = False) -> Object:
    """Stripe's list object."""
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
