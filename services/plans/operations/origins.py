"""What plans and templates begin from: a published template, or one that the practice keeps."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.common.errors import NotFound
from services.contracts.plans.content import PlanContent
from services.contracts.plans.templates import (
    TemplateArchived,
    TemplateContent,
    TemplateIncomplete,
)
from services.plans.catalogue import load_templates
from services.plans.domain.templates import first_content, lacks, source_of
from services.plans.operations.template_views import content_of
from services.plans.queries import templates


def check_template(template: str) -> None:
    """Raises NotFound for what can be no template, before others are asked for anything."""
    if template not in load_templates() and id_of(template) is None:
        raise NotFound("There is no such template.", {"template": "is not known"})


def first_draft(tx: Session, practice_id: UUID, template: str, plan_id: UUID) -> PlanContent:
    """The first draft of a plan; it keeps what the template suggests now.

    Raises NotFound, and TemplateArchived or TemplateIncomplete for what is not offered.
    """
    published, id_ = load_templates().get(template), id_of(template)
    if published is not None:
        return published.content(plan_id)
    held = templates.template(tx, practice_id, id_) if id_ else None
    if held is None:
        raise NotFound("There is no such template.", {"template": "is not known"})
    found, content = held[0], content_of(held[1])
    if found.archived_at is not None:
        raise TemplateArchived("This template is archived.")
    if flaws := lacks(content):
        raise TemplateIncomplete("The template suggests too little.", flaws)
    source = source_of(content)
    return first_content(content, str(id_), plan_id, source=source, number=found.number)


def suggested(
    tx: Session, practice_id: UUID, template: str, number: int | None = None
) -> TemplateContent | None:
    """What a published template suggests, or one of the practice's in a version of it."""
    published, id_ = load_templates().get(template), id_of(template)
    if published is not None:
        return published.suggested()
    held = templates.template(tx, practice_id, id_) if id_ else None
    if held is None:
        return None
    found, version = held
    numbered = (one for one in templates.versions(tx, found) if one.number == number)
    return content_of(version if number is None else next(numbered, version))


def id_of(template: str) -> UUID | None:
    """The id by which a plan names a practice's template; None for a published one."""
    try:
        return UUID(template)
    except ValueError:
        return None
