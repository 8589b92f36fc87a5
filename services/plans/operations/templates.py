"""Templates of a practice: begun, written in versions, archived. They belong to who treats there:
what a plan suggests is their profession, and a template tells of no client."""

from datetime import datetime
from typing import NoReturn
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.errors import Busy, DifferentContent, NotFound
from services.contracts.plans.content import Party, PlanContent
from services.contracts.plans.refusals import PhasesDoNotFit
from services.contracts.plans.templates import (
    MOST_TEMPLATES,
    ArchiveTemplate,
    GetPracticeTemplate,
    PracticeTemplatesView,
    PracticeTemplateView,
    RestoreTemplate,
    ReviseTemplate,
    StartTemplate,
    TemplateArchived,
    TemplateChanged,
    TemplateContent,
    TemplateIncomplete,
    TooManyTemplates,
)
from services.contracts.plans.views import TemplateView
from services.plans.domain.shape import misfits
from services.plans.domain.templates import copied, kept_of, lacks
from services.plans.models import PracticeTemplate, TemplateVersion
from services.plans.operations.access import chart_for, check_treats, visible_plan
from services.plans.operations.origins import suggested
from services.plans.operations.sealing import KeyRing
from services.plans.operations.template_views import (
    content_of,
    offered,
    template_line,
    template_view,
)
from services.plans.operations.views import content_of as content_of_plan
from services.plans.operations.writing import check_instruments
from services.plans.queries import plans, templates


def list_offered(tx: Session, *, actor: Actor) -> list[TemplateView]:
    """The practice's templates that plans can begin from, by name; none for who treats nobody."""
    if actor.kind != "person" or actor.practice_id is None or "practitioner" not in actor.roles:
        return []
    found = templates.held(tx, actor.practice_id)
    ready = [
        offered(one, version)
        for one, version in found
        if one.archived_at is None and not lacks(content_of(version))
    ]
    return sorted(ready, key=lambda one: (one.name.casefold(), one.slug))


def list_templates(tx: Session, *, actor: Actor) -> PracticeTemplatesView:
    """All templates of the practice; raises Forbidden."""
    practice_id, _ = check_treats(actor)
    lines = [template_line(*one) for one in templates.held(tx, practice_id)]
    lines.sort(key=lambda one: (one.is_archived, one.name.casefold(), str(one.id)))
    return PracticeTemplatesView(templates=lines)


def get_template(
    tx: Session, command: GetPracticeTemplate, *, actor: Actor
) -> PracticeTemplateView:
    """One template, in the version that is asked for; raises Forbidden, NotFound."""
    practice_id, account_id = check_treats(actor)
    found, version = _held(tx, practice_id, command.template_id)
    if command.number is not None:
        numbered = (one for one in templates.versions(tx, found) if one.number == command.number)
        version = next(numbered, None) or _unknown()
    return template_view(tx, found, version, account_id)


def start_template(
    tx: Session, ring: KeyRing, command: StartTemplate, *, actor: Actor, now: datetime
) -> PracticeTemplateView:
    """A template from another one, or from a plan of the actor's; the same again changes nothing.

    Raises Forbidden, NotFound, TooManyTemplates, DifferentContent.
    """
    practice_id, account_id = check_treats(actor)
    earlier = templates.template(tx, practice_id, command.id)
    if earlier is not None:
        return _begun(tx, earlier[0], command, account_id)
    if templates.count(tx, practice_id) >= MOST_TEMPLATES:
        raise TooManyTemplates("A practice keeps 100 templates at most.")
    content = _first(tx, ring, command, actor=actor, now=now)
    found = PracticeTemplate(
        practice_id=practice_id, id=command.id, number=1, begun_at=now, changed_at=now
    )
    tx.add(found)
    try:
        tx.flush()
    except IntegrityError:
        raise Busy("Please try again in a moment.") from None
    version = _write(tx, found, content, account_id, now)
    return template_view(tx, found, version, account_id)


