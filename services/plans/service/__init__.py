"""The nameko class of plans, put together from a part for each of its themes."""

from nameko.timer import timer

from services.common.errors import Busy
from services.common.logging import get_logger
from services.plans.operations import keys
from services.plans.queries.charts import under_older_key
from services.plans.service.audit import AuditCalls
from services.plans.service.beside import BesideCalls
from services.plans.service.courses import CourseCalls
from services.plans.service.intake import IntakeCalls
from services.plans.service.measures import MeasureCalls
from services.plans.service.notes import NoteCalls
from services.plans.service.plans import PlanCalls
from services.plans.service.sessions import SessionCalls
from services.plans.service.templates import TemplateCalls

log = get_logger(__name__)


class PlansService(
    PlanCalls,
    TemplateCalls,
    MeasureCalls,
    NoteCalls,
    CourseCalls,
    SessionCalls,
    IntakeCalls,
    BesideCalls,
    AuditCalls,
):
    """Therapy plans and all that lies in a chart."""

    name = "plans"

    @timer(interval=5)  # type: ignore[untyped-decorator]
    def rotate_keys(self) -> None:
        """Put charts under the current key, as long as some are under an older one."""
        try:
            while self.db.has(under_older_key(self.ring.current)):
                with self.db.plumbing() as tx:
                    if not keys.rewrap_some(tx, self.ring):
                        break
        except Busy:
            log.warning("rotating keys waits for the database")
