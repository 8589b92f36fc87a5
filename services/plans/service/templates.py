"""Templates of plans that a practice keeps."""

from services.common.clock import utc_now
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.plans.templates import (
    ArchiveTemplate,
    GetPracticeTemplate,
    ListPracticeTemplates,
    PracticeTemplatesView,
    PracticeTemplateView,
    RestoreTemplate,
    ReviseTemplate,
    StartTemplate,
)
from services.plans.operations import templates
from services.plans.service.desk import BY_GATEWAY, Desk


class TemplateCalls(Desk):
    """Templates of plans that a practice keeps."""

    @rpc(by=BY_GATEWAY)
    def list_practice_templates(
        self, call: Call, command: ListPracticeTemplates
    ) -> PracticeTemplatesView:
        with self.db.transaction(call.actor) as tx:
            return templates.list_templates(tx, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def get_practice_template(
        self, call: Call, command: GetPracticeTemplate
    ) -> PracticeTemplateView:
        with self.db.transaction(call.actor) as tx:
            return templates.get_template(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def start_template(self, call: Call, command: StartTemplate) -> PracticeTemplateView:
        with self.db.transaction(call.actor) as tx:
            return templates.start_template(tx, self.ring, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def revise_template(self, call: Call, command: ReviseTemplate) -> PracticeTemplateView:
        with self.db.transaction(call.actor) as tx:
            return templates.revise_template(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def archive_template(self, call: Call, command: ArchiveTemplate) -> PracticeTemplateView:
        with self.db.transaction(call.actor) as tx:
            return templates.archive_template(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def restore_template(self, call: Call, command: RestoreTemplate) -> PracticeTemplateView:
        with self.db.transaction(call.actor) as tx:
            return templates.restore_template(tx, command, actor=call.actor)
