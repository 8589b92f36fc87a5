"""Samples of the pages of plans."""

from typing import Any

from services.contracts.plans.content import Move
from services.gateway.web.samples import measures
from services.gateway.web.samples import people as life
from services.gateway.web.samples.account import Context, State
from services.gateway.web.samples.notes import LINE as NOTE

GOOD = {"kind": "good", "label": "Active"}
DRAFT = {"kind": "", "label": "Draft"}
REHEARSED = {"at": "2026-11-20T13:00:00Z", "label": "Fri 20 Nov"}
VERSION: Context = {
    "number": 2,
    "text": 3,
    "title": "Interpersonal Therapy",
    "problem_area": "A change of role: the new job in another town.",
    "reason": "Since the move I am alone in the evenings.\nI would like to have people again.",
    "patterns": ["I wait until others ask me.", "When I am hurt I go quiet."],
    "goals": [
        {
            "term_label": "Short-term goal",
            "text": "One evening a week with somebody",
            "objectives": ["I have asked two colleagues."],
        },
        {"term_label": "Long-term goal", "text": "Have people close by", "objectives": []},
    ],
    "exercises": [
        {
            "situation": "A colleague leaves and says: see you tomorrow.",
            "new_way": "Ask whether they have time for a coffee on Thursday.",
            "log_url": "/plans/1/exercises/2",
            "rehearsed": REHEARSED,
        }
    ],
    "phases": [
        {"name": "Opening", "sessions_label": "Sessions 1 to 3", "work": "The map of people."},
        {"name": "Middle", "sessions_label": "Sessions 4 to 11", "work": ""},
        {"name": "Ending", "sessions_label": "Sessions 12 to 14", "work": "Ending well."},
    ],
    "length_label": "Short term",
    "rhythm_label": "14 sessions, weekly",
    "review_label": "A review every 7 sessions",
    "measures": ["PHQ-9, every 2 weeks", "How the session was, each session"],
    "source": "The Guide to Interpersonal Psychotherapy, 2018.",
    "signatures": [
        {"who": "Miriam Adler", "at": "2026-11-23T09:00:00Z", "at_label": "signed Today, 10:00"},
        {"who": "The client", "at": None, "at_label": "has not signed yet"},
    ],
    "wish": "",
}
ENTRY = {
    "situation": "A colleague leaves and says: see you tomorrow.",
    "new_way": "Ask whether they have time for a coffee on Thursday.",
    "happened": "She said yes.\nMy heart was beating, and then it was easy.",
    "went_label": "7 of 10",
    "at": "2026-11-23T09:00:00Z",
    "at_label": "Today, 10:00",
}
NO_MOVES = {move.value: False for move in Move}
HISTORY = [
    {
        "label": "Version 1",
        "state_label": "agreed by both",
        "at_label": "Mon 2 Nov, 10:00",
        "url": "/plans/1/versions/1",
    }
]
LINE = {
    "who": "Miriam Adler",
    "url": "/plans/1",
    "status": GOOD,
    "waits_label": "waits for you",
    "asks_label": "needs your look today",
    "progress": {"label": "4 of 14 sessions used", "used": 4, "total": 14},
    "changed_label": "Today, 10:00",
}
ENDLESS = LINE | {
    "who": "Jana Ohlendorf",
    "waits_label": "",
    "asks_label": "",
    "progress": {"label": "4 sessions so far", "used": 4, "total": None},
}
PAUSED = ENDLESS | {"status": {"kind": "warn", "label": "Paused since Tue 1 Dec"}}
VALUES: Context = {
    "revision": 3,
    "title": "Interpersonal Therapy",
    "reason": "Since the move I am alone in the evenings.",
    "patterns": "I wait until others ask me.",
    "goal-0": "One evening a week with somebody",
    "goal-0-term": "short",
    "exercise-0-in": "A colleague leaves.",
    "exercise-0-way": "Ask for a coffee.",
    "sessions": 14,
    "stretch-0-weeks": 1,
    "phase-0": "Opening",
    "phase-0-sessions": 3,
}
ROWS = {
    kind: [f"{kind}-{at}" for at in range(2)] for kind in ("goal", "exercise", "stretch", "phase")
}
NO_DATES: Context = {
    "state": "",
    "choice": None,
    "choose_url": "",
    "agree_url": "",
    "drop_url": "",
    "series_url": "",
    "ends_sessions": False,
    "pause_url": "",
    "stopped_label": "",
    "given_back_label": "",
    "shortened_label": "",
    "surplus": None,
    "rolls_label": "",
    "short_label": "",
    "zone_label": "Berlin time",
    "lines": [],
    "progress": None,
}


def plan_page(viewer: Context, open_state: str, *may: str, **changes: Any) -> Context:
    """A plan's page for one of its two people, without dates unless `changes` has some."""
    return {
        "active": "plans",
        "viewer": viewer,
        "who": "Miriam Adler" if viewer is life.CLIENT else "Jonas Weber",
        "base": "/plans/1",
        "revision": 3,
        "status": GOOD,
        "is_over": False,
        "agreed": VERSION | {"number": 1},
        "open": VERSION if open_state else None,
        "open_state": open_state,
        "history": HISTORY,
        "has_account": True,
        "entries": [ENTRY],
        "may": NO_MOVES | dict.fromkeys(may, True),
        "buttons": [],
        **measures.NOTHING,
        "notes": [NOTE] if open_state else [],
        "client_url": "/clients/1",
        "intake_url": "/practices/1/clients/1/intake",
        "template_url": "/plans/templates/new?plan=1",
        "notes_url": "/notes?client=1",
        "values": {},
        "errors": {},
        "dates": NO_DATES,
        "ending_costs": {"lines": [], "seen": ""},
    } | changes


