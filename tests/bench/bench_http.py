"""HTTP through gateway, call and database: `python -m tests.bench.bench_http [--strict]`.

A product of its own, one practice, guests at the API. With one connection, in turn so that noise
hits all alike: an empty call, the free slots of a week, a booking with its payment page, and that
page alone, asked of the Stripe twin through the same library: what a booking spends there is in
its figure, and told beside it. Before each, a pause that is longer than a booking's aftermath
(mails, openings, the seat given back), which would otherwise be in the figure of whatever comes
next; what it costs is in the figures without a pause: booking after booking, and sixteen
connections at once, where any error is one too many. Prints JSON lines; ratios are to the empty
call of the same run.

The empty call is a webhook without a signature: gateway, broker, service and back with a refusal,
and nothing looked up on the way. A route made only to be measured is not needed.
"""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from statistics import median
from time import perf_counter

from uuid_utils.compat import uuid7

from deploy.local.product import running_product
from services.billing.adapters.stripe import Stripe
from services.billing.domain.facts import CheckoutOrder
from services.common.clock import utc_now
from services.common.money import Money
from tests.bench.report import Line, exit_code, percentiles, print_lines
from tests.factories.clinic import Clinic, open_clinic
from tests.factories.guest import Api, Guest, instant
from tests.factories.limits import ONE_ADDRESS

TOLD = {"ATTUNE_DEMO": "0", **ONE_ADDRESS}
RUNS, WARM_UP = 60, 5
#: Seconds after which nothing is left to do of a booking and of giving it back.
AFTERMATH = 0.3
AT_ONCE, RUNS_AT_ONCE = 16, 320
PAGE = "payment page at the twin"
GOALS = {"slots": 2.0, "booking": 5.0}
#: A round-the-clock week has as many starts as the month that the slot picker asks for has in an
#: ordinary calendar; four of them stand beside it without a goal.
DAYS, MANY_DAYS = 7, 28
Work = Callable[[], Awaitable[float]]


class Desk:
    """What is measured; each call answers its milliseconds, and raises for a wrong answer."""

    def __init__(self, api: Api, clinic: Clinic, starts: list[str], stripe: Stripe) -> None:
        self._api = api
        self._clinic = clinic
        self._starts = starts
        self._stripe = stripe
        self._turn = 0

    async def empty(self) -> float:
        """There and back without a look at the database."""
        began = perf_counter()
        answer = await self._api.http.post("/webhooks/stripe", content=b"{}")
        assert answer.status_code == 400, answer.text
        return milliseconds(began)

    async def slots(self) -> float:
        """The free starts of a week, 24 a day less what is booked."""
        return await self._slots(DAYS)

    async def many_slots(self) -> float:
        """The free starts of four weeks."""
        return await self._slots(MANY_DAYS)

    async def _slots(self, days: int) -> float:
        path = f"/api/v1/practices/{self._clinic.id}/offerings/{self._clinic.offering_id}/slots"
        first = instant(self._starts[0]).date()
        asked = {"from_on": f"{first}", "until_on": f"{first + timedelta(days=days - 1)}"}
        began = perf_counter()
        answer = await self._api.http.get(path, params=asked)
        took = milliseconds(began)
        assert answer.status_code == 200, answer.text
        assert len(answer.json()["starts"]) > 20 * days
        return took

    async def booking(self) -> float:
        """Client, seat, payment and the page to pay on."""
        self._turn += 1
        guest = Guest(self._api, self._clinic, self._starts[self._turn % len(self._starts)])
        began = perf_counter()
        answer = await guest.book()
        took = milliseconds(began)
        assert answer.status_code == 201, answer.text
        assert (await guest.cancel())[0] == 200
        return took

    async def page(self) -> float:
        """A payment page at the twin, as billing opens it."""
        now, payment_id = utc_now(), uuid7()
        order = CheckoutOrder(
            idempotency_key=f"checkout-{payment_id}-1",
            payment_id=payment_id,
            booking_id=uuid7(),
            price=self._clinic.price,
            commission=Money(450, "EUR"),
            success_url="https://attune.example/paid",
            cancel_url="https://attune.example/unpaid",
            expires_at=now + timedelta(minutes=45),
        )
        began = perf_counter()
        self._stripe.open_checkout(self._clinic.stripe_account, order, "guest@mail.example")
        return milliseconds(began)


