"""What the practitioners of a practice do with its templates, on the real database."""

from dataclasses import dataclass

from uuid_utils.compat import uuid7

from services.common.auth import Actor
from services.contracts.plans.templates import (
    ArchiveTemplate,
    GetPracticeTemplate,
    PracticeTemplatesView,
    PracticeTemplateView,
    RestoreTemplate,
    ReviseTemplate,
    StartTemplate,
)
from services.contracts.plans.views import TemplateView
from services.plans.operations import templates
from tests.integration.plans.desk import NOW, Desk

NAME, SUMMARY = "Quiet evenings", "For those who come home late."


@dataclass
class TemplateDesk:
    """A desk whose practitioner keeps templates."""

    desk: Desk

    def start(self, actor: Actor | None = None, **told: object) -> PracticeTemplateView:
        """A template, from the published coaching where nothing else is said."""
        who = actor or self.desk.practitioner
        begun = {"id": uuid7(), "name": NAME, "summary": SUMMARY} | told
        if "plan_id" not in told:
            begun.setdefault("template", "coaching")
        command = StartTemplate.model_validate(begun)
        with self.desk.database.transaction(who) as tx:
            return templates.start_template(tx, self.desk.ring, command, actor=who, now=NOW)

    def revise(
        self, told: PracticeTemplateView, actor: Actor | None = None, **parts: object
    ) -> PracticeTemplateView:
        who = actor or self.desk.practitioner
        said = {"template_id": told.id, "number": told.newest} | parts
        command = ReviseTemplate.model_validate(said)
        with self.desk.database.transaction(who) as tx:
            return templates.revise_template(tx, command, actor=who, now=NOW)

    def read(
        self, told: PracticeTemplateView, actor: Actor | None = None, number: int | None = None
    ) -> PracticeTemplateView:
        who = actor or self.desk.practitioner
        command = GetPracticeTemplate(template_id=told.id, number=number)
        with self.desk.database.transaction(who) as tx:
            return templates.get_template(tx, command, actor=who)

    def archive(self, told: PracticeTemplateView) -> PracticeTemplateView:
        who, command = self.desk.practitioner, ArchiveTemplate(template_id=told.id)
        with self.desk.database.transaction(who) as tx:
            return templates.archive_template(tx, command, actor=who, now=NOW)

    def restore(self, told: PracticeTemplateView) -> PracticeTemplateView:
        who, command = self.desk.practitioner, RestoreTemplate(template_id=told.id)
        with self.desk.database.transaction(who) as tx:
            return templates.restore_template(tx, command, actor=who)

    def listed(self, actor: Actor | None = None) -> PracticeTemplatesView:
        who = actor or self.desk.practitioner
        with self.desk.database.transaction(who) as tx:
            return templates.list_templates(tx, actor=who)

    def offered(self, actor: Actor | None = None) -> list[TemplateView]:
        who = actor or self.desk.practitioner
        with self.desk.database.transaction(who) as tx:
            return templates.list_offered(tx, actor=who)
