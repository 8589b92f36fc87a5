"""One guest's story, drawn by chance: hold, then pay, lapse, cancel and rivals in any order.

Ten minutes cannot be waited for: a hold lapses because the database's administrator moves its
deadline into the past, under the same locks that booking takes, and nothing else is touched.
"""

import asyncio
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from deploy.local.database_roles import target_url
from deploy.local.product import Product
from services.booking.queries.locks import lock
from services.common.database import driver_url
from tests.factories.clinic import Clinic
from tests.factories.guest import Guest
from tests.factories.witness import Till

#: What may follow a hold; some twice, because payments and rivals decide most.
STEPS = ("pay", "pay", "lapse", "lapse", "cancel", "rival")
MOST_STEPS = 4
LAPSE = """
    UPDATE booking.bookings SET deadline_at = now() - interval '1 second'
    WHERE id = %(id)s AND deadline_at IS NOT NULL;
    UPDATE booking.sessions s SET held_until = now() - interval '1 second'
    FROM booking.bookings b WHERE b.id = %(id)s AND s.practice_id = b.practice_id
      AND s.id = b.session_id AND s.held_until IS NOT NULL;
    UPDATE booking.holds_due SET due_at = now() - interval '1 second' WHERE booking_id = %(id)s
"""


@dataclass
class Story:
    """What was drawn, and what the guest and a rival saw of it."""

    guest: Guest
    steps: tuple[str, ...]
    is_together: bool
    has_paid: bool = False
    promised_percent: int | None = None
    rivals: list[Guest] = field(default_factory=list)

    @property
    def guests(self) -> list[Guest]:
        """The guest, and those rivals that came to hold the start."""
        return [self.guest, *self.rivals]


def draw(guest: Guest, chance: Random) -> Story:
    """One to four steps, in turn or all at once."""
    steps = tuple(chance.choices(STEPS, k=chance.randint(1, MOST_STEPS)))
    return Story(guest, steps, is_together=chance.random() < 0.5)


class Stage:
    """Where stories are played: the product, the till, and the hands that move deadlines."""

    def __init__(self, product: Product, till: Till, chance: Random) -> None:
        self._engine = create_engine(driver_url(target_url(product.stack)), pool_size=4)
        self._till = till
        self._chance = chance

    def close(self) -> None:
        self._engine.dispose()

    async def play(self, story: Story) -> None:
        """Hold, then the steps."""
        answer = await story.guest.book()
        assert answer.status_code == 201, answer.text
        deeds = [self._do(story, step) for step in story.steps]
        if story.is_together:
            await asyncio.gather(*deeds)
            return
        for deed in deeds:
            await asyncio.sleep(self._chance.random() * 0.5)
            await deed

    async def _do(self, story: Story, step: str) -> None:
        if story.is_together:
            await asyncio.sleep(self._chance.random() * 0.5)
        if step == "pay":
            has_paid = await self._till.pay(story.guest.session)
            story.has_paid = story.has_paid or has_paid
        elif step == "lapse":
            await self.lapse(story.guest)
        elif step == "cancel":
            status, percent = await story.guest.cancel()
            assert status in (200, 409)
            story.promised_percent = percent if status == 200 else story.promised_percent
        else:
            await self._rival(story)

    async def lapse(self, guest: Guest) -> None:
        """Let the guest's hold run out now, if it is one."""
        await asyncio.to_thread(self._lapse, guest.clinic, guest.booking_id)

    def _lapse(self, clinic: Clinic, booking_id: UUID) -> None:
        with Session(self._engine) as tx, tx.begin():
            lock(tx, clinic.id, practitioners=[clinic.practitioner_id])
            tx.connection().connection.cursor().execute(LAPSE, {"id": str(booking_id)})

    async def _rival(self, story: Story) -> None:
        """Somebody else wants the same start; who gets it pays at once."""
        rival = Guest(story.guest.api, story.guest.clinic, story.guest.starts_at)
        answer = await rival.book()
        assert answer.status_code in (201, 409), answer.text
        if answer.status_code == 201:
            story.rivals.append(rival)
            await self._till.pay(rival.session)
