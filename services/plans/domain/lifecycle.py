"""Where a plan stands, and who may move it: draft → agreed → active → in review → ended.

A plan has at most one open version beside the agreed one. The practitioner signs by proposing,
the client by agreeing; what was agreed changes only by a new version that both sign.
"""

from dataclasses import dataclass, replace

from services.contracts.plans.content import Move, Party, PlanState, VersionState

CLIENT, PRACTITIONER = frozenset({Party.CLIENT}), frozenset({Party.PRACTITIONER})
UNDER_WAY = frozenset({PlanState.AGREED, PlanState.ACTIVE, PlanState.IN_REVIEW})
LIVING = UNDER_WAY | {PlanState.DRAFT}
ANY = frozenset({None, VersionState.DRAFT, VersionState.PROPOSED, VersionState.RETURNED})


class NotAllowed(Exception):
    """This party may not make this move from here."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A plan's state, the state of its open version, if there is one, and whether its course is
    agreed to and not booked yet."""

    state: PlanState
    open: VersionState | None
    is_being_booked: bool = False


@dataclass(frozen=True, slots=True)
class _Rule:
    by: frozenset[Party]
    states: frozenset[PlanState]
    opens: frozenset[VersionState | None]


_RULES = {
    Move.REVISE: _Rule(PRACTITIONER, LIVING, ANY - {VersionState.PROPOSED}),
    Move.PROPOSE: _Rule(PRACTITIONER, LIVING, frozenset({VersionState.DRAFT})),
    Move.WITHDRAW: _Rule(PRACTITIONER, LIVING, frozenset({VersionState.PROPOSED})),
    Move.AGREE: _Rule(CLIENT, LIVING, frozenset({VersionState.PROPOSED})),
    Move.ASK_FOR_CHANGES: _Rule(CLIENT, LIVING, frozenset({VersionState.PROPOSED})),
    Move.BEGIN: _Rule(PRACTITIONER, frozenset({PlanState.AGREED}), ANY),
    Move.REVIEW: _Rule(PRACTITIONER, frozenset({PlanState.ACTIVE}), ANY),
    Move.GO_ON: _Rule(PRACTITIONER, frozenset({PlanState.IN_REVIEW}), ANY),
    Move.END: _Rule(CLIENT | PRACTITIONER, UNDER_WAY, ANY),
}
_OPENS = {
    Move.REVISE: VersionState.DRAFT,
    Move.PROPOSE: VersionState.PROPOSED,
    Move.WITHDRAW: VersionState.DRAFT,
    Move.ASK_FOR_CHANGES: VersionState.RETURNED,
}
_LEADS_TO = {
    Move.BEGIN: PlanState.ACTIVE,
    Move.REVIEW: PlanState.IN_REVIEW,
    Move.GO_ON: PlanState.ACTIVE,
    Move.END: PlanState.ENDED,
}
_AGREED_LEADS_TO = {
    PlanState.DRAFT: PlanState.AGREED,
    PlanState.IN_REVIEW: PlanState.ACTIVE,
}


def is_allowed(standing: Standing, move: Move, party: Party) -> bool:
    """Whether the party may make the move. A draft nobody agreed to ends at the desk alone."""
    rule = _RULES[move]
    if move is Move.END and standing.state is PlanState.DRAFT:
        return party is Party.PRACTITIONER
    if move is Move.BEGIN and standing.is_being_booked:
        return False
    return party in rule.by and standing.state in rule.states and standing.open in rule.opens


def advance(standing: Standing, move: Move, party: Party) -> Standing:
    """Where the plan stands after the move; raises NotAllowed."""
    if not is_allowed(standing, move, party):
        raise NotAllowed
    if move is Move.AGREE:
        after = _AGREED_LEADS_TO.get(standing.state, standing.state)
        return replace(standing, state=after, open=None)
    if move in _OPENS:
        return replace(standing, open=_OPENS[move])
    return replace(standing, state=_LEADS_TO[move])


def is_of(move: Move, party: Party) -> bool:
    """Whether the move is ever the party's to make."""
    return party in _RULES[move].by


def course_booked(state: PlanState) -> PlanState:
    """Where a plan stands once its course is booked: begun, if nobody has begun or ended it."""
    return PlanState.ACTIVE if state is PlanState.AGREED else state


def moves_of(standing: Standing, party: Party) -> list[Move]:
    """All that the party can do now."""
    return [move for move in Move if is_allowed(standing, move, party)]


def may_log(state: PlanState, party: Party) -> bool:
    """Whether exercises are tried and measures filled in now: by the client, from agreeing until
    the end."""
    return party is Party.CLIENT and state in UNDER_WAY


def may_record_review(state: PlanState, party: Party) -> bool:
    """Whether a review is written down now: by the practitioner, while it is under way."""
    return party is Party.PRACTITIONER and state is PlanState.IN_REVIEW


def may_acknowledge_review(party: Party) -> bool:
    """Whether a review that was written down is seen: by the client, also after the end."""
    return party is Party.CLIENT


def may_acknowledge_alert(party: Party) -> bool:
    """Whether an alert is looked at: by the practitioner, also after the end."""
    return party is Party.PRACTITIONER


def waits_for(standing: Standing) -> Party | None:
    """Who has the next word on an open version; nobody where none is open, or all is over."""
    if standing.state is PlanState.ENDED or standing.open is None:
        return None
    is_with_client = standing.open is VersionState.PROPOSED
    return Party.CLIENT if is_with_client else Party.PRACTITIONER
