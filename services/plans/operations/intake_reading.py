"""Intake for those who do not fill it in: who treats, the front desk, home, reminders, looks."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.database import enter_practice
from services.common.errors import Forbidden, NotFound
from services.contracts.plans.content import Party
from services.contracts.plans.intake import (
    ClientIntakeView,
    GetIntakeDue,
    GivenView,
    IntakeDueView,
    IntakeState,
    IntakeStatesView,
    ListIntakeStates,
    ListOwnIntakes,
    OwnIntakesView,
    OwnIntakeView,
    StateOfClient,
)
from services.contracts.plans.views import AccessesView
from services.plans.adapters.appointments import Appointment
from services.plans.adapters.people import Treated
from services.plans.operations.access import check_person, check_treats
from services.plans.operations.charts import Looker, open_chart
from services.plans.operations.intake_parts import (
    CONSENT,
    consent_views,
    given_views,
    state_of_none,
    states,
)
from services.plans.operations.looking import accesses_view
from services.plans.operations.sealing import KeyRing
from services.plans.queries import charts
from services.plans.queries import intake as queries

SEES_ALL = frozenset({"owner", "admin", "front_desk"})


def get_client_intake(
    tx: Session, ring: KeyRing, treated: Treated, *, actor: Actor, now: datetime
) -> ClientIntakeView:
    """A client's intake, for the practitioner who treats them."""
    practice_id, account_id = check_treats(actor)
    client_id = treated.client_id
    return ClientIntakeView(
        client_id=client_id,
        state=states(tx, practice_id, [client_id])[client_id].state,
        given=_given(tx, ring, practice_id, treated, account_id, now),
        consents=consent_views(tx, practice_id, client_id),
    )


def sees_all(actor: Actor) -> bool:
    """Whether the actor may know of every client of the practice whether all is there."""
    return bool(actor.roles & SEES_ALL)


def list_states(
    tx: Session, command: ListIntakeStates, *, actor: Actor, treated: set[UUID]
) -> IntakeStatesView:
    """Whether the intake of clients is complete: of all, for the front desk; of those whom they
    treat, for practitioners. Raises Forbidden for who is no member."""
    if actor.kind != "person" or actor.practice_id is None or not actor.roles:
        raise Forbidden("Only members of a practice see its clients.")
    ids = [one for one in command.client_ids if sees_all(actor) or one in treated]
    found = states(tx, actor.practice_id, ids)
    told = [StateOfClient(client_id=id_, state=seen.state) for id_, seen in found.items()]
    return IntakeStatesView(states=told)


def asking(tx: Session, command: ListOwnIntakes, *, actor: Actor) -> list[UUID]:
    """Those of the practices that ask something; raises Forbidden for who has no login."""
    check_person(actor)
    named = dict.fromkeys(command.practice_ids)
    return [one for one in named if _is_asking(tx, one)]


def list_own(
    tx: Session, command: ListOwnIntakes, clients: Mapping[UUID, UUID], *, actor: Actor
) -> OwnIntakesView:
    """Where the actor's intake in these practices stands; `clients`: who they are in each of them,
    as far as they have a record there. Raises Forbidden for who has no login."""
    check_person(actor)
    told = [_own(tx, one, clients.get(one)) for one in dict.fromkeys(command.practice_ids)]
    return OwnIntakesView(intakes=told)


def get_due(tx: Session, command: GetIntakeDue, *, actor: Actor) -> IntakeDueView:
    """Whether a client still owes their intake, for the service that reminds; Forbidden."""
    if not actor.is_service or actor.practice_id is None:
        raise Forbidden("Only a service asks this.")
    seen = states(tx, actor.practice_id, [command.client_id])[command.client_id]
    return IntakeDueView(is_due=seen.state is IntakeState.OPEN)


def list_accesses(tx: Session, who: Appointment, before: datetime | None = None) -> AccessesView:
    """Who looked at the chart of who comes; raises NotFound for the holder of a link."""
    if who.is_link:
        raise NotFound("There is no such page.")
    enter_practice(tx, who.practice_id)
    chart = charts.chart_known(tx, who.practice_id, who.client_id)
    if chart is None:
        return AccessesView(accesses=[])
    return accesses_view(tx, who.practice_id, chart.id, before)


def _given(
    tx: Session,
    ring: KeyRing,
    practice_id: UUID,
    treated: Treated,
    account_id: UUID,
    now: datetime,
) -> list[GivenView]:
    intake = queries.intake_of_client(tx, practice_id, treated.client_id)
    if intake is None:
        return []
    looker = Looker(Party.PRACTITIONER, account_id, treated.practitioner_id)
    found = charts.chart(tx, practice_id, intake.chart_id)
    chart = open_chart(tx, ring, found, looker, now=now)
    chart.note(CONSENT, intake.id, is_write=False)
    return given_views(chart, intake)


def _is_asking(tx: Session, practice_id: UUID) -> bool:
    enter_practice(tx, practice_id)
    return state_of_none(tx, practice_id) is not IntakeState.NOT_ASKED


def _own(tx: Session, practice_id: UUID, client_id: UUID | None) -> OwnIntakeView:
    """Who has no record owes all that is asked, if anything is."""
    enter_practice(tx, practice_id)
    if client_id is None:
        return OwnIntakeView(practice_id=practice_id, state=state_of_none(tx, practice_id))
    seen = states(tx, practice_id, [client_id])[client_id]
    return OwnIntakeView(practice_id=practice_id, state=seen.state)
