"""Which sessions of a plan have still to be placed, and who may choose and agree to their dates.

Dates go with the version that is written or proposed, where there is one; else alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, groupby, islice, pairwise, repeat

from services.contracts.booking.courses import MOST_SESSIONS
from services.contracts.plans.content import Party, Shape, Stretch, VersionState
from services.contracts.plans.courses import CourseState
from services.plans.domain.lifecycle import LIVING, UNDER_WAY, Standing
from services.plans.domain.sessions import Known, Stop, counts, is_told, takes_place

WEEKS_AHEAD = 12
WEEKS_AT_ONCE = 4
# Four local dates lie at least so far apart, whatever the clocks do.
LEAST_APART = timedelta(days=3)
CLASH = "must be in order, each at least 4 days after the one before"
TOO_LATE = "must not come after what is booked, for until then further sessions may be added"
TOO_NEAR = "must begin at least 4 days after the last session that is booked"


@dataclass(frozen=True, slots=True)
class Booked:
    """Sessions of a course that was booked; from `stopped_from` on they were given back.

    `starts`: as they were agreed on, which holds until each of them is among the `known`.
    `stopped_at`: when it was said that they are given back.
    """

    starts: Sequence[datetime]
    stopped_from: datetime | None
    stopped_at: datetime | None = None
    known: Sequence[Known] = ()

    @property
    def stop(self) -> Stop | None:
        from_at = self.stopped_from
        return None if from_at is None else Stop(from_at, self.stopped_at)

    @property
    def kept(self) -> Sequence[datetime]:
        """Those that count as the plan's."""
        if self.is_heard_of:
            return [one.starts_at for one in self.known if counts(one, self.stop)]
        return self._agreed

    @property
    def taking_place(self) -> Sequence[datetime]:
        """Those that keep their time, or did."""
        if self.is_heard_of:
            return [one.starts_at for one in self.known if takes_place(one, self.stop)]
        return self._agreed

    @property
    def told(self) -> Sequence[Known]:
        """Those that are known and told of."""
        return [one for one in self.known if is_told(one, self.stop)]

    @property
    def is_going_on(self) -> bool:
        return self.stopped_from is None

    @property
    def is_heard_of(self) -> bool:
        """Whether each of its sessions is known."""
        return len(self.known) >= len(self.starts)

    @property
    def _agreed(self) -> Sequence[datetime]:
        end = self.stopped_from
        return [start for start in self.starts if end is None or start < end]

    def goes_on(self, at: datetime) -> bool:
        """Whether it was not stopped by then."""
        return self.stopped_from is None or self.stopped_from > at


def to_place(shape: Shape, booked: Iterable[Booked], *, runs_short: bool = False) -> list[Stretch]:
    """The sessions that have no date yet, in their rhythm: as many as one course holds, and of a
    plan without an end those of the next twelve weeks. While such a plan rolls forward by itself,
    from its last course on, none are left to choose, unless it runs short."""
    found = list(booked)
    done = kept(found)
    is_rolling = bool(found) and found[-1].is_going_on
    if shape.sessions is None and not runs_short and is_rolling:
        return []
    weeks = islice(_weeks(shape), done, shape.sessions)
    left = _within(weeks, WEEKS_AHEAD) if shape.sessions is None else weeks
    return [
        Stretch(weeks_apart=apart, sessions=len(list(group)))
        for apart, group in groupby(islice(left, MOST_SESSIONS))
    ]


def kept(booked: Iterable[Booked]) -> int:
    """How many sessions of these courses count as the plan's."""
    return sum(len(one.kept) for one in booked)


def surplus(shape: Shape, booked: Iterable[Booked], now: datetime) -> list[datetime]:
    """The sessions to come for which a plan of that shape has no place: the last of those that
    count, in order."""
    found = list(booked)
    every = sorted(chain.from_iterable(one.kept for one in found))
    going_on = {at for one in found for at in one.taking_place if at > now}
    without = [] if shape.sessions is None else every[shape.sessions :]
    return [at for at in without if at in going_on]


def last_kept(booked: Iterable[Booked]) -> datetime | None:
    """The last session of these courses that takes place, or did."""
    return max(chain.from_iterable(one.taking_place for one in booked), default=None)


