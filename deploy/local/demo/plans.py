"""The plans of the demo: what practitioners and their regular clients work on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter

from deploy.local.demo.data import DemoData, DemoDataError
from deploy.local.demo.loading import DEMO_FOLDER, read_toml, shaped
from deploy.local.demo.people import DemoPractitioner
from services.contracts.base import Slug
from services.contracts.plans.content import Goal, Words
from services.contracts.plans.rhythm import Measures
from services.plans.catalogue import load_templates

DaysAgo = Annotated[int, Field(ge=0, le=365)]
_NOTHING_ELSE = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class DemoTry:
    """An exercise that was tried: its position in the plan, and how it went, 0 to 10."""

    exercise: int
    days_ago: DaysAgo
    went: Annotated[int, Field(ge=0, le=10)]
    happened: Words

    __pydantic_config__ = _NOTHING_ELSE


@dataclass(frozen=True, slots=True)
class DemoRehearsal:
    """An exercise, by its position in the plan, that was rehearsed in a session of the course."""

    exercise: int
    session: Annotated[int, Field(ge=1)]

    __pydantic_config__ = _NOTHING_ELSE


@dataclass(frozen=True, slots=True)
class DemoFilling:
    """A measure that was filled in: the position of the answer to each item, from 0."""

    instrument: Slug
    days_ago: DaysAgo
    answers: list[Annotated[int, Field(ge=0, le=10)]]

    __pydantic_config__ = _NOTHING_ELSE


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """One client's plan, as far as it has come; each day is so many before the demo's. Without
    `measures` it has those of its template; once agreed its sessions are the client's course."""

    client: Slug
    template: Slug
    started_days_ago: DaysAgo
    reason: Words
    problem_area: str = ""
    proposed_days_ago: DaysAgo | None = None
    agreed_days_ago: DaysAgo | None = None
    patterns: tuple[Words, ...] = ()
    goals: tuple[Goal, ...] = ()
    measures: Measures | None = None
    rehearsed: tuple[DemoRehearsal, ...] = ()
    tried: tuple[DemoTry, ...] = ()
    filled: tuple[DemoFilling, ...] = ()

    __pydantic_config__ = _NOTHING_ELSE

    def practitioner(self, data: DemoData) -> DemoPractitioner:
        """Who keeps it: the client's regular practitioner."""
        return data.practitioner(data.client(self.client).regular_with or "")


def demo_plans(data: DemoData, folder: Path = DEMO_FOLDER) -> list[DemoPlan]:
    """All of them; raises DemoDataError for who has no regular practitioner, or no template."""
    path = folder / "plans.toml"
    adapter = TypeAdapter(DemoPlan)
    plans = [shaped(adapter, raw, path) for raw in read_toml(path)["plans"]]
    regular = {one.slug for one in data.clients if one.regular_with and one.account_id}
    for plan in plans:
        if plan.client not in regular:
            raise DemoDataError(path, plan.client, "has no account or no regular practitioner")
        if plan.template not in load_templates():
            raise DemoDataError(path, f"{plan.client}.template", "is not known")
    return plans
