"""What is sent to the routes of charts: plans, notes, intake. Nothing that is wrong by its form."""

from uuid_utils.compat import uuid7

from tests.security.visits.cast import Cast
from tests.security.visits.targets import NO_VERSION, Recipe, Sent, Target

#: Of the form that every practice starts from.
FIRST_QUESTION = "6f6b1c1e-0000-4000-8000-000000000002"
#: A revision or version that no plan has any more: who may act is told so (409).
OLD = "0"
INTAKE = "/practices/{practice_id}/intake"


def _draft(cast: Cast, _target: Target) -> Sent:
    """A draft that was read at a revision which no note has."""
    words = {"kind": "progress", "format": "free", "text": "It rained"}
    return words | {"revision": NO_VERSION, "client": str(cast.client_id)}


CHART_RECIPES: dict[str, Recipe] = {
    "POST /plans/new": Recipe(
        form=lambda cast, _: {
            "form_id": str(uuid7()),
            "client": str(cast.client_id),
            "template": "coaching",
        }
    ),
    "POST /plans/templates/new": Recipe(
        form=lambda *_: {
            "form_id": str(uuid7()),
            "name": "Ours",
            "summary": "For us",
            "template": "coaching",
        }
    ),
    "POST /plans/templates/{template_id}/edit/{part}": Recipe(
        form=lambda *_: {
            "number": OLD,
            "name": "Another name",
            "summary": "For us",
            "length": "short",
            "title": "Coaching",
        }
    ),
    "POST /plans/{plan_id}/edit/{part}": Recipe(
        form=lambda *_: {"revision": OLD, "title": "Another title"}
    ),
    "POST /plans/{plan_id}/exercises/{exercise_id}": Recipe(
        form=lambda *_: {"form_id": str(uuid7()), "happened": "It rained", "went": "5"}
    ),
    "POST /plans/{plan_id}/measures/{instrument}": Recipe(
        form=lambda *_: {"form_id": str(uuid7()), "item-1": "1"}
    ),
    "POST /plans/{plan_id}/reviews/new": Recipe(
        form=lambda *_: {"form_id": str(uuid7()), "went_well": "Much", "decision": "go_on"}
    ),
    "POST /plans/{plan_id}/propose": Recipe(form=lambda *_: {"revision": OLD}),
    "POST /plans/{plan_id}/withdraw": Recipe(form=lambda *_: {"number": OLD}),
    "POST /plans/{plan_id}/agree": Recipe(form=lambda *_: {"number": OLD}),
    "POST /plans/{plan_id}/dates": Recipe(
        form=lambda cast, _: {
            "revision": OLD,
            "what": f"{cast.clinic.offering_id}.online",
            "first": "2093-11-24",
            "at": "09:00",
            "price_id": str(uuid7()),
            "starts": "2093-11-24T08:00:00Z",
        }
    ),
    "POST /plans/{plan_id}/dates/agree": Recipe(form=lambda *_: {"dates": OLD}),
    "POST /plans/{plan_id}/dates/pause": Recipe(
        form=lambda *_: {"revision": OLD, "pause_from": "2093-11-24"}
    ),
    "POST /plans/{plan_id}/dates/drop": Recipe(form=lambda *_: {"revision": OLD}),
    "POST /plans/{plan_id}/changes": Recipe(form=lambda *_: {"number": OLD, "wish": "Less"}),
    "GET /notes/new": Recipe(query=lambda _, target: {"booking": str(target.booking_id)}),
    "POST /notes/{note_id}": Recipe(form=_draft),
    "POST /notes/{note_id}/draft": Recipe(form=_draft),
    "POST /notes/{note_id}/sign": Recipe(form=lambda *_: {"revision": NO_VERSION}),
    "POST /notes/{note_id}/discard": Recipe(form=lambda *_: {"revision": NO_VERSION}),
    "POST /notes/{note_id}/withdraw": Recipe(form=lambda *_: {"revision": NO_VERSION}),
    "POST /notes/{note_id}/addenda": Recipe(
        form=lambda *_: {"form_id": str(uuid7()), "text": "It rained"}
    ),
    f"POST {INTAKE}/questions/{{question_id}}": Recipe(
        form=lambda *_: {"revision": NO_VERSION, "label": "And else?", "kind": "long_text"}
    ),
    f"POST {INTAKE}/questions/{{question_id}}/place": Recipe(
        form=lambda *_: {"revision": NO_VERSION, "act": "up"}
    ),
    f"POST {INTAKE}/publish": Recipe(form=lambda *_: {"revision": NO_VERSION}),
}
