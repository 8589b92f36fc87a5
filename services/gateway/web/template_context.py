"""Templates of a practice as their pages tell them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.contracts.plans.measures import InstrumentsView
from services.contracts.plans.templates import PracticeTemplateLine, PracticeTemplateView
from services.gateway.web import labels, plan_context, plan_parts
from services.gateway.web.measure_context import rhythm_label as rhythm_of_measure
from services.gateway.web.zones import ShownZone

Context = dict[str, Any]
OWN = "Your practice’s own."
BEGUN_FROM = "Your practice’s own, begun from: "


def base_of(template_id: UUID) -> str:
    """Where a template is kept."""
    return f"/plans/templates/{template_id}"


def source_label(source: str) -> str:
    """Whose it is, and where the template that it was begun from was published."""
    return BEGUN_FROM + source if source else OWN


def line(told: PracticeTemplateLine, practice: str, shown: ShownZone, now: datetime) -> Context:
    """A template in the list."""
    base = base_of(told.id)
    return {
        "name": told.name,
        "url": base,
        "practice_label": practice,
        "length_label": plan_context.LENGTHS[told.length],
        "summary": told.summary,
        "source_label": source_label(told.source),
        "lacks": [] if told.is_archived else list(told.lacks.values()),
        "changed_label": labels.moment_label(told.changed_at, shown.info, now),
        "action": f"{base}/restore" if told.is_archived else f"{base}/archive",
        "action_label": "Restore" if told.is_archived else "Archive",
    }


def page_of(
    told: PracticeTemplateView, names: InstrumentsView, shown: ShownZone, now: datetime
) -> Context:
    """A template, or an older version of it, with all that it suggests."""
    content, is_older = told.content, told.number != told.newest
    is_in_use = not told.is_archived and not is_older
    return {
        "base": base_of(told.id),
        "name": content.name,
        "summary": content.summary,
        "length_label": plan_context.LENGTHS[content.length],
        "source_label": source_label(content.source),
        "title": content.title,
        "problem_area": content.problem_area,
        "is_archived": told.is_archived,
        "older": {"label": f"Version {told.number}"} if is_older else None,
        "lacks": list(told.lacks.values()) if is_in_use else [],
        "may_edit": is_in_use,
        "goals": plan_context.goals(content.goals),
        "exercises": [one.model_dump() for one in content.exercises],
        "phases": plan_context.phases(told.phases),
        "rhythm_label": plan_context.rhythm_label(content.shape),
        "review_label": plan_context.review_label(content.shape),
        "measures": _measures(told, names),
        "use_url": f"/plans/new?template={told.id}" if is_in_use and not told.lacks else None,
        "history": _history(told, shown, now),
    }


def values_of(told: PracticeTemplateView) -> Context:
    """What the fields of its editor hold."""
    content = told.content
    focus: Context = content.model_dump(
        mode="json", include={"name", "summary", "length", "title", "problem_area"}
    )
    parts = plan_parts.values_of(content.goals, content.exercises, content.shape, content.measures)
    return focus | parts | {"number": told.newest}


def _measures(told: PracticeTemplateView, known: InstrumentsView) -> list[str]:
    names: Mapping[str, str] = {one.slug: one.name for one in known.instruments}
    return [
        f"{names.get(one.instrument, one.instrument)}, {rhythm_of_measure(one.every, one.unit)}"
        for one in told.content.measures
    ]


def _history(told: PracticeTemplateView, shown: ShownZone, now: datetime) -> list[Context]:
    base = base_of(told.id)
    return [
        {
            "label": f"Version {one.number}",
            "url": f"{base}/versions/{one.number}",
            "at_label": labels.moment_label(one.written_at, shown.info, now),
            "by_label": "by you" if one.is_own else "by a colleague",
        }
        for one in told.history
    ]
