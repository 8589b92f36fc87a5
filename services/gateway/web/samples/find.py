"""Samples of the pages that lead to a slot: directory, topics, approaches, practitioner, slot picker."""

from calendar import Calendar
from datetime import date
from typing import Any

from services.gateway.web.samples import people as life

Context = dict[str, Any]
State = tuple[str, Context]

TOPICS = [
    "Interpersonal relationships", "Anxiety", "Low mood", "Grief", "Work and burnout", "Self-esteem",
    "Trauma", "Couples", "Family", "Sleep", "Big decisions", "Loneliness",
]  # fmt: skip


def _options(*labels: str) -> list[Context]:
    return [{"value": "" if i == 0 else label.lower(), "label": label} for i, label in enumerate(labels)]


def _directory(people: list[Context], topic: str | None, values: Context) -> Context:
    chips = [item | {"slug": item["url"].rsplit("/", 1)[1]} for item in life.linked("topics", *TOPICS)]
    for chip in chips:
        chip["is_selected"] = chip["label"] == topic
        chip["url"] = f"/directory?topic={chip['slug']}"
    return {
        "active": "directory",
        "title": f"Help with {topic.lower()}" if topic else "Find a therapist or coach",
        "intro": "Choose what sounds nearest. Everyone here has time for you: the hours you see can be booked now.",
        "topics": chips,
        "selected_topic": {"label": topic, "url": "/topics/anxiety", "clear_url": "/directory"} if topic else None,
        "form": {
            "action": "/directory",
            "hidden": {"topic": "anxiety"} if topic else {},
            "chosen": {"kind": "", "format": "", "language": "", "price": "", "part": "", "week": ""} | values,
            "kinds": _options("Therapist or coach", "Therapist", "Coach"),
            "formats": _options("Online or in person", "Online", "Berlin", "London", "Sydney"),
            "languages": _options("Any language", "English", "German", "French", "Greek"),
            "prices": _options("Any price", "€60", "€80", "€100", "€120"),
            "parts": _options("Any time", "Morning", "Afternoon", "Evening", "Weekend"),
            "set_count": len(values),
            "clear_url": "/directory",
        },
        "result": {"label": f"{len(people)} people have time for you"},
        "zone": life.zone("/directory", {"topic": "anxiety"} if topic else {}),
        "people": people,
        "pages": {"label": "Page 1 of 2", "prev_url": None, "next_url": "/directory?page=2"},
        "loosen": [{"label": text, "url": "/directory"} for text in ("Any price", "Any time of day", "Not only this week")],
    }


def _day(day: date, free: set[int], selected: int, month: int) -> Context:
    is_free = day.month == month and day.day in free
    return {
        "number": day.day,
        "date": day.isoformat(),
        "weekday": f"{day:%a}",
        "label": f"{day:%A} {day.day} {day:%B}, 5 free times",
        "url": f"/practitioners/miriam-adler/times?day={day}" if is_free else None,
        "is_today": day == date(2026, 11, 23),
        "is_selected": is_free and day.day == selected,
        "is_outside": day.month != month,
    }


def calendar(*, there_label: str | None = None, is_empty: bool = False) -> Context:
    """The slot picker in November 2026, on its first free day, or an empty December."""
    month, free = (12, set()) if is_empty else (11, {24, 26, 27, 30})
    weeks = Calendar().monthdatescalendar(2026, month)
    strip_days = Calendar().monthdatescalendar(2026, month)[-2]
    later = {"prev_url": "?month=2026-11", "next_url": "?month=2027-01"}
    first = {"prev_url": None, "next_url": "?month=2026-12"}
    parts = [
        {"label": "Morning", "slots": [life.slot(24, 9), life.slot(24, 10), life.slot(24, 11, 30)]},
        {"label": "Afternoon", "slots": [life.slot(24, 14), life.slot(24, 17)]},
    ]
    for part in parts:
        part["slots"] = [one | {"there_label": there_label} for one in part["slots"]]
    names = [("Mon", "Monday"), ("Tue", "Tuesday"), ("Wed", "Wednesday"), ("Thu", "Thursday"),
             ("Fri", "Friday"), ("Sat", "Saturday"), ("Sun", "Sunday")]  # fmt: skip
    return {
        "month": {
            "label": "December 2026" if is_empty else "November 2026",
            "weekdays": [{"short": short, "long": long} for short, long in names],
            "weeks": [[_day(day, free, 24, month) for day in week] for week in weeks],
        } | (later if is_empty else first),
        "strip": {"label": f"Week of {strip_days[0]:%-d %B}", "days": [_day(d, free, 24, month) for d in strip_days]}
        | (later if is_empty else first),
        "day": None
        if is_empty
        else {"label": "Tuesday 24 November", "summary": "5 free times on Tuesday 24 November", "parts": parts},
        "empty_when": "in December",
        "next_available": {"label": "Tue 5 Jan, 14:00", "url": "?day=2027-01-05"} if is_empty else None,
        "waitlist_url": None,
    }


