"""Exercises beside a session, for who treats."""

from services.common.clock import utc_now
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.plans.beside import GetSessionExercises, SessionExercises
from services.contracts.plans.rehearsals import MarkRehearsed
from services.plans.operations import beside
from services.plans.service.desk import BY_GATEWAY, Desk


class BesideCalls(Desk):
    """Exercises beside a session, for who treats."""

    @rpc(by=BY_GATEWAY)
    def get_session_exercises(self, call: Call, command: GetSessionExercises) -> SessionExercises:
        with self.db.transaction(call.actor) as tx:
            return beside.session_exercises(tx, self.ring, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def mark_rehearsed(self, call: Call, command: MarkRehearsed) -> SessionExercises:
        with self.db.transaction(call.actor) as tx:
            return beside.mark_rehearsed(tx, self.ring, command, actor=call.actor, now=utc_now())