def rhythm_after(shape: Shape, done: int) -> list[Stretch]:
    """In which rhythm a plan without an end rolls on after so many sessions; empty for others."""
    return rest_of(shape.rhythm, done) if shape.sessions is None else []


def rest_of(rhythm: Iterable[Stretch], done: int) -> list[Stretch]:
    """What of a rhythm is left after so many of its sessions."""
    left = []
    for one in rhythm:
        taken = done if one.sessions is None else min(done, one.sessions)
        done -= taken
        if one.sessions is None:
            left.append(one)
        elif taken < one.sessions:
            left.append(one.model_copy(update={"sessions": one.sessions - taken}))
    return left


def rolls_at(last_at: datetime, weeks_apart: int) -> datetime:
    """When so little is booked that further dates are added: less than twelve weeks."""
    return last_at - timedelta(weeks=max(WEEKS_AHEAD - weeks_apart, 0))


def added_at_once(stretch: Stretch) -> int:
    """How many sessions are added at a time: four weeks of them, so that few mails tell of them,
    and in one rhythm."""
    wished = max(1, WEEKS_AT_ONCE // stretch.weeks_apart)
    return wished if stretch.sessions is None else min(wished, stretch.sessions)


def count(stretches: Iterable[Stretch]) -> int:
    """How many sessions they are."""
    return sum(one.sessions or 0 for one in stretches)


def are_in_order(starts: Sequence[datetime]) -> bool:
    """Whether the dates could be those of a course; booking knows exactly."""
    return all(later - one > LEAST_APART for one, later in pairwise(starts))


def follows_on(last: datetime | None, starts: Sequence[datetime]) -> bool:
    """Whether further dates keep order and spacing with the last session that stands."""
    return last is None or are_in_order([last, *starts])


def may_choose(
    standing: Standing, current: CourseState | None, left: Sequence[Stretch], party: Party
) -> bool:
    """Whether dates can be chosen now: by the practitioner, while nothing is before the client
    with a version, or being booked, and while sessions are left to place."""
    is_free = standing.open is not VersionState.PROPOSED and current is not CourseState.AGREED
    return party is Party.PRACTITIONER and standing.state in LIVING and is_free and bool(left)


def may_pause(standing: Standing, booked: Iterable[Booked], at: datetime, party: Party) -> bool:
    """Whether sessions from a moment on can be given back, to be placed anew later: whatever dates
    wait for an answer, but not while they are being booked."""
    is_free = standing.state in UNDER_WAY and not standing.is_being_booked
    return party is Party.PRACTITIONER and is_free and any(one.goes_on(at) for one in booked)


def last_pause(booked: Iterable[Booked], weeks_to_next: int, now: datetime) -> datetime:
    """The latest moment from which on a pause can be told now: the last session, or, so many weeks
    after it, the one that would be added next to a plan that goes on by itself."""
    last_at = last_kept(booked)
    return now if last_at is None else max(now, last_at + timedelta(weeks=weeks_to_next))


def is_paused(standing: Standing, booked: Sequence[Booked], at: datetime) -> bool:
    """Whether nothing that was booked goes on past a moment, nor will."""
    is_over = bool(booked) and not any(one.goes_on(at) for one in booked)
    return is_over and not standing.is_being_booked


def may_agree(standing: Standing, current: CourseState | None, party: Party) -> bool:
    """Whether the client can agree to dates alone: no version is open that they would go with."""
    is_alone = standing.open is None and standing.state in UNDER_WAY
    return party is Party.CLIENT and is_alone and current is CourseState.CHOSEN


def is_shown(standing: Standing, current: CourseState, party: Party) -> bool:
    """Whether the dates are told: those of a version that is being written are the desk's."""
    is_on_desk = standing.open is VersionState.DRAFT and current is CourseState.CHOSEN
    return party is Party.PRACTITIONER or not is_on_desk


def _weeks(shape: Shape) -> Iterator[int]:
    """Weeks from the session before to each session, without an end."""
    parts = (
        repeat(one.weeks_apart) if one.sessions is None else repeat(one.weeks_apart, one.sessions)
        for one in shape.rhythm
    )
    return chain.from_iterable(parts)


def _within(weeks: Iterable[int], most: int) -> Iterator[int]:
    """As many as lie within `most` weeks from the first, but that one at least."""
    passed = 0
    for number, apart in enumerate(weeks):
        passed += apart if number else 0
        if passed >= most:
            return
        yield apart
