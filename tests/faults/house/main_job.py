"""The main job as one guest lives it: find, book, pay, be confirmed, get mail, cancel, get it back.

Every step is repeated with the same ids until it is answered, whatever is killed meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic, sleep

import psycopg2

from tests.factories.calm import CONVERGED_SECONDS
from tests.factories.clinic import Clinic
from tests.factories.guest import Guest
from tests.factories.witness import Witness

STAGES = ("found", "held", "paid", "confirmed", "told", "cancelled", "refunded", "done")
PAUSE_SECONDS = 0.3
PATIENCE_SECONDS = 240.0
ANNOUNCED = {("confirmed", "client"), ("confirmed", "practitioner")}
ALL_MAILS = ANNOUNCED | {
    ("cancelled", "client"),
    ("cancelled", "practitioner"),
    ("refunded", "client"),
}
SENT = "SELECT template, recipient FROM notify.messages WHERE booking_id = %s AND state = 'sent'"
#: Pays a page; whether it took the money.
Pay = Callable[[str], Awaitable[bool]]


class Job:
    """One guest's whole job; `reached` tells how far it is."""

    def __init__(self, guest: Guest, pay: Pay, witness: Witness) -> None:
        self.guest = guest
        self._pays = pay
        self._witness = witness
        self._reached = {stage: asyncio.Event() for stage in STAGES}

    @property
    def stage(self) -> str:
        """The last stage that was reached."""
        passed = [stage for stage in STAGES if self._reached[stage].is_set()]
        return passed[-1] if passed else "begun"

    async def until(self, stage: str) -> None:
        """Wait until it is so far."""
        await self._reached[stage].wait()

    async def run(self) -> None:
        """All of it, in order."""
        steps: dict[str, Callable[[], Awaitable[bool]]] = {
            "found": self._find,
            "held": self._book,
            "paid": self._pay,
            "confirmed": self._is_confirmed,
            "told": self._is_announced,
            "cancelled": self._cancel,
            "refunded": self._is_refunded,
            "done": self._has_all_mails,
        }
        for stage, step in steps.items():
            await self._until(stage, step)
            self._reached[stage].set()

    async def _until(self, stage: str, step: Callable[[], Awaitable[bool]]) -> None:
        deadline = monotonic() + PATIENCE_SECONDS
        while not await step():
            assert monotonic() < deadline, f"{self.guest.booking_id} never was {stage}"
            await asyncio.sleep(PAUSE_SECONDS)

    async def _find(self) -> bool:
        clinic = self.guest.clinic
        page = await self.guest.api.insist("GET", f"/practitioners/{clinic.slug}")
        return page.status_code == 200

    async def _book(self) -> bool:
        answer = await self.guest.book()
        assert answer.status_code == 201, answer.text
        return True

    async def _pay(self) -> bool:
        assert await self._pays(self.guest.session), "the page was over"
        return True

    async def _is_confirmed(self) -> bool:
        return bool((await self.guest.booking())["state"] == "confirmed")

    async def _is_announced(self) -> bool:
        return await self._sent() >= ANNOUNCED

    async def _cancel(self) -> bool:
        status, percent = await self.guest.cancel()
        is_repeated = status == 409 and (await self.guest.booking())["state"] == "cancelled"
        assert is_repeated or (status, percent) == (200, 100)
        return True

    async def _is_refunded(self) -> bool:
        payment = await self.guest.payment()
        return bool(payment["refunded"] == payment["captured"])

    async def _has_all_mails(self) -> bool:
        return await self._sent() >= ALL_MAILS

    async def _sent(self) -> set[tuple[str, str]]:
        """What was sent about this booking; nothing while the database is away."""
        try:
            rows = await asyncio.to_thread(self._witness.rows, SENT, self.guest.booking_id)
        except psycopg2.OperationalError:
            return set()
        return set(map(tuple, rows))


def check(job: Job, witness: Witness) -> int:
    """One charge, one refund, each mail to each reader; how many mails came twice."""
    clinic, booking_id = job.guest.clinic, job.guest.booking_id
    charges = witness.charge_of(clinic)[booking_id]
    assert [charge["amount_refunded"] for charge in charges] == [clinic.price.amount]
    refunds = [
        refund
        for refund in witness.at_stripe(clinic, "refunds")
        if refund["charge"] == charges[0]["id"]
    ]
    assert [refund["amount"] for refund in refunds] == [clinic.price.amount]
    written = witness.rows(
        "SELECT template, recipient, id FROM notify.messages WHERE booking_id = %s"
        " AND state = 'sent'",
        booking_id,
    )
    assert sorted(row[:2] for row in written) == sorted(ALL_MAILS)
    return _check_mails(job, witness, written)


def _check_mails(job: Job, witness: Witness, written: list[tuple[str, str, str]]) -> int:
    """The mails that arrived are those that were written, by Message-ID."""
    clinic = job.guest.clinic
    copies = 0
    for address, reader in (
        (job.guest.email, "client"),
        (clinic.practitioner_email, "practitioner"),
    ):
        ids = {str(row[2]) for row in written if row[1] == reader}
        arrived = {
            found.strip("<>").partition("@")[0]: number
            for found, number in witness.mails(address).items()
        }
        assert ids <= set(arrived), "a mail is missing"
        assert reader == "practitioner" or set(arrived) == ids, "a mail too many"
        copies += sum(arrived[id_] - 1 for id_ in ids)
    return copies


def check_house(clinic: Clinic, witness: Witness, *, jobs: int) -> None:
    """No event is stuck or given up, no hold is orphaned, the books agree with Stripe's."""
    until = monotonic() + CONVERGED_SECONDS
    while left := witness.unfinished():
        assert monotonic() < until, left
        sleep(PAUSE_SECONDS)
    assert witness.orphan_holds(clinic) == 0
    assert witness.live_starts(clinic) == []
    assert witness.unbalanced(clinic) == 0
    assert witness.balance(clinic) == witness.balance_at_stripe(clinic)
    for kind in ("checkout/sessions", "charges", "refunds"):
        assert len(witness.at_stripe(clinic, kind)) == jobs, kind
