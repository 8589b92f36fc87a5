"""Checking parameters with pydantic and telling what is wrong in Stripe's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from deploy.local.stripe_twin.errors import Object, StripeError, invalid

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


class Params(BaseModel):
    """Parameters of one call; unknown ones are refused, and all calls know `expand`."""

    model_config = ConfigDict(extra="forbid")
    expand: list[str] = Field(default_factory=list, max_length=20)


class Nested(BaseModel):
    """Parameters inside parameters."""

    model_config = ConfigDict(extra="forbid")


def _a_dict(value: Any) -> Any:
    if value == "":
        return {}
    if isinstance(value, list):
        return {str(index): item for index, item in enumerate(value)}
    return value


# 50 keys of 40 characters, values of 500: Stripe's limits.
Metadata = Annotated[
    dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=500)]],
    BeforeValidator(_a_dict),
    Field(max_length=50),
]
Amount = Annotated[int, Field(ge=0, le=99_999_999)]


# Epoch seconds, within what the store can count.
Instant = Annotated[int, Field(ge=0, lt=2**53)]


class Span(Nested):
    """A range of instants in epoch seconds, as in `created[gte]`."""

    gt: Instant | None = None
    gte: Instant | None = None
    lt: Instant | None = None
    lte: Instant | None = None


class ListParams(Params):
    """What every list takes."""

    limit: Annotated[int, Field(ge=1, le=100)] = 10
    starting_after: str | None = None
    ending_before: str | None = None
    created: Span | Instant | None = None


P = TypeVar("P", bound=BaseModel)


def checked(model: type[P], values: Object) -> P:
    """The parameters as their model. Raises StripeError (400) for the first that is wrong."""
    try:
        return model.model_validate(values)
    except ValidationError as wrong:
        raise _in_stripes_words(wrong.errors()[0]) from wrong


def _in_stripes_words(wrong: ErrorDetails) -> StripeError:
    parts = [str(part) for part in wrong["loc"] if part not in ("Span", "int")]
    param = parts[0] + "".join(f"[{part}]" for part in parts[1:])
    kind, given = wrong["type"], wrong["input"]
    if kind == "missing":
        return invalid(f"Missing required param: {param}.", param=param, code="parameter_missing")
    if kind == "extra_forbidden":
        message = f"Received unknown parameter: {param}"
        return invalid(message, param=param, code="parameter_unknown")
    if kind.startswith("int_"):
        message = f"Invalid integer: {given}"
        return invalid(message, param=param, code="parameter_invalid_integer")
    if given == "":
        message = f"You passed an empty string for '{param}'."
        return invalid(message, param=param, code="parameter_invalid_empty")
    return invalid(f"Invalid {param}: {wrong['msg']}", param=param)


def merged(metadata: dict[str, str], change: dict[str, str] | None) -> dict[str, str]:
    """Metadata after an update: given keys replace, empty values remove."""
    both = metadata | (change or {})
    return {key: value for key, value in both.items() if value != ""}
