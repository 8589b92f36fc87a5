"""Templates of plans that a practice keeps, in every state of their pages."""

from typing import Any

from services.gateway.web.samples import measures
from services.gateway.web.samples import people as life
from services.gateway.web.samples.plans import ROWS, VALUES

Context = dict[str, Any]
State = tuple[str, Context]
BASE = "/plans/templates/1"
SOURCE = "Your practice’s own, begun from: The Guide to Interpersonal Psychotherapy, 2018."
NO_GOALS = "Suggest at least one goal: without one, no plan that begins here could be agreed to."
LINE = {
    "name": "Grief after a long illness",
    "url": BASE,
    "practice_label": "Praxis am Landwehrkanal",
    "length_label": "Short term",
    "summary": "For those who cared for somebody until the end.",
    "source_label": SOURCE,
    "lacks": [],
    "changed_label": "Tue 24 Nov, 10:00",
    "action": f"{BASE}/archive",
    "action_label": "Archive",
}
ARCHIVED = LINE | {"name": "Exam nerves", "action_label": "Restore", "source_label": SOURCE[:21]}


def _list(**changes: Any) -> State:
    told = {"active": "plans", "viewer": life.PRACTITIONER, "several": False}
    return "plan_templates.html", told | {"offered": [], "archived": []} | changes


def _new(errors: dict[str, str], **changes: Any) -> State:
    told = {
        "active": "plans",
        "viewer": life.PRACTITIONER,
        "form_id": "01939f00-0000-7000-8000-000000000061",
        "plan": "",
        "back_url": "/plans/templates",
        "back_label": "Templates of your practice",
        "practices": [],
        "templates": [
            {"value": "coaching", "label": "Coaching", "detail": "Grant AM, 2003."},
        ],
        "values": {},
        "errors": errors,
    }
    return "plan_template_new.html", told | changes


def _page(**changes: Any) -> State:
    told = {
        "active": "plans",
        "viewer": life.PRACTITIONER,
        "base": BASE,
        "name": LINE["name"],
        "summary": LINE["summary"],
        "length_label": LINE["length_label"],
        "source_label": SOURCE,
        "title": "Interpersonal Therapy",
        "problem_area": "Grief.",
        "is_archived": False,
        "older": None,
        "lacks": [],
        "may_edit": True,
        "goals": [
            {
                "term_label": "Short-term goal",
                "text": "Tell the story of the last months.",
                "objectives": ["I have said goodbye in my own words."],
            }
        ],
        "exercises": [
            {"situation": "Somebody asks how I am.", "new_way": "Say one true sentence."}
        ],
        "phases": [
            {"name": "Opening", "sessions_label": "Sessions 1 to 3", "work": "The map."},
            {"name": "Ending", "sessions_label": "Sessions 4 to 12", "work": ""},
        ],
        "rhythm_label": "12 sessions, weekly",
        "review_label": "A review every 4 sessions",
        "measures": ["PHQ-9, every 2 weeks"],
        "use_url": "/plans/new?template=1",
        "history": [
            {
                "label": f"Version {number}",
                "url": f"{BASE}/versions/{number}",
                "at_label": "Tue 24 Nov, 10:00",
                "by_label": who,
            }
            for number, who in ((2, "by you"), (1, "by a colleague"))
        ],
    }
    return "plan_template.html", told | changes


def _edit(part: str, errors: dict[str, str], **changes: Any) -> State:
    focus = {"name": LINE["name"], "summary": LINE["summary"], "length": "short", "number": 2}
    told = {
        "active": "plans",
        "viewer": life.PRACTITIONER,
        "part": part,
        "heading": "What it is about",
        "action": f"{BASE}/edit/{part}",
        "back_url": BASE,
        "back_label": LINE["name"],
        "lengths": [{"value": "short", "label": "Short term"}],
        "values": VALUES | focus | changes,
        "errors": errors,
        "rows": ROWS,
        "instruments": measures.INSTRUMENTS if part == "measures" else [],
    }
    return "plan_template_edit.html", told


STATES: dict[str, State] = {
    "plan-templates": _list(offered=[LINE, LINE | {"lacks": [NO_GOALS]}], archived=[ARCHIVED]),
    "plan-templates-empty": _list(),
    "plan-template-new": _new({}),
    "plan-template-new-errors": _new(
        {"name": "Give the template a name.", "template": "Choose a template to begin from."},
        practices=[{"value": "1", "label": "Praxis am Landwehrkanal"}],
    ),
    "plan-template-of-plan": _new(
        {}, plan="01939f00-0000-7000-8000-000000000062", back_url="/plans/1", back_label="The plan"
    ),
    "plan-template": _page(),
    "plan-template-unready": _page(lacks=[NO_GOALS], goals=[], use_url=None),
    "plan-template-archived": _page(is_archived=True, may_edit=False, use_url=None),
    "plan-template-older": _page(older={"label": "Version 1"}, may_edit=False, use_url=None),
    "plan-template-edit-focus": _edit("focus", {"name": "Give the template a name."}),
    "plan-template-edit-goals": _edit("goals", {"goal-0": NO_GOALS}),
    "plan-template-edit-shape": _edit(
        "shape", {"phase-0": "The phases make 3 sessions, the plan 14."}
    ),
}
