"""Samples of the pages that lead to a slot."""

from typing import Any

from services.gateway.web.samples import month, texts
from services.gateway.web.samples import people as life

Context = dict[str, Any]
State = tuple[str, Context]

TOPICS = [
    "Interpersonal relationships",
    "Anxiety",
    "Low mood",
    "Grief",
    "Work and burnout",
    "Self-esteem",
    "Trauma",
    "Couples",
    "Family",
    "Sleep",
    "Big decisions",
    "Loneliness",
]


def _options(*labels: str) -> list[Context]:
    return [
        {"value": "" if i == 0 else label.lower(), "label": label} for i, label in enumerate(labels)
    ]


def _directory(people: list[Context], topic: str | None, values: Context) -> Context:
    chips = [
        item | {"slug": item["url"].rsplit("/", 1)[1]} for item in life.linked("topics", *TOPICS)
    ]
    for chip in chips:
        chip["is_selected"] = chip["label"] == topic
        chip["url"] = f"/directory?topic={chip['slug']}"
    return {
        "active": "directory",
        "title": f"Help with {topic.lower()}" if topic else "Find a therapist or coach",
        "intro": "Choose what sounds nearest. The hours you see can be booked now.",
        "topics": chips,
        "selected_topic": {
            "label": topic,
            "inline": topic.lower(),
            "url": "/topics/anxiety",
            "clear_url": "/directory",
        }
        if topic
        else None,
        "form": {
            "action": "/directory",
            "hidden": {"topic": "anxiety"} if topic else {},
            "chosen": {
                "kind": "",
                "format": "",
                "language": "",
                "price": "",
                "part": "",
                "week": "",
            }
            | values,
            "kinds": _options("Anyone", "Therapist", "Coach"),
            "formats": _options("Anywhere", "Online", "Berlin", "London", "Sydney"),
            "languages": _options("Any language", "English", "German", "French", "Greek"),
            "prices": _options("Any price", "€60", "€80", "€100", "€120"),
            "parts": _options("Any time", "Morning", "Afternoon", "Evening", "Weekend"),
            "set_count": len(values),
            "clear_url": "/directory",
        },
        "result": {"label": "People who have time for you", "detail": "Soonest time first"},
        "zone": life.zone("/directory", {"topic": "anxiety"} if topic else {}),
        "people": people,
        "pages": {"label": "Page 1 of 2", "prev_url": None, "next_url": "/directory?page=2"},
        "loosen": [
            {"label": text, "url": "/directory"}
            for text in ("Any price", "Any time of day", "Not only this week")
        ],
    }


def _slots(**options: Any) -> Context:
    return {
        "active": "directory",
        "person": life.MIRIAM,
        "offering": {
            "name": "Individual session",
            "minutes_label": "50 minutes",
            "price_label": "€95",
            "format_label": "Online",
        },
        "offerings": [
            {"label": "First talk, 25 minutes", "url": "?offering=first", "is_selected": False},
            {
                "label": "Individual session, 50 minutes",
                "url": "?offering=individual",
                "is_selected": True,
            },
        ],
        "calendar": month.calendar(**options),
        "zone": life.zone("/practitioners/miriam-adler/times", {"offering": "individual"}),
    }


def _index(folder: str, labels: list[str], summary: str) -> list[Context]:
    return [item | {"summary": summary} for item in life.linked(folder, *labels)]


EVERYBODY = [life.MIRIAM, life.TOBIAS, life.AMARA, life.ZOE]
STATES: dict[str, State] = {
    "directory": ("directory.html", _directory(EVERYBODY, None, {})),
    "directory-filtered": (
        "directory.html",
        _directory([life.TOBIAS, life.ZOE], "Anxiety", {"part": "evening", "week": "this"}),
    ),
    "directory-empty": (
        "directory.html",
        _directory([], "Sleep", {"price": "€60", "part": "weekend"}),
    ),
    "topics": (
        "topics.html",
        {
            "active": "topics",
            "topics": _index(
                "topics", TOPICS, "When it is hard to be close, to say no, or to be on your own."
            ),
        },
    ),
    "topic": (
        "topic.html",
        {
            "active": "topics",
            "topic": texts.ARTICLE | {"label": "Interpersonal relationships"},
            "people": EVERYBODY[:2],
            "zone": life.zone("/topics", {}),
            "related": texts.RELATED_APPROACHES,
        },
    ),
    "approaches": (
        "approaches.html",
        {
            "active": "approaches",
            "approaches": _index(
                "approaches",
                [
                    "Interpersonal Therapy",
                    "Relational therapy",
                    "Cognitive behavioural therapy",
                    "Schema therapy",
                ],
                "Looks at what happens between people, here and now, in a set number of sessions.",
            ),
        },
    ),
    "approach": (
        "approach.html",
        {
            "active": "approaches",
            "approach": texts.ARTICLE | {"label": "Interpersonal Therapy"},
            "people": EVERYBODY[:2],
            "zone": life.zone("/approaches", {}),
            "related": texts.RELATED_TOPICS,
        },
    ),
    "practitioner": (
        "practitioner.html",
        {
            "active": "directory",
            "person": texts.ABOUT,
            "offerings": texts.OFFERINGS,
            "next_slots": life.MIRIAM["slots"],
            "zone": life.zone("/practitioners/miriam-adler", {}),
            "times_url": life.MIRIAM["times_url"],
            "policy_lines": life.TERMS,
            "packages_url": f"{life.MIRIAM['url']}/packages",
        },
    ),
    "slots": ("slots.html", _slots()),
    "slots-other-zone": ("slots.html", _slots(is_elsewhere=True)),
    "slots-zone-unknown": (
        "slots.html",
        _slots() | {"zone": life.zone("/practitioners/miriam-adler/times", {}, "practitioner")},
    ),
    "slots-empty": ("slots.html", _slots(is_empty=True)),
}
