"""Lists with cursors, newest first, and `expand`."""

from __future__ import annotations

import json
from typing import Any

from deploy.local.stripe_twin.call import Call
from deploy.local.stripe_twin.errors import Object, StripeError, invalid, no_such
from deploy.local.stripe_twin.params import ListParams, Span
from deploy.local.stripe_twin.shapes import list_of

_OPERATORS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_DEEPEST = 4

# Fields that hold an id and may be expanded, by kind of object; "" stands for several kinds.
EXPANDABLE: dict[str, dict[str, str]] = {
    "application_fee": {
        "account": "account",
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "originating_transaction": "charge",
    },
    "balance_transaction": {"source": ""},
    "charge": {
        "application_fee": "application_fee",
        "balance_transaction": "balance_transaction",
        "customer": "customer",
        "payment_intent": "payment_intent",
    },
    "checkout.session": {"customer": "customer", "payment_intent": "payment_intent"},
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
    "fee_refund": {"balance_transaction": "balance_transaction", "fee": "application_fee"},
    "payment_intent": {
        "customer": "customer",
        "latest_charge": "charge",
        "payment_method": "payment_method",
    },
    "refund": {
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "failure_balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
    },
}


def page(call: Call, kind: str, url: str, params: ListParams, **filters: Any) -> Object:
    """One page of the account's objects of that kind; filters that are None do not count."""
    where, values = ["account = ?", "kind = ?"], [call.account, kind]
    for field, wanted in filters.items():
        if wanted is not None:
            where.append(f"json_extract(body, '$.{field}') = ?")
            values.append(wanted)
    _created(params.created, where, values)
    is_backward = params.ending_before is not None
    _cursor(call, kind, params, where, values)
    direction = "ASC" if is_backward else "DESC"
    rows = call.tx.sql.execute(
        f"SELECT body FROM objects WHERE {' AND '.join(where)}"
        f" ORDER BY created {direction}, seq {direction} LIMIT ?",
        [*values, params.limit + 1],
    ).fetchall()
    data = [json.loads(row["body"]) for row in rows[: params.limit]]
    if is_backward:
        data.reverse()
    return list_of(url, data, has_more=len(rows) > params.limit)


def _created(span: Span | int | None, where: list[str], values: list[Any]) -> None:
    if isinstance(span, int):
        where.append("created = ?")
        values.append(span)
    elif span is not None:
        for name, instant in span.model_dump(exclude_none=True).items():
            where.append(f"created {_OPERATORS[name]} ?")
            values.append(instant)


def _cursor(call: Call, kind: str, params: ListParams, where: list[str], values: list[Any]) -> None:
    for name, operator in (("starting_after", "<"), ("ending_before", ">")):
        cursor = getattr(params, name)
        if cursor is None:
            continue
        row = call.tx.sql.execute(
            "SELECT created, seq FROM objects WHERE id = ? AND kind = ? AND account = ?",
            (cursor, kind, call.account),
        ).fetchone()
        if row is None:
            raise no_such(kind, cursor, param=name, status=400)
        where.append(f"(created, seq) {operator} (?, ?)")
        values.extend((row["created"], row["seq"]))


def expanded(call: Call, body: Object, paths: Any) -> Object:
    """The object with the named ids replaced by what they stand for. Raises StripeError."""
    if not paths:
        return body
    for path in paths:
        parts = str(path).split(".")
        if len(parts) > _DEEPEST + (parts[0] == "data"):
            message = f"You cannot expand more than {_DEEPEST} levels of a property: {path}."
            raise invalid(message, param="expand")
        _expand(call, body, parts, path)
    return body


def _expand(call: Call, body: Object, parts: list[str], path: str) -> None:
    if body.get("object") == "list":
        if parts[0] != "data":
            raise _not_expandable(path)
        for item in body["data"]:
            _expand(call, item, parts[1:], path)
        return
    if not parts:
        return
    field, rest = parts[0], parts[1:]
    value = body.get(field)
    if isinstance(value, str):
        body[field] = value = _looked_up(call, body, field, value, path)
    elif value is None and field not in EXPANDABLE.get(body.get("object", ""), {}):
        raise _not_expandable(path)
    if isinstance(value, dict) and rest:
        _expand(call, value, rest, path)


def _looked_up(call: Call, body: Object, field: str, object_id: str, path: str) -> Object | str:
    kinds = EXPANDABLE.get(body.get("object", ""), {})
    if field not in kinds:
        raise _not_expandable(path)
    kind = kinds[field]
    row = call.tx.sql.execute("SELECT kind FROM objects WHERE id = ?", (object_id,)).fetchone()
    if row is None:
        return object_id
    return call.tx.get(kind or row["kind"], object_id) or object_id


def _not_expandable(path: str) -> StripeError:
    return invalid(f"This property cannot be expanded ({path}).", param="expand")