def _edit(part: str, errors: dict[str, str], **changes: Any) -> State:
    return (
        "plan_edit.html",
        {
            "active": "plans",
            "viewer": life.PRACTITIONER,
            "part": part,
            "heading": "What it is about",
            "action": f"/plans/1/edit/{part}",
            "back_url": "/plans/1",
            "is_new_version": False,
            "values": VALUES,
            "errors": errors,
            "rows": ROWS,
            "instruments": measures.INSTRUMENTS if part == "measures" else [],
        }
        | changes,
    )


def _new(clients: list[Context], errors: dict[str, str]) -> State:
    template = {
        "slug": "interpersonal-therapy-short",
        "name": "Interpersonal Therapy, short term",
        "length_label": "Short term",
        "summary": "12 to 16 weekly sessions.",
        "source": "The Guide to Interpersonal Psychotherapy, 2018.",
    }
    told = {
        "active": "plans",
        "viewer": life.PRACTITIONER,
        "form_id": "01939f00-0000-7000-8000-000000000030",
        "values": {},
        "errors": errors,
        "clients": clients,
        "templates": [template],
    }
    return "plan_new.html", told


def _list(viewer: Context, **changes: Any) -> State:
    told = {"active": "plans", "viewer": viewer, "treats": False, "kept": [], "own": []}
    return "plans.html", told | changes


JONAS = {"value": "01939f00-0000-7000-8000-000000000005", "label": "Jonas Weber"}
LOOK = {"who": "Miriam Adler", "what": "read the plan and the log of exercises"}
LOOK |= {"at": "2026-11-23T09:00:00Z", "at_label": "Today, 10:00"}

STATES: dict[str, State] = {
    "plans": _list(
        life.PRACTITIONER, treats=True, kept=[LINE | {"who": "Jonas Weber"}, ENDLESS, PAUSED]
    ),
    "plans-none-kept": _list(life.PRACTITIONER, treats=True),
    "plans-own": _list(life.CLIENT, own=[LINE]),
    "plans-empty": _list(life.CLIENT),
    "plan-new": _new([JONAS], {}),
    "plan-new-errors": _new([JONAS], {"template": "Choose a template to begin from."}),
    "plan-new-nobody": _new([], {}),
    "plan-proposed": (
        "plan_of_client.html",
        plan_page(life.CLIENT, "proposed", "agree", "ask_for_changes", "end"),
    ),
    "plan-wish-missing": (
        "plan_of_client.html",
        plan_page(
            life.CLIENT,
            "proposed",
            "agree",
            "ask_for_changes",
            errors={"wish": "Write what should be different."},
        ),
    ),
    "plan-returned": (
        "plan_of_client.html",
        plan_page(life.CLIENT, "returned", open=VERSION | {"wish": "Fewer sessions."}),
    ),
    "plan-being-written": (
        "plan_of_client.html",
        plan_page(life.CLIENT, "", agreed=None, status=DRAFT, history=[]),
    ),
    "plan-draft": (
        "plan_of_practitioner.html",
        plan_page(life.PRACTITIONER, "draft", "revise", "propose", "end", status=DRAFT),
    ),
    "plan-incomplete": (
        "plan_of_practitioner.html",
        plan_page(
            life.PRACTITIONER,
            "draft",
            "revise",
            "propose",
            errors={"form": "Agree on at least one goal."},
            has_account=False,
        ),
    ),
    "plan-active": (
        "plan_of_practitioner.html",
        plan_page(
            life.PRACTITIONER,
            "",
            "revise",
            "end",
            buttons=[{"url": "/plans/1/review", "label": "Begin the review"}],
        ),
    ),
    "plan-edit-focus": _edit("focus", {"title": "Give the plan a name."}),
    "plan-edit-goals": _edit("goals", {"goal-0": "Write the goal, or clear its objectives."}),
    "plan-edit-exercises": _edit("exercises", {}, is_new_version=True),
    "plan-edit-measures": _edit(
        "measures", {"measure-phq-9-every": "Enter a whole number from 1 to 52, or leave it empty."}
    ),
    "plan-measured": (
        "plan_of_client.html",
        plan_page(life.CLIENT, "", "end", **measures.OF_CLIENT),
    ),
    "plan-measured-desk": (
        "plan_of_practitioner.html",
        plan_page(life.PRACTITIONER, "", "revise", "end", **measures.OF_PRACTITIONER),
    ),
    "plan-edit-shape": _edit("shape", {"phase-0": "The phases make 3 sessions, the plan 14."}),
    "plan-version": (
        "plan_version.html",
        {
            "active": "plans",
            "viewer": life.CLIENT,
            "back_url": "/plans/1",
            "version": VERSION | {"wish": "Fewer sessions."},
            "state_label": "changes asked for",
        },
    ),
    "plan-looks": (
        "plan_looks.html",
        {
            "active": "plans",
            "viewer": life.CLIENT,
            "back_url": "/plans/1",
            "back_label": "Your plan",
            "zone_label": "Berlin time",
            "looks": [LOOK],
            "latest_url": "/plans/1/looks",
            "earlier_url": "/plans/1/looks?before=2026-11-01T09%3A00%3A00Z",
        },
    ),
}
