"""Reports as tables: rows of figures with what finds their entries, for pages and files alike."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from services.common.money import Money
from services.contracts.billing.reports import Figure, RevenueFigures, RevenueView, Step
from services.gateway.forms.reports import Days
from services.gateway.web import labels

FIGURES = {
    Figure.PAID: "Paid",
    Figure.ON_ACCOUNT: "On account",
    Figure.REFUNDS: "Refunds",
    Figure.DISPUTES: "Lost in disputes",
    Figure.OTHER: "Settled by hand",
    Figure.STRIPE_FEES: "Stripe's fees",
    Figure.COMMISSION: "Commission",
    Figure.NET: "Net",
}
ALWAYS = (Figure.PAID, Figure.NET)
NO_SESSION = "Of no session"
GONE = "Somebody who left"
EARLIER = "An earlier offering"
TABLES = {"steps": "Over time", "practitioners": "By practitioner", "offerings": "By offering"}
"""In the order of the page."""


class Row(NamedTuple):
    """Figures, of what they are, and by what their entries are found; `days`: of these alone."""

    label: str
    figures: RevenueFigures
    query: dict[str, str]
    days: Days | None = None

    def money(self, figure: Figure) -> Money:
        found: Money = getattr(self.figures, figure.value)
        return found


@dataclass(frozen=True, slots=True)
class Report:
    """What was found of a period, with the names of people and offerings by id."""

    days: Days
    told: RevenueView
    people: dict[UUID, str] = field(default_factory=dict)
    offerings: dict[UUID, str] = field(default_factory=dict)

    def rows(self, table: str) -> list[Row]:
        """The rows of one of TABLES."""
        made: dict[str, Callable[[], list[Row]]] = {
            "practitioners": self._practitioners,
            "offerings": self._offerings,
            "steps": self._steps,
        }
        return made[table]()

    def totals(self) -> list[Row]:
        """A row for each currency."""
        here = self.days.query()
        return [Row(f"Together in {one.net.currency}", one, here) for one in self.told.totals]

    def heading(self, table: str) -> str:
        """What the table tells its rows by."""
        if table != "steps":
            return TABLES[table]
        return "By day" if self.days.step is Step.DAY else "By month"

    def step_label(self, on: date) -> str:
        """ "5 October 2026", or "October 2026"."""
        is_day = self.days.step is Step.DAY
        return labels.full_date_label(on) if is_day else labels.month_label(on)

    def _practitioners(self) -> list[Row]:
        return [
            self._of("practitioner", one.practitioner_id, self.people, GONE, one.figures)
            for one in self.told.practitioners
        ]

    def _offerings(self) -> list[Row]:
        return [
            self._of("offering", one.offering_id, self.offerings, EARLIER, one.figures)
            for one in self.told.offerings
        ]

    def _of(
        self,
        name: str,
        id_: UUID | None,
        names: dict[UUID, str],
        unknown: str,
        figures: RevenueFigures,
    ) -> Row:
        here = self.days.query()
        if id_ is None:
            return Row(NO_SESSION, figures, here | {"whose": "none"})
        return Row(names.get(id_, unknown), figures, here | {name: str(id_)})

    def _steps(self) -> list[Row]:
        made = []
        for one in self.told.steps:
            days = self.days.within(one.on)
            made.append(Row(self.step_label(one.on), one.figures, days.query(), days))
        return made


def shown(totals: Iterable[RevenueFigures]) -> list[Figure]:
    """The figures that have a column: those of which there is anything, and what all ask for."""
    known = list(totals)
    return [
        one
        for one in FIGURES
        if one in ALWAYS or any(getattr(told, one.value).amount for told in known)
    ]