def milliseconds(began: float) -> float:
    return (perf_counter() - began) * 1_000


async def alone(desk: Desk) -> dict[str, list[float]]:
    """One connection, every kind of call in turn, each with nothing else under way."""
    works: dict[str, Work] = {
        "empty": desk.empty, "slots": desk.slots, "slots of four weeks": desk.many_slots,
        "booking": desk.booking, PAGE: desk.page,
    }  # fmt: skip
    return await _in_turn(works, pause=AFTERMATH)


async def without_a_pause(desk: Desk) -> list[Line]:
    """The same connection as fast as it is answered, with all that each booking leaves behind."""
    taken = await _in_turn({"empty": desk.empty, "booking": desk.booking}, pause=0)
    ratio = round(median(taken["booking"]) / median(taken["empty"]), 2)
    about = {"bench": "P4", "what": "booking after booking, 1 connection"}
    return [about | percentiles(taken["booking"]) | {"ratio": ratio}]


async def _in_turn(works: dict[str, Work], pause: float) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in works}
    for run in range(WARM_UP + RUNS):
        for name, work in works.items():
            await asyncio.sleep(pause)
            took = await work()
            if run >= WARM_UP:
                taken[name].append(took)
    return taken


async def together(desk: Desk) -> list[Line]:
    """Sixteen connections: calls a second, and every error by its kind."""
    lines = []
    for name, work in (("empty", desk.empty), ("slots", desk.slots), ("booking", desk.booking)):
        count = RUNS_AT_ONCE if name != "booking" else RUNS_AT_ONCE // 4
        lines.append(await _crowd(name, work, count))
    return lines


async def _crowd(name: str, work: Work, count: int) -> Line:
    taken: list[float] = []
    errors: Counter[str] = Counter()
    left = iter(range(count))

    async def keep_asking() -> None:
        for _ in left:
            try:
                taken.append(await work())
            except Exception as error:
                errors[type(error).__name__] += 1

    began = perf_counter()
    await asyncio.gather(*(keep_asking() for _ in range(AT_ONCE)))
    rate = round(len(taken) / (perf_counter() - began), 1)
    line = {"bench": "P4", "what": f"{name}, {AT_ONCE} connections", "a_second": rate}
    figures = percentiles(taken) if len(taken) > 1 else {}
    return line | figures | {"errors": dict(errors), "goal": "no errors", "is_met": not errors}


def ratios(taken: dict[str, list[float]]) -> list[Line]:
    """One line for each kind of call; those with a goal against the empty one."""
    empty = median(taken["empty"])
    lines: list[Line] = []
    for name, times in taken.items():
        line: dict[str, object] = {"bench": "P4", "what": f"{name}, 1 connection"}
        line |= percentiles(times) | {"ratio": round(median(times) / empty, 2)}
        if name in GOALS:
            line |= {"goal": f"<= {GOALS[name]}", "is_met": median(times) <= GOALS[name] * empty}
        if name == "booking":
            ours = median(times) - median(taken[PAGE])
            line |= {"ratio_without_page": round(ours / empty, 2)}
        lines.append(line)
    return lines


async def measure(base_url: str, clinic: Clinic, stripe: Stripe) -> list[Line]:
    """Both measurements, and whether anything had to be asked twice."""
    async with Api(base_url, at_once=AT_ONCE) as api:
        await api.find(clinic)
        starts = await api.starts(clinic, first_day=4, days=MANY_DAYS)
        desk = Desk(api, clinic, starts, stripe)
        lines = ratios(await alone(desk))
        lines += await without_a_pause(desk)
        lines += await together(desk)
        repeats = sum(number for seen, number in api.seen.items() if seen not in (200, 201))
    about: Line = {"bench": "P4", "what": "repeated calls", "count": repeats, "is_met": not repeats}
    return [*lines, about]


def main() -> int:
    """Start, measure and print; see the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strict", action="store_true", help="exit 1 when a goal is missed")
    strict = parser.parse_args().strict
    with running_product(told=TOLD, may_join=False) as product:
        key = product.environment["STRIPE_API_KEY"]
        stripe = Stripe(key, product.twin_url, seconds=5, retries=0)
        lines = asyncio.run(measure(product.base_url, open_clinic(product), stripe))
    print_lines(lines)
    return exit_code(lines, strict=strict)


if __name__ == "__main__":
    sys.exit(main())
