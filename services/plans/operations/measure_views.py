"""Measures and reviews as they are told: scores to both, what they may mean to the practitioner."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel

from services.contracts.plans.content import Party
from services.contracts.plans.measures import AlertView, Course, FillingView, MeasureView
from services.contracts.plans.reviews import Decision, ReviewView
from services.contracts.plans.rhythm import PlannedMeasure
from services.contracts.plans.views import MeasureLine
from services.plans.catalogue.instruments import Instrument, load_instruments
from services.plans.domain.rhythm import is_due, may_correct
from services.plans.domain.scoring import asks_for_help, band_of, score
from services.plans.domain.trends import course_of
from services.plans.models import DueKind, Filling, Plan, Review
from services.plans.operations.charts import OpenChart
from services.plans.queries import measures

FILLING, REVIEW = "filling", "review"
SEALED_ONCE = 1
"""Neither is ever written again."""


class Filled(BaseModel):
    """Which instrument was filled in, and every answer."""

    instrument: str
    answers: list[int]
    difficulty: int | None = None


class Reviewed(BaseModel):
    """What a review found, and what was decided."""

    went_well: str
    to_change: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class Kept:
    """A filling with what it says."""

    row: Filling
    said: Filled
    is_replaced: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """All of a plan that comes round, for who reads it."""

    measures: list[MeasureView]
    alerts: list[AlertView]
    is_review_due: bool
    is_review_awaited: bool
    review_due_at: datetime | None


def named(planned: Iterable[PlannedMeasure]) -> list[MeasureLine]:
    """Measures with the names of their instruments."""
    known = load_instruments()
    return [
        MeasureLine(name=known[one.instrument].name, every=one.every, unit=one.unit)
        for one in planned
    ]


def filled(chart: OpenChart, row: Filling) -> Filled:
    """What was filled in."""
    return chart.unseal(row.sealed, Filled, FILLING, row.id, SEALED_ONCE)


def kept_fillings(chart: OpenChart, plan: Plan) -> list[Kept]:
    """All that was filled in, opened, the latest first."""
    rows = measures.fillings(chart.tx, plan)
    replaced = {one.corrects_id for one in rows}
    return [Kept(one, filled(chart, one), one.id in replaced) for one in rows]


def measured(
    chart: OpenChart, plan: Plan, party: Party, planned: Sequence[PlannedMeasure]
) -> Measured:
    """Each measure that the agreed version names or that was filled in before, and what is due."""
    dues = measures.dues(chart.tx, plan)
    reviews = [one for one in dues if one.kind == DueKind.REVIEW]
    kept = kept_fillings(chart, plan)
    at = {due.number: due.due_at for due in dues if due.kind == DueKind.MEASURE}
    named = {one.instrument: (one, at.get(number)) for number, one in enumerate(planned)}
    asked = {*named, *(one.said.instrument for one in kept)}

    def told(slug: str, instrument: Instrument) -> MeasureView:
        one, due_at = named.get(slug, (None, None))
        return _measure(instrument, one, due_at, _of(kept, slug), party, chart.now)

    instruments = load_instruments().items()
    return Measured(
        [told(slug, one) for slug, one in instruments if slug in asked],
        _alerts(chart, plan) if party is Party.PRACTITIONER else [],
        any(is_due(one.due_at, chart.now) for one in reviews),
        bool(reviews),
        min((one.due_at for one in reviews if one.due_at), default=None),
    )


def reviewed(chart: OpenChart, review: Review) -> Reviewed:
    """What a review says."""
    return chart.unseal(review.sealed, Reviewed, REVIEW, review.id, SEALED_ONCE)


def review_views(chart: OpenChart, plan: Plan) -> list[ReviewView]:
    """The reviews of a plan, the latest first."""
    return [
        ReviewView(
            id=one.id,
            recorded_at=one.recorded_at,
            acknowledged_at=one.acknowledged_at,
            **dict(reviewed(chart, one)),
        )
        for one in measures.reviews(chart.tx, plan)
    ]


def _measure(
    instrument: Instrument,
    planned: PlannedMeasure | None,
    due_at: datetime | None,
    kept: Sequence[Kept],
    party: Party,
    now: datetime,
) -> MeasureView:
    last = next((one for one in kept if not one.is_replaced), None)
    is_open = party is Party.CLIENT and planned is not None and last is not None
    is_correctable = is_open and last is not None and may_correct(last.row.filled_at, now)
    return MeasureView(
        instrument=instrument.view(),
        every=planned.every if planned else None,
        unit=planned.unit if planned else None,
        due_at=due_at,
        is_due=is_due(due_at, now),
        correctable=last.row.id if last and is_correctable else None,
        course=_course(instrument, kept) if party is Party.PRACTITIONER else None,
        fillings=[_filling(instrument, one) for one in kept],
    )


def _filling(instrument: Instrument, kept: Kept) -> FillingView:
    total = score(instrument.scale, kept.said.answers)
    return FillingView(
        id=kept.row.id,
        filled_at=kept.row.filled_at,
        answers=kept.said.answers,
        difficulty=kept.said.difficulty,
        score=total,
        band=band_of(instrument.scale, total),
        asks_for_help=asks_for_help(instrument.scale, kept.said.answers),
        is_replaced=kept.is_replaced,
    )


def _course(instrument: Instrument, kept: Sequence[Kept]) -> Course | None:
    standing = [one for one in reversed(kept) if not one.is_replaced]
    scored = [(one.row.filled_at, score(instrument.scale, one.said.answers)) for one in standing]
    return course_of(instrument.change, scored)


def _of(kept: Iterable[Kept], slug: str) -> list[Kept]:
    return [one for one in kept if one.said.instrument == slug]


def _alerts(chart: OpenChart, plan: Plan) -> list[AlertView]:
    return [
        AlertView(id=one.id, filling_id=one.filling_id, raised_at=one.raised_at)
        for one in measures.unseen_alerts(chart.tx, plan)
    ]
