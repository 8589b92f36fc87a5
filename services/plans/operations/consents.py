"""Consents: signed and taken back, each act a row that stays."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.common.database import enter_practice
from services.common.errors import NotFound
from services.contracts.plans.intake import GetIntake, IntakeView, SignConsents, WithdrawConsent
from services.contracts.plans.refusals import IntakeClosed
from services.plans.adapters.appointments import Appointment
from services.plans.domain.intake import TAKES_PLACE, ConsentAct
from services.plans.models import Consent, Intake
from services.plans.operations.charts import OpenChart
from services.plans.operations.intake import begun, get_intake
from services.plans.operations.intake_parts import CONSENT, offered, standing_texts
from services.plans.operations.sealing import KeyRing
from services.plans.queries import intake as queries


def sign_consents(
    tx: Session, ring: KeyRing, command: SignConsents, who: Appointment, *, now: datetime
) -> IntakeView:
    """Sign what is asked now; what is signed already stays as it is.

    Raises NotFound for a text that is not asked (any more), IntakeClosed where there is no
    session to come to.
    """
    enter_practice(tx, who.practice_id)
    if who.state not in TAKES_PLACE:
        raise IntakeClosed("There is no session for which to sign.")
    if not set(command.text_ids) <= {one.id for one in offered(tx, who.practice_id).current}:
        raise NotFound("There is a newer version of this text.")
    chart, intake = begun(tx, ring, who, now)
    standing = standing_texts(tx, who.practice_id, who.client_id)
    new = (id_ for id_ in dict.fromkeys(command.text_ids) if str(id_) not in standing)
    _act(chart, intake, who, new, ConsentAct.SIGNED)
    return get_intake(tx, ring, GetIntake(booking_id=who.booking_id), who, now=now)


def withdraw_consent(
    tx: Session, ring: KeyRing, command: WithdrawConsent, who: Appointment, *, now: datetime
) -> IntakeView:
    """Take back what was signed, at any time; what is taken back already stays so.

    Raises NotFound for a text of which nothing was signed.
    """
    enter_practice(tx, who.practice_id)
    chart, intake = begun(tx, ring, who, now)
    acts = queries.consents(tx, who.practice_id, [who.client_id])
    if command.text_id not in {one.text_id for one in acts}:
        raise NotFound("There is no such consent.")
    if str(command.text_id) in standing_texts(tx, who.practice_id, who.client_id):
        _act(chart, intake, who, [command.text_id], ConsentAct.WITHDRAWN)
    return get_intake(tx, ring, GetIntake(booking_id=who.booking_id), who, now=now)


def _act(
    chart: OpenChart,
    intake: Intake,
    who: Appointment,
    text_ids: Iterable[UUID],
    act: ConsentAct,
) -> None:
    acts = queries.consents(chart.tx, who.practice_id, [who.client_id])
    for text_id in text_ids:
        row = Consent(
            practice_id=who.practice_id,
            id=uuid7(),
            chart_id=intake.chart_id,
            client_id=who.client_id,
            text_id=text_id,
            number=1 + sum(one.text_id == text_id for one in acts),
            act=act.value,
            at=chart.now,
            by_account_id=chart.looker.account_id,
            by_booking_id=chart.looker.booking_id,
        )
        chart.note(CONSENT, row.id, is_write=True)
        chart.tx.add(row)
    chart.tx.flush()