def _slots(**options: Any) -> Context:
    return {
        "active": "directory",
        "person": life.MIRIAM,
        "offering": {"name": "Individual session", "minutes_label": "50 minutes", "price_label": "€95", "format_label": "Online"},
        "offerings": [
            {"label": "First talk, 25 minutes", "url": "?offering=first", "is_selected": False},
            {"label": "Individual session, 50 minutes", "url": "?offering=individual", "is_selected": True},
        ],
        "calendar": calendar(**options),
        "zone": life.zone("/practitioners/miriam-adler/times", {"offering": "individual"}),
    }


ARTICLE: Context = {
    "lead": "The people around us matter to how we feel. When it is hard with them, everything else becomes harder too.",
    "reviewed_on": "2026-10-05",
    "reviewed_label": "5 October 2026",
    "directory_url": "/directory?topic=interpersonal-relationships",
    "sections": [
        {
            "heading": "What it is",
            "paragraphs": ["Everybody has habits of being with others: how close to come, how to say no, what to do with anger. "
                           "Some of these habits were wise once and get in the way today."],
            "points": [],
        },
        {
            "heading": "Signs that it may be worth a talk",
            "paragraphs": [],
            "points": [
                "The same quarrel returns with different people.",
                "You say yes and mean no, and are tired of it.",
                "After a loss or a change, old friendships no longer carry.",
                "You feel alone among people.",
            ],
        },
        {
            "heading": "How therapy can help",
            "paragraphs": ["Together you look at one or two situations closely: what happened, what you felt, what you needed. "
                           "You try other ways in the session first, then outside, one small step at a time."],
            "points": [],
        },
    ],
}  # fmt: skip
RELATED_TOPICS = {"heading": "Related topics", "items": life.linked("topics", "Grief", "Loneliness", "Couples", "Self-esteem")}
RELATED_APPROACHES = {
    "heading": "Approaches that fit",
    "items": life.linked("approaches", "Interpersonal Therapy", "Relational therapy", "Schema therapy"),
}


def _index(folder: str, labels: list[str], summary: str) -> list[Context]:
    return [item | {"summary": summary, "people_label": "8 people have time"} for item in life.linked(folder, *labels)]


ABOUT: Context = life.MIRIAM | {
    "headline": "Most of what hurts happened between people. Much of what heals does, too.",
    "about": [
        "I have worked with adults for fourteen years, in a day clinic first and in my own practice since 2019. "
        "Many come after a separation, a death or a move, or because a quarrel keeps returning.",
        "In the first session we find out what brings you now, and whether we are a good match. You can take your time to decide.",
    ],
    "approaches": life.linked("approaches", "Interpersonal Therapy", "Relational therapy"),
    "checked": [
        {"label": "Licence", "text": "Psychological psychotherapist (Approbation), Berlin. Register seen on 3 September 2026."},
        {"label": "Insurance", "text": "Professional liability, valid until December 2027."},
    ],
}
OFFERINGS: list[Context] = [
    {"name": "First talk", "minutes_label": "25 minutes", "summary": "To get to know each other and see what you need.",
     "price_label": "€40", "format_label": "Online", "times_url": "/practitioners/miriam-adler/times?offering=first"},
    {"name": "Individual session", "minutes_label": "50 minutes", "summary": "The usual hour, weekly or as you need it.",
     "price_label": "€95", "format_label": "Online or in Berlin", "times_url": "/practitioners/miriam-adler/times?offering=individual"},
]  # fmt: skip

EVERYBODY = [life.MIRIAM, life.TOBIAS, life.AMARA, life.ZOE]
STATES: dict[str, State] = {
    "directory": ("directory.html", _directory(EVERYBODY, None, {})),
    "directory-filtered": ("directory.html", _directory([life.TOBIAS, life.ZOE], "Anxiety", {"part": "evening", "week": "this"})),
    "directory-empty": ("directory.html", _directory([], "Sleep", {"price": "€60", "part": "weekend"})),
    "topics": ("topics.html", {"active": "topics", "topics": _index("topics", TOPICS, "When it is hard to be close, to say no, or to be on your own.")}),
    "topic": ("topic.html", {"active": "topics", "topic": ARTICLE | {"label": "Interpersonal relationships"},
        "people": EVERYBODY[:2], "zone": life.zone("/topics", {}), "related": RELATED_APPROACHES}),
    "approaches": ("approaches.html", {"active": "approaches", "approaches": _index("approaches",
        ["Interpersonal Therapy", "Relational therapy", "Cognitive behavioural therapy", "Schema therapy"], "Looks at what happens between people, here and now, in a set number of sessions.")}),
    "approach": ("approach.html", {"active": "approaches", "approach": ARTICLE | {"label": "Interpersonal Therapy"},
        "people": EVERYBODY[:2], "zone": life.zone("/approaches", {}), "related": RELATED_TOPICS}),
    "practitioner": ("practitioner.html", {"active": "directory", "person": ABOUT, "offerings": OFFERINGS, "next_slots": life.MIRIAM["slots"],
        "zone": life.zone("/practitioners/miriam-adler", {}), "times_url": life.MIRIAM["times_url"], "policy_lines": life.POLICY}),
    "slots": ("slots.html", _slots()),
    "slots-other-zone": ("slots.html", _slots(there_label="19:00 Sydney")),
    "slots-empty": ("slots.html", _slots(is_empty=True)),
}  # fmt: skip
