"""How the sessions of a plan fall into phases and rhythm, and what a plan has to say."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.contracts.plans.content import Phase, PlanContent, Shape
from services.contracts.plans.rhythm import Unit


@dataclass(frozen=True, slots=True)
class Span:
    """The sessions of a phase, from 1 on; open-ended without a last one."""

    phase: Phase
    first: int
    last: int | None


def spans(shape: Shape) -> list[Span]:
    """Each phase with its sessions; the one without a number takes what is left over."""
    rest = None if shape.sessions is None else shape.sessions - _numbered(shape.phases)
    found, first = [], 1
    for phase in shape.phases:
        length = phase.sessions or rest
        last = None if length is None else first + length - 1
        found.append(Span(phase, first, last))
        first = (last or first) + 1
    return found


def misfits(shape: Shape) -> dict[str, str]:
    """What does not add up, by part: `phases`, `rhythm`, `review_every`; empty where all fits."""
    flaws = {
        "phases": _flaw_of_phases(shape),
        "rhythm": _flaw_of_rhythm(shape),
        "review_every": _flaw_of_review(shape),
    }
    return {part: flaw for part, flaw in flaws.items() if flaw}


def missing(content: PlanContent) -> dict[str, str]:
    """What has to be said before a client can agree, by part."""
    told = {
        "reason": "" if content.focus.reason else "Write down the reason in the client's words.",
        "goals": "" if content.goals else "Agree on at least one goal.",
    }
    return {part: flaw for part, flaw in told.items() if flaw} | misfits(content.shape)


def _flaw_of_phases(shape: Shape) -> str:
    numbers = [phase.sessions for phase in shape.phases]
    if numbers.count(None) > 1:
        return "Only one phase can be without a number of sessions."
    if shape.sessions is None:
        is_last = numbers[-1] is None
        return "" if is_last else "Without an end, the last phase has no number of sessions."
    return _flaw_of_sum(_numbered(shape.phases), shape.sessions, None in numbers, "phases")


def _flaw_of_rhythm(shape: Shape) -> str:
    numbers = [stretch.sessions for stretch in shape.rhythm]
    if None in numbers[:-1]:
        return "Only the last part of the rhythm can be without a number of sessions."
    total = sum(number or 0 for number in numbers)
    if shape.sessions is None:
        is_open = numbers[-1] is None
        return "" if is_open else "Without an end, the last part of the rhythm has no number."
    return _flaw_of_sum(total, shape.sessions, numbers[-1] is None, "parts of the rhythm")


def _flaw_of_sum(told: int, sessions: int, has_rest: bool, parts: str) -> str:
    if has_rest:
        return "" if told < sessions else f"The {parts} leave no session over: {told}."
    return "" if told == sessions else f"The {parts} make {told} sessions, the plan {sessions}."


def _flaw_of_review(shape: Shape) -> str:
    is_counted = shape.review_unit is Unit.SESSIONS
    if shape.review_every is None or shape.sessions is None or not is_counted:
        return ""
    is_within = shape.review_every <= shape.sessions
    return "" if is_within else "The first review would be after the last session."


def _numbered(phases: Sequence[Phase]) -> int:
    return sum(phase.sessions or 0 for phase in phases)
