"""An intake's parts as they are found and told: where it stands, its answers, its consents."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.orm import Session

from services.contracts.plans.intake import ConsentView, GivenView, IntakeState
from services.contracts.plans.questionnaire import FormAnswer
from services.plans.domain.intake import (
    Acquaintance,
    Asked,
    ConsentAct,
    is_form_asked,
    stands,
    state,
)
from services.plans.models import Consent, ConsentText, GivenAnswers, Intake
from services.plans.operations.charts import OpenChart
from services.plans.operations.intake_setup import form_view, text_view
from services.plans.queries import intake as queries

DRAFT, GIVEN, CONSENT = "intake_draft", "intake", "consent"
SEALED_ONCE = 1
"""The version of what is never written again."""


class Told(BaseModel):
    """The answers to a form, in one text."""

    answers: list[FormAnswer]


@dataclass(frozen=True, slots=True)
class Offered:
    """What a practice asks now: the newest version of its form, and of each text.

    `form_since`: when it began to ask a form; None where it asks none.
    """

    form_since: datetime | None
    texts: Sequence[ConsentText]
    """Every version, also those that were replaced."""

    @property
    def current(self) -> list[ConsentText]:
        """The newest version of each kind."""
        newest = {one.kind: one for one in reversed(self.texts)}
        return list(newest.values())


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the intake of one client stands. `is_given`: the form is answered; `has_form`: it is
    asked of them."""

    state: IntakeState
    is_given: bool
    has_form: bool


def offered(tx: Session, practice_id: UUID) -> Offered:
    """What the practice asks now."""
    first = queries.first_form(tx, practice_id)
    return Offered(first.published_at if first else None, queries.texts(tx, practice_id))


def states(tx: Session, practice_id: UUID, client_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """Where the intake of each client stands."""
    asks = offered(tx, practice_id)
    given = queries.given_clients(tx, practice_id, client_ids)
    known = _acquainted(tx, practice_id, client_ids, given)
    acts = queries.consents(tx, practice_id, client_ids)
    found = {}
    for client_id in client_ids:
        signed = _standing(one for one in acts if one.client_id == client_id)
        is_given, has_form = client_id in given, is_form_asked(asks.form_since, known[client_id])
        found[client_id] = Standing(_state(asks, has_form, is_given, signed), is_given, has_form)
    return found


def state_of_none(tx: Session, practice_id: UUID) -> IntakeState:
    """Where the intake of somebody stands who is not known of yet."""
    asks = offered(tx, practice_id)
    has_form = is_form_asked(asks.form_since, Acquaintance())
    return _state(asks, has_form, is_given=False, standing=frozenset())


def _acquainted(
    tx: Session, practice_id: UUID, client_ids: Collection[UUID], given: Collection[UUID]
) -> dict[UUID, Acquaintance]:
    booked = queries.last_booked(tx, practice_id, client_ids)
    came = queries.who_came(tx, practice_id, client_ids)
    begun = queries.keeping_clients(tx, practice_id, client_ids) | set(given)
    return {id_: Acquaintance(booked.get(id_), id_ in came, id_ in begun) for id_ in client_ids}


def answers_of(chart: OpenChart, given: GivenAnswers) -> list[FormAnswer]:
    """What was given."""
    return chart.unseal(given.sealed, Told, GIVEN, given.id, SEALED_ONCE).answers


def kept_of(chart: OpenChart, intake: Intake) -> list[FormAnswer]:
    """What is kept and not given yet."""
    if intake.draft is None:
        return []
    return chart.unseal(intake.draft, Told, DRAFT, intake.id, intake.draft_revision).answers


def given_views(chart: OpenChart, intake: Intake) -> list[GivenView]:
    """All that was given, the latest first, each with the form's version of then."""
    forms = {one.number: one for one in queries.forms(chart.tx, intake.practice_id)}
    return [
        GivenView(
            number=one.number,
            form=form_view(forms[one.form_number]),
            answers=answers_of(chart, one),
            given_at=one.given_at,
        )
        for one in queries.given(chart.tx, intake)
    ]


def consent_views(tx: Session, practice_id: UUID, client_id: UUID) -> list[ConsentView]:
    """The texts that are asked now, and older ones that the client signed."""
    asks = offered(tx, practice_id)
    current = {one.id for one in asks.current}
    acts = _by_text(queries.consents(tx, practice_id, [client_id]))
    shown = [one for one in asks.texts if one.id in current or one.id in acts]
    return [_consent_view(one, acts.get(one.id, []), one.id in current) for one in shown]


def standing_texts(tx: Session, practice_id: UUID, client_id: UUID) -> frozenset[str]:
    """The ids of the texts that the client stands by."""
    return _standing(queries.consents(tx, practice_id, [client_id]))


def _state(asks: Offered, has_form: bool, is_given: bool, standing: frozenset[str]) -> IntakeState:
    required = frozenset(str(one.id) for one in asks.current if one.is_required)
    told = Asked(has_form, is_given, required, standing, bool(asks.texts))
    return state(told)


def _standing(acts: Iterable[Consent]) -> frozenset[str]:
    by_text = _by_text(acts)
    return frozenset(
        str(id_) for id_, done in by_text.items() if stands(ConsentAct(one.act) for one in done)
    )


def _by_text(acts: Iterable[Consent]) -> dict[UUID, list[Consent]]:
    """The acts on each text; they come in the order of texts."""
    return {id_: list(done) for id_, done in groupby(acts, key=lambda one: one.text_id)}


def _consent_view(text: ConsentText, acts: Sequence[Consent], is_current: bool) -> ConsentView:
    signed = [one.at for one in acts if one.act == ConsentAct.SIGNED]
    is_withdrawn = bool(acts) and not stands(ConsentAct(one.act) for one in acts)
    return ConsentView(
        text=text_view(text),
        is_current=is_current,
        signed_at=signed[-1] if signed else None,
        withdrawn_at=acts[-1].at if is_withdrawn else None,
    )
