"""Samples of texts: an article, a practitioner's own words, offerings."""

from typing import Any

from services.gateway.web.samples import people as life

Context = dict[str, Any]

ARTICLE: Context = {
    "lead": "The people around us matter to how we feel. When it is hard with them, all is harder.",
    "reviewed_on": "2026-10-05",
    "reviewed_label": "5 October 2026",
    "directory_url": "/directory?topic=interpersonal-relationships",
    "sections": [
        {
            "heading": "What it is",
            "paragraphs": [
                "Everybody has habits of being with others: how close to come, how to say no.",
                "Some of these habits were wise once and get in the way today.",
            ],
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
            "paragraphs": [
                "Together you look closely at what happened, what you felt and what you needed.",
                "You try other ways in the session first, then outside, one small step at a time.",
            ],
            "points": [],
        },
    ],
}
RELATED_TOPICS = {
    "heading": "Related topics",
    "items": life.linked("topics", "Grief", "Loneliness", "Couples", "Self-esteem"),
}
RELATED_APPROACHES = {
    "heading": "Approaches that fit",
    "items": life.linked(
        "approaches", "Interpersonal Therapy", "Relational therapy", "Schema therapy"
    ),
}


ABOUT: Context = life.MIRIAM | {
    "about": [
        "I have worked with adults for fourteen years, since 2019 in my own practice.",
        "Many come after a separation, a death or a move, or because a quarrel keeps returning.",
        "In the first session we find out what brings you now, and whether we are a good match.",
    ],
    "approaches": life.linked("approaches", "Interpersonal Therapy", "Relational therapy"),
    "checked": [
        {
            "label": "Licence",
            "text": "Approbation, Berlin. Register seen on 3 September 2026.",
        },
        {"label": "Insurance", "text": "Professional liability, valid until December 2027."},
    ],
}
OFFERINGS: list[Context] = [
    {
        "name": "First talk",
        "minutes_label": "25 minutes",
        "summary": "To get to know each other and see what you need.",
        "price_label": "€40",
        "format_label": "Online",
        "times_url": "/practitioners/miriam-adler/times?offering=first",
    },
    {
        "name": "Individual session",
        "minutes_label": "50 minutes",
        "summary": "The usual hour, weekly or as you need it.",
        "price_label": "€95",
        "format_label": "Online or in Berlin",
        "times_url": "/practitioners/miriam-adler/times?offering=individual",
    },
]
