"""Who looked at a client's record, as its pages tell it: a line for each visit."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from services.common.auth import Actor
from services.contracts.plans.content import Party
from services.contracts.plans.views import AccessesView, VisitView
from services.contracts.profiles.members import ListMembers, MembersView
from services.gateway.backend import Backend
from services.gateway.visitors import Visitor
from services.gateway.web import labels, roster
from services.gateway.web.zones import ShownZone

Context = dict[str, Any]
KINDS = {
    "version": "the plan",
    "wish": "a wish for changes",
    "entry": "the log of exercises",
    "rehearsal": "that an exercise was rehearsed",
    "filling": "answers to a questionnaire",
    "review": "a review",
    "note": "a session note",
    "addendum": "an addendum to a note",
    "erased_note": "the draft of a session note that was discarded",
    "intake": "the answers before the first session",
    "intake_draft": "answers that are not given yet",
    "consent": "what was signed",
}
ERASED = {"erased_note"}
"""What the house itself took away, when the time to restore it was over."""


@dataclass(frozen=True, slots=True)
class Names:
    """Who somebody is: practitioners by their id, others of the practice by their account."""

    practitioners: Mapping[UUID, str]
    members: Mapping[UUID, str]


async def context(
    backend: Backend,
    visitor: Visitor,
    found: AccessesView,
    url: str,
    shown: ShownZone,
    now: datetime,
    *,
    is_later: bool,
) -> Context:
    """A page of visits, and the ways to the pages around it."""
    names = await _names(backend, visitor.actor(found.practice_id), found.visits)
    before = urlencode({"before": found.earlier.isoformat()}) if found.earlier else ""
    return {
        "zone_label": shown.name,
        "looks": [line(one, names, shown, now) for one in found.visits],
        "latest_url": url if is_later else None,
        "earlier_url": f"{url}?{before}" if before else None,
    }


def line(visit: VisitView, names: Names, shown: ShownZone, now: datetime) -> Context:
    """One visit: who, from when to when, and what was opened."""
    erased = [kind for kind in visit.written if kind in ERASED]
    written = [kind for kind in visit.written if kind not in ERASED]
    acts = (("read", visit.read), ("wrote", written), ("erased", erased))
    return {
        "who": _who(visit, names),
        "what": "; ".join(f"{act} {_listed(kinds)}" for act, kinds in acts if kinds),
        "at": labels.instant(visit.from_at),
        "at_label": _when(visit, shown, now),
    }


async def _names(backend: Backend, actor: Actor, visits: Sequence[VisitView]) -> Names:
    ids = (one.practitioner_id for one in visits if one.practitioner_id)
    cards, members = await asyncio.gather(
        roster.of_ids(backend, ids), _members(backend, actor, visits)
    )
    return Names({id_: card.name for id_, card in cards.items()}, members)


async def _members(backend: Backend, actor: Actor, visits: Sequence[VisitView]) -> dict[UUID, str]:
    """The supervisors among those who looked, by account; others are known as practitioners."""
    ids = [one.account_id for one in visits if one.is_supervisor and one.account_id]
    if not ids:
        return {}
    asked = ListMembers(account_ids=list(dict.fromkeys(ids)))
    found = await backend.ask(actor, asked, MembersView)
    return {one.account_id: one.name for one in found.members}


def _who(visit: VisitView, names: Names) -> str:
    if visit.is_supervisor:
        name = names.members.get(visit.account_id) if visit.account_id else None
        return f"{name}, as a supervisor" if name else "A supervisor of the practice"
    if visit.is_by_link:
        return "Somebody with a booking’s link"
    if visit.party is Party.CLIENT:
        return "You"
    name = names.practitioners.get(visit.practitioner_id) if visit.practitioner_id else None
    name = name or "Your practitioner"
    return f"Attune, for {name}" if ERASED.issuperset(visit.written) and visit.written else name


def _listed(kinds: Sequence[str]) -> str:
    """ "the plan, a review and a session note"."""
    words = list(dict.fromkeys(KINDS.get(one, "a record") for one in kinds))
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _when(visit: VisitView, shown: ShownZone, now: datetime) -> str:
    """ "Tue 24 Nov, 14:00", "Tue 24 Nov, 14:00–14:12"."""
    zone = shown.info
    first, last = (labels.moment_label(at, zone, now) for at in (visit.from_at, visit.until_at))
    if first == last:
        return first
    is_one_day = visit.from_at.astimezone(zone).date() == visit.until_at.astimezone(zone).date()
    until = f"–{labels.time_label(visit.until_at, zone)}" if is_one_day else f" – {last}"
    return f"{first}{until}"