def revise_template(
    tx: Session, command: ReviseTemplate, *, actor: Actor, now: datetime
) -> PracticeTemplateView:
    """Write parts anew as the next version; the same again changes nothing.

    Raises Forbidden, NotFound, TemplateArchived, TemplateChanged, PhasesDoNotFit,
    TemplateIncomplete, InvalidInput.
    """
    practice_id, account_id = check_treats(actor)
    found = _locked(tx, practice_id, command.template_id)
    if found.archived_at is not None:
        raise TemplateArchived("This template is archived. Restore it before you change it.")
    if command.shape is not None and (flaws := misfits(command.shape)):
        raise PhasesDoNotFit("The sessions do not add up.", flaws)
    check_instruments(command.measures)
    _, version = _held(tx, practice_id, found.id)
    before = content_of(version)
    after = _revised(before, command)
    if command.goals is not None and (flaws := lacks(after)):
        raise TemplateIncomplete("The template suggests too little.", flaws)
    if after != before:
        if found.number != command.number:
            raise TemplateChanged("This template was changed in the meantime.")
        found.number, found.changed_at = found.number + 1, now
        version = _write(tx, found, after, account_id, now)
    return template_view(tx, found, version, account_id)


def archive_template(
    tx: Session, command: ArchiveTemplate, *, actor: Actor, now: datetime
) -> PracticeTemplateView:
    """Offer it no more; raises Forbidden, NotFound."""
    return _put(tx, command.template_id, now, actor=actor)


def restore_template(
    tx: Session, command: RestoreTemplate, *, actor: Actor
) -> PracticeTemplateView:
    """Offer it again; raises Forbidden, NotFound."""
    return _put(tx, command.template_id, None, actor=actor)


def _put(
    tx: Session, template_id: UUID, archived_at: datetime | None, *, actor: Actor
) -> PracticeTemplateView:
    practice_id, account_id = check_treats(actor)
    found = _locked(tx, practice_id, template_id)
    if (found.archived_at is None) != (archived_at is None):
        found.archived_at = archived_at
        tx.flush()
    return template_view(tx, *_held(tx, practice_id, template_id), account_id)


def _first(
    tx: Session, ring: KeyRing, command: StartTemplate, *, actor: Actor, now: datetime
) -> TemplateContent:
    """What the template suggests at first; raises NotFound."""
    practice_id, _ = check_treats(actor)
    if command.plan_id is None:
        origin = suggested(tx, practice_id, command.template or "")
        if origin is None:
            raise NotFound("There is no such template.", {"template": "is not known"})
        return copied(origin, command.name, command.summary)
    plan = _plan_of_own(tx, ring, command.plan_id, actor=actor, now=now)
    origin = suggested(tx, practice_id, plan.template, plan.template_version)
    return kept_of(plan, origin, command.name, command.summary)


def _plan_of_own(
    tx: Session, ring: KeyRing, plan_id: UUID, *, actor: Actor, now: datetime
) -> PlanContent:
    """What a plan that the actor keeps says last; the look is written down as every one is."""
    seen = visible_plan(tx, plan_id, actor)
    if seen.party is not Party.PRACTITIONER:
        raise NotFound("There is no such plan.")
    newest = plans.versions(tx, seen.plan)[-1]
    return content_of_plan(chart_for(tx, ring, seen, now=now), newest)


def _begun(
    tx: Session, found: PracticeTemplate, command: StartTemplate, account_id: UUID
) -> PracticeTemplateView:
    """The template that was begun under this id before."""
    first = templates.versions(tx, found)[-1]
    told = content_of(first)
    if (told.name, told.summary, first.written_by) != (command.name, command.summary, account_id):
        raise DifferentContent("This id was used for another template.")
    return template_view(tx, *_held(tx, found.practice_id, found.id), account_id)


def _write(
    tx: Session, found: PracticeTemplate, content: TemplateContent, account_id: UUID, now: datetime
) -> TemplateVersion:
    version = TemplateVersion(
        practice_id=found.practice_id,
        template_id=found.id,
        number=found.number,
        content=content.model_dump(mode="json"),
        written_by=account_id,
        written_at=now,
    )
    tx.add(version)
    tx.flush()
    return version


def _revised(content: TemplateContent, command: ReviseTemplate) -> TemplateContent:
    parts = {
        "goals": command.goals,
        "exercises": command.exercises,
        "shape": command.shape,
        "measures": command.measures,
    }
    told = {name: part for name, part in parts.items() if part is not None}
    focus = dict(command.focus) if command.focus else {}
    return content.model_copy(update=told | focus)


def _held(tx: Session, practice_id: UUID, template_id: UUID) -> templates.Held:
    return templates.template(tx, practice_id, template_id) or _unknown()


def _locked(tx: Session, practice_id: UUID, template_id: UUID) -> PracticeTemplate:
    return templates.lock_template(tx, practice_id, template_id) or _unknown()


def _unknown() -> NoReturn:
    raise NotFound("There is no such template.")
