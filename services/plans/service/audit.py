"""Sealing who looked into charts."""

from uuid import UUID

from nameko.timer import timer

from services.common.auth import service_actor
from services.common.clock import utc_now
from services.common.context import new_request_id, request
from services.common.errors import Busy
from services.common.logging import describe, get_logger
from services.plans.operations.auditing import AT_ONCE, seal_some
from services.plans.queries.audit import PRACTICES
from services.plans.service.desk import Desk

log = get_logger(__name__)
SEALED_EVERY = 60


class AuditCalls(Desk):
    """Sealing who looked into charts."""

    @timer(interval=SEALED_EVERY)  # type: ignore[untyped-decorator]
    def seal_accesses(self) -> None:
        """Seal what is not sealed yet, a transaction for each seal, in its practice. One that fails
        keeps no other waiting, and is sealed the next time."""
        try:
            practices = [one.practice_id for one in self.db.rows(PRACTICES)]
        except Busy:
            log.warning("sealing looks waits for the database")
            return
        for practice_id in practices:
            while self._seal(practice_id) == AT_ONCE:
                pass

    def _seal(self, practice_id: UUID) -> int:
        """How many looks were sealed. The log keeps each seal's digest: an end of the chain that
        somebody made anew is another one than is written there."""
        actor = service_actor("plans", practice_id, "seal")
        with request(new_request_id()):
            try:
                with self.db.transaction(actor) as tx:
                    seal = seal_some(tx, practice_id, utc_now())
                    told = (seal.number, seal.accesses, seal.digest.hex()) if seal else None
            except Exception as error:
                log.warning(
                    "looks could not be sealed", practice_id=str(practice_id), error=describe(error)
                )
                return 0
            if told is None:
                return 0
            number, accesses, digest = told
            log.info(
                "looks sealed",
                practice_id=str(practice_id),
                number=number,
                accesses=accesses,
                digest=digest,
            )
            return accesses
