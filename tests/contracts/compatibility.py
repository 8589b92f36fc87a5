"""Whether a change of the contracts only adds, so that both versions of a service may run.

Old commands must still be accepted, and old readers must still read views and events: nothing
goes and nothing becomes newly required. The rules of a command's field may become looser; those
of an answer or event may not change at all, for an old reader refuses what it does not know.
"""

from collections.abc import Collection, Iterator
from typing import Any

Schema = dict[str, Any]
#: They tell people something and change nothing of what may travel.
ANNOTATIONS = {"title", "description", "default", "examples"}
#: Rules that may be loosened: as True where more is looser, as False where less is.
BOUNDS = {
    "maxLength": True,
    "maxItems": True,
    "maximum": True,
    "minLength": False,
    "minItems": False,
    "minimum": False,
}


def breaks(
    old: dict[str, Schema], new: dict[str, Schema], commands: Collection[str] = ()
) -> list[str]:
    """What the new schemas of a module take away, one line each; `commands` may get looser."""
    flaws: list[str] = []
    for name, before in old.items():
        if name in new:
            flaws += _object(name, before, new[name], name in commands)
        else:
            flaws.append(f"{name}: is gone")
    return flaws


def _object(name: str, old: Schema, new: Schema, may_loosen: bool) -> Iterator[str]:
    old_fields, new_fields = old.get("properties", {}), new.get("properties", {})
    yield from (f"{name}.{field}: is gone" for field in old_fields if field not in new_fields)
    newly = set(new.get("required", ())) - set(old.get("required", ()))
    yield from (f"{name}.{field}: is newly required" for field in sorted(newly))
    for field in sorted(old_fields.keys() & new_fields.keys()):
        yield from _value(f"{name}.{field}", old_fields[field], new_fields[field], may_loosen)
    for part, before in old.get("$defs", {}).items():
        if part not in new.get("$defs", {}):
            yield f"{name}: {part} is gone"
        elif "properties" in before:
            yield from _object(f"{name}.{part}", before, new["$defs"][part], may_loosen)
        else:
            yield from _value(f"{name}.{part}", before, new["$defs"][part], may_loosen)


def _value(name: str, old: Schema, new: Schema, may_loosen: bool) -> Iterator[str]:
    if may_loosen and old.keys() != new.keys():
        new = _without_none(new)
    for word in sorted((old.keys() | new.keys()) - ANNOTATIONS):
        before, after = old.get(word), new.get(word)
        if before != after and not (may_loosen and _is_looser(word, before, after)):
            yield f"{name}: {word} was {before} and is {after}"


def _without_none(schema: Schema) -> Schema:
    """What stands beside null where a field may be left out, else the schema as it is."""
    match schema.get("anyOf"):
        case [one, {"type": "null"}]:
            return dict(one)
    return schema


def _is_looser(word: str, before: Any, after: Any) -> bool:
    if word == "enum":
        return set(before or ()) <= set(after or ())
    if word == "items":
        return not list(_value("", before or {}, after or {}, True))
    if word not in BOUNDS or before is None:
        return False
    return after is None or bool(after >= before if BOUNDS[word] else after <= before)
