"""What the scores of a measure say over time: a reason to talk, never a verdict.

PHQ-9: a change of 5 points is the published line for a change that means something (Löwe et al.,
Medical Care 2004; 42: 1194–1201), and a fall of less than that six weeks into a treatment is
where its plan is looked at again (MacArthur Initiative on Depression and Primary Care: Depression
Management Tool Kit, 2004). GAD-7: 4 points (Toussaint et al., Journal of Affective Disorders
2020; 265: 395–401). Both speak of people who began at 10 or more, the published cut point.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.contracts.plans.measures import ChangeRule, Course

Scored = tuple[datetime, int]
"""When it was filled in, and the score."""


def course_of(rule: ChangeRule | None, scored: Sequence[Scored]) -> Course | None:
    """What the last score says beside the first, in their order in time; None: nothing to say."""
    if rule is None or len(scored) < 2:
        return None
    (began_at, first), (last_at, last) = scored[0], scored[-1]
    if last - first >= rule.points:
        return Course.WORSE
    is_time = last_at - began_at >= timedelta(weeks=rule.weeks)
    is_little = first - last < rule.points
    return Course.LITTLE_CHANGE if first >= rule.from_score and is_time and is_little else None
