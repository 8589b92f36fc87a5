"""A service made to be abused: run as `python -m tests.integration.traps.probe [silent]`.

It takes the place of plans (its schema, broker user and keys) and writes each effect as a row of
`plans.probe_effects`, so that a test can count them. `silent` leaves its event handlers out.
"""

import os
import signal
import sys
import warnings
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated")
if __name__ == "__main__":
    import eventlet

    eventlet.monkey_patch()
    from psycogreen.eventlet import patch_psycopg

    patch_psycopg()

from sqlalchemy import text  # noqa: E402
from sqlalchemy.orm import Session  # noqa: E402

from services.common import logging, outbox, runtime  # noqa: E402
from services.common.clock import utc_now  # noqa: E402
from services.common.errors import Busy  # noqa: E402
from services.common.events import handles  # noqa: E402
from services.common.messages import Command, Event, View  # noqa: E402
from services.common.rpc.server import rpc  # noqa: E402
from services.common.rpc.wire import Call  # noqa: E402
from services.common.serve import host  # noqa: E402
from services.common.service import Service  # noqa: E402

EFFECT = text("INSERT INTO plans.probe_effects (name) VALUES (:name)")
EFFECT_ONCE = text(
    "INSERT INTO plans.probe_effects (name) SELECT :name"
    " WHERE NOT EXISTS (SELECT FROM plans.probe_effects WHERE name = :name)"
)


class Remember(Command):
    """Write an effect after `seconds`; its name makes it repeatable."""

    name: str
    seconds: float = 0


class End(StrEnum):
    """How the handler of a probe event ends for as long as nobody has healed it."""

    WELL = "well"
    RAISES = "raises"
    AWAY = "away"
    DIES = "dies"


class Announce(Command):
    """Emit a probe event in the same transaction as an effect."""

    name: str
    end: End = End.WELL


class GetEffect(Command):
    """Tell a name after `seconds`, with an effect to be counted; broken where it says so."""

    name: str
    seconds: float = 0
    is_broken: bool = False


class ListForBooking(Command):
    """What only booking may ask."""


class Done(View):
    """The answer of the probe."""

    name: str


class ProbeHappened(Event):
    """An event whose handler ends as it says."""

    publisher: ClassVar[str] = "plans"
    type: ClassVar[str] = "probe_happened"

    name: str
    end: End


class SilentProbe(Service):
    """Answers calls and emits events; hears none."""

    name = "plans"

    @rpc(by={"gateway"})
    def remember(self, call: Call, command: Remember) -> Done:
        """Sleep first, so that a test can strike in the middle; then write once."""
        import eventlet as sleeper

        sleeper.sleep(command.seconds)
        with self.db.transaction(call.actor) as tx:
            tx.execute(EFFECT_ONCE, {"name": command.name})
        return Done(name=command.name)

    @rpc(by={"gateway"})
    def announce(self, call: Call, command: Announce) -> Done:
        """State and event in one transaction."""
        with self.db.transaction(call.actor) as tx:
            tx.execute(EFFECT, {"name": f"announced {command.name}"})
            event = ProbeHappened(
                occurred_at=utc_now(),
                practice_id=UUID(int=1),
                name=command.name,
                end=command.end,
            )
            outbox.emit(tx, self.runtime.plumbing.outbox, event)
        return Done(name=command.name)

    @rpc(by={"gateway"})
    def get_effect(self, call: Call, command: GetEffect) -> Done:
        """Sleep first, then count."""
        import eventlet as sleeper

        sleeper.sleep(command.seconds)
        if command.is_broken:
            raise RuntimeError("the probe is broken")
        with self.db.transaction(call.actor) as tx:
            tx.execute(EFFECT, {"name": command.name})
        return Done(name=f"{command.name} of {call.actor.kind}")

    @rpc(by={"booking"})
    def list_for_booking(self, call: Call, command: ListForBooking) -> Done:
        """The gateway may not call this."""
        return Done(name="listed")

    @rpc(by={"booking"})
    def for_booking_only(self, call: Call, command: Remember) -> Done:
        """The gateway may not call this."""
        return Done(name=command.name)


class ProbeService(SilentProbe):
    """Hears its own events as well."""

    @handles(ProbeHappened)
    def on_probe_happened(self, tx: Session, event: ProbeHappened) -> None:
        """Write a try (outside the transaction, so that failures count) and then the effect."""
        with self.db.plumbing() as apart:
            apart.execute(EFFECT, {"name": f"tried {event.name}"})
        healed = tx.scalar(text("SELECT count(*) FROM plans.probe_effects WHERE name = 'healed'"))
        if not healed:
            _end(event.end)
        tx.execute(EFFECT, {"name": f"handled {event.name}"})


def _end(how: End) -> None:
    if how is End.RAISES:
        raise RuntimeError("the probe is broken")
    if how is End.AWAY:
        raise Busy("What the probe needs is away.")
    if how is End.DIES:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    logging.configure("plans")
    host(runtime.build("plans"), SilentProbe if "silent" in sys.argv else ProbeService)
