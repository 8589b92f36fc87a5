"""Who may move a plan, from where, and where to: the whole table."""

import pytest

from services.contracts.plans.content import Move, Party, PlanState, VersionState
from services.plans.domain.lifecycle import (
    NotAllowed,
    Standing,
    advance,
    is_allowed,
    may_acknowledge_alert,
    may_acknowledge_review,
    may_log,
    may_record_review,
    moves_of,
    waits_for,
)

DRAFT, AGREED, ACTIVE = PlanState.DRAFT, PlanState.AGREED, PlanState.ACTIVE
IN_REVIEW, ENDED = PlanState.IN_REVIEW, PlanState.ENDED
OPENS = (None, VersionState.DRAFT, VersionState.PROPOSED, VersionState.RETURNED)
CLIENT, PRACTITIONER = Party.CLIENT, Party.PRACTITIONER
LIVING = (DRAFT, AGREED, ACTIVE, IN_REVIEW)

Cell = tuple[Move, Party, PlanState, VersionState | None]


def table() -> dict[Cell, Standing]:
    """Every move that there is: by whom, from which state and open version, and where it leads."""
    found: dict[Cell, Standing] = {}
    proposed, returned = VersionState.PROPOSED, VersionState.RETURNED
    agreed_from = {DRAFT: AGREED, AGREED: AGREED, ACTIVE: ACTIVE, IN_REVIEW: ACTIVE}
    for state in LIVING:
        draft = Standing(state, VersionState.DRAFT)
        for open_ in (None, VersionState.DRAFT, returned):
            found[Move.REVISE, PRACTITIONER, state, open_] = draft
        found[Move.PROPOSE, PRACTITIONER, state, VersionState.DRAFT] = Standing(state, proposed)
        found[Move.WITHDRAW, PRACTITIONER, state, proposed] = draft
        found[Move.ASK_FOR_CHANGES, CLIENT, state, proposed] = Standing(state, returned)
        found[Move.AGREE, CLIENT, state, proposed] = Standing(agreed_from[state], None)
    for open_ in OPENS:
        found[Move.BEGIN, PRACTITIONER, AGREED, open_] = Standing(ACTIVE, open_)
        found[Move.REVIEW, PRACTITIONER, ACTIVE, open_] = Standing(IN_REVIEW, open_)
        found[Move.GO_ON, PRACTITIONER, IN_REVIEW, open_] = Standing(ACTIVE, open_)
        for state in LIVING:
            found[Move.END, PRACTITIONER, state, open_] = Standing(ENDED, open_)
        for state in (AGREED, ACTIVE, IN_REVIEW):
            found[Move.END, CLIENT, state, open_] = Standing(ENDED, open_)
    return found


TABLE = table()
ALL = [
    (move, party, state, open_)
    for move in Move
    for party in Party
    for state in PlanState
    for open_ in OPENS
]


@pytest.mark.parametrize("cell", TABLE, ids=str)
def test_a_listed_move_leads_where_the_table_says(
    cell: Cell,
) -> None:
    """Each move by each party who may make it."""
    move, party, state, open_ = cell
    assert advance(Standing(state, open_), move, party) == TABLE[cell]


@pytest.mark.parametrize("cell", [one for one in ALL if one not in TABLE], ids=str)
def test_every_other_move_is_refused(
    cell: Cell,
) -> None:
    """The rest of the whole table: 360 cells in all."""
    move, party, state, open_ = cell
    with pytest.raises(NotAllowed):
        advance(Standing(state, open_), move, party)


def test_what_is_offered_is_what_is_allowed() -> None:
    """The list of moves on the page is the table, too."""
    for move, party, state, open_ in ALL:
        offered = move in moves_of(Standing(state, open_), party)
        assert offered is is_allowed(Standing(state, open_), move, party)


@pytest.mark.parametrize(
    ("state", "open_", "who"),
    [
        (DRAFT, VersionState.DRAFT, PRACTITIONER),
        (DRAFT, VersionState.PROPOSED, CLIENT),
        (ACTIVE, VersionState.RETURNED, PRACTITIONER),
        (ACTIVE, None, None),
        (ENDED, VersionState.PROPOSED, None),
    ],
)
def test_an_open_version_waits_for_its_next_reader(
    state: PlanState, open_: VersionState | None, who: Party | None
) -> None:
    """The client reads what is proposed, the practitioner what came back; nobody when over."""
    assert waits_for(Standing(state, open_)) is who


@pytest.mark.parametrize("state", PlanState)
@pytest.mark.parametrize("party", Party)
def test_the_client_logs_exercises_while_a_plan_holds(state: PlanState, party: Party) -> None:
    """From agreeing until the end; the practitioner reads."""
    assert may_log(state, party) is (party is CLIENT and state in (AGREED, ACTIVE, IN_REVIEW))


@pytest.mark.parametrize("party", Party)
@pytest.mark.parametrize("state", PlanState)
def test_a_review_is_written_down_at_the_desk_while_it_is_under_way(
    state: PlanState, party: Party
) -> None:
    """And is seen by the client, an alert by the practitioner, whatever became of the plan."""
    is_desk = party is PRACTITIONER
    assert may_record_review(state, party) is (is_desk and state is IN_REVIEW)
    assert may_acknowledge_review(party) is not is_desk
    assert may_acknowledge_alert(party) is is_desk
