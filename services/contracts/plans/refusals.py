"""What may stand against a change of a plan."""

from services.common.errors import Refusal


class MoveRefused(Refusal):
    """The plan does not stand where this could be done."""


class PlanChanged(Refusal):
    """Somebody else changed the plan since it was read."""


class PlanIncomplete(Refusal):
    """What has to be said before a plan can be proposed; `detail` names each part."""


class PhasesDoNotFit(Refusal):
    """The sessions of phases or rhythm do not add up; `detail` names the part."""


class ClientHasNoAccount(Refusal):
    """The client booked as a guest, so nobody could read and sign the plan."""


class FormChanged(Refusal):
    """Somebody else changed the practice's form since it was read."""


class FormNotReady(Refusal):
    """The form cannot be published: it asks nothing, or nothing else than before."""


class IntakeIncomplete(Refusal):
    """Answers are missing or do not fit; `detail` names each question by its id."""


class IntakeChanged(Refusal):
    """Answers were kept or given from another page since this one was read."""


class IntakeClosed(Refusal):
    """Answers are not taken any more, or not by this way."""
