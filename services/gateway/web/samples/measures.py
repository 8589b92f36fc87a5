"""Samples of measures and reviews, and of the pages where they are written."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.contracts.plans.measures import Band
from services.gateway.web.samples import people as life
from services.gateway.web.score_chart import Scored, chart
from services.gateway.web.words import CRISIS_COUNTRIES

Context = dict[str, Any]
State = tuple[str, Context]
AT = {"at": "2026-11-23T09:00:00Z", "at_label": "Today, 10:00"}
SOURCE = "Kroenke K, Spitzer RL, Williams JBW: The PHQ-9. J Gen Intern Med 2001; 16: 606–613."
BANDS = [
    Band(name=name, first=first, last=last)
    for name, first, last in (
        ("minimal", 0, 4),
        ("mild", 5, 9),
        ("moderate", 10, 14),
        ("moderately severe", 15, 19),
        ("severe", 20, 27),
    )
]
BEGAN = datetime(2026, 9, 14, 9, tzinfo=UTC)
SCORED = [
    Scored(BEGAN + timedelta(weeks=2 * number), score, f"Mon {14 + number} Sep")
    for number, score in enumerate((17, 16, 12, 13, 9))
]
FREQUENCIES = ["Not at all", "Several days", "More than half the days", "Nearly every day"]
ROW = AT | {
    "score_label": "9 of 27",
    "band": "mild",
    "is_replaced": False,
    "asks_for_help": False,
    "url": "/plans/1/answers/2",
}
PHQ_9: Context = {
    "slug": "phq-9",
    "name": "PHQ-9",
    "summary": "Nine questions about low mood.",
    "source": SOURCE,
    "permission": "No permission required to reproduce, translate, display or distribute.",
    "rhythm_label": "every 2 weeks",
    "is_due": True,
    "due_label": "",
    "fill_url": "/plans/1/measures/phq-9",
    "correct_url": "",
    "chart": chart(SCORED, 27, BANDS),
    "rows": [ROW, ROW | {"score_label": "13 of 27", "band": "moderate"}],
    "has_answers": False,
    "course": None,
}
SESSION_RATING = PHQ_9 | {
    "slug": "session-rating",
    "name": "How the session was",
    "rhythm_label": "each session",
    "is_due": False,
    "due_label": "Comes round after your next sessions.",
    "fill_url": "",
    "correct_url": "/plans/1/measures/session-rating",
    "chart": chart(SCORED, 40, []),
    "rows": [ROW | {"score_label": "32 of 40", "band": ""}],
}
COURSE = {
    "heading": "Perhaps not on track",
    "text": "After 6 weeks or more the last score is less than 5 points below the first one, "
    "which was 10 or more.",
    "hint": "That is a reason to talk about it together, not a verdict.",
    "source": "Löwe B et al.: Medical Care 2004; 42: 1194–1201.",
}
REVIEW = AT | {
    "went_well": "We found words for the silence.",
    "to_change": "Meet every two weeks.",
    "decision_label": "The plan goes on as it is.",
    "seen_url": "/plans/1/reviews/2/seen",
    "seen_label": "Not seen by the client yet.",
}
ALERT = AT | {"answers_url": "/plans/1/answers/2", "seen_url": "/plans/1/alerts/3/seen"}
NOTHING: Context = {
    "measures": [],
    "needs_help": False,
    "alerts": [],
    "is_review_due": False,
    "next_review_label": "The next review is due on Mon 14 Dec.",
    "record_url": "",
    "reviews": [],
}
OF_CLIENT = {
    "measures": [PHQ_9, SESSION_RATING, PHQ_9 | {"slug": "gad-7", "name": "GAD-7", "rows": []}],
    "needs_help": True,
    "is_review_due": True,
    "next_review_label": "",
    "reviews": [REVIEW],
}
OF_PRACTITIONER = {
    "measures": [
        PHQ_9
        | {
            "fill_url": "",
            "has_answers": True,
            "course": COURSE,
            "rows": [
                ROW | {"asks_for_help": True},
                ROW | {"is_replaced": True, "url": "/plans/1/answers/3"},
            ],
        }
    ],
    "alerts": [ALERT],
    "is_review_due": True,
    "next_review_label": "",
    "record_url": "/plans/1/reviews/new",
    "reviews": [REVIEW | {"seen_url": ""}],
}
INSTRUMENTS = [
    {"at": "measure-phq-9", "name": "PHQ-9", "summary": PHQ_9["summary"], "source": SOURCE}
]


def _form(values: dict[str, str], errors: dict[str, str], **changes: Any) -> State:
    told = {
        "active": "plans",
        "viewer": life.CLIENT,
        "back_url": "/plans/1",
        "action": "/plans/1/measures/phq-9",
        "who": "Miriam Adler",
        "name": "PHQ-9",
        "lead": "Over the last 2 weeks, how often have you been bothered by these problems?",
        "hint": "",
        "items": [
            {"name": "item-1", "text": "Little interest or pleasure in doing things"},
            {"name": "item-2", "text": "Feeling down, depressed, or hopeless"},
        ],
        "answers": FREQUENCIES,
        "is_scale": False,
        "beside": {"text": "How difficult?", "answers": ["Not difficult at all", "Very difficult"]},
        "source": SOURCE,
        "permission": PHQ_9["permission"],
        "form_id": "01939f00-0000-7000-8000-000000000040",
        "values": values,
        "errors": errors,
        "asks_for_help": False,
        "countries": CRISIS_COUNTRIES[:1],
        "help_item": "item-2",
    }
    return "plan_measure.html", told | changes


def _unkept(**changes: Any) -> State:
    told = {
        "active": "plans",
        "viewer": life.CLIENT,
        "asks_for_help": True,
        "countries": CRISIS_COUNTRIES[:1],
        "why": "over",
        "action": "/plans/1/measures/phq-9",
        "form_id": "01939f00-0000-7000-8000-000000000043",
        "answers": {"item-1": "2", "item-2": "3", "help_item": "item-2"},
    }
    return "plan_unkept.html", told | changes


def _answered(**changes: Any) -> Context:
    return {
        "active": "plans",
        "viewer": life.CLIENT,
        "back_url": "/plans/1",
        "who": "Miriam Adler",
        "name": "PHQ-9",
        "lead": "Over the last 2 weeks, how often have you been bothered by these problems?",
        **AT,
        "score_label": "9 of 27",
        "band": "mild",
        "source": SOURCE,
        "asks_for_help": False,
        "countries": CRISIS_COUNTRIES[:1],
        "is_replaced": False,
        "rows": [{"text": "Feeling down", "answer": "Several days", "points": 1}],
        "beside": {"text": "How difficult?", "answer": "Very difficult"},
        "correct_url": "/plans/1/measures/phq-9",
        "seen_url": "",
    } | changes


def _review(errors: dict[str, str]) -> State:
    told = {
        "active": "plans",
        "viewer": life.PRACTITIONER,
        "back_url": "/plans/1",
        "action": "/plans/1/reviews/new",
        "who": "Jonas Weber",
        "form_id": "01939f00-0000-7000-8000-000000000041",
        "choices": [{"value": "go_on", "label": "Go on"}, {"value": "end", "label": "End"}],
        "ends_sessions": True,
        "values": {"decision": "go_on"},
        "errors": errors,
    }
    return "plan_review.html", told


STATES: dict[str, State] = {
    "plan-measure": _form({"item-1": "2"}, {}),
    "plan-measure-errors": _form({"item-1": "2"}, {"item-2": "Question 2 has no answer yet."}),
    "plan-measure-help": _form(
        {"item-2": "3"}, {"item-1": "Question 1 has no answer yet."}, asks_for_help=True
    ),
    "plan-measure-scale": _form(
        {"corrects": "01939f00-0000-7000-8000-000000000042"},
        {},
        is_scale=True,
        answers=[str(number) for number in range(11)],
        beside=None,
        hint="0: not at all. 10: completely.",
    ),
    "plan-unkept": _unkept(),
    "plan-unkept-signed-out": _unkept(why="signed-out", viewer=None),
    "plan-unkept-calm": _unkept(why="signed-out", viewer=None, asks_for_help=False),
    "plan-unkept-stale": _unkept(why="stale"),
    "plan-unkept-broken": _unkept(why="broken"),
    "plan-unkept-unread": _unkept(why="unread"),
    "plan-answered": ("plan_answered.html", _answered()),
    "plan-answered-help": ("plan_answered.html", _answered(asks_for_help=True)),
    "plan-answered-help-anywhere": (
        "plan_answered.html",
        _answered(asks_for_help=True, countries=CRISIS_COUNTRIES),
    ),
    "plan-answers": (
        "plan_answers.html",
        _answered(
            viewer=life.PRACTITIONER,
            who="Jonas Weber",
            asks_for_help=True,
            is_replaced=True,
            seen_url="/plans/1/alerts/3/seen",
        ),
    ),
    "plan-review": _review({}),
    "plan-review-errors": _review({"went_well": "Write a few words about what went well."}),
}
