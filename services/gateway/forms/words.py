"""Which fields of forms hold what somebody wrote: free text of more than a line, by its name."""

import re
from collections.abc import Mapping

NAMES = (
    *("happened", "wish", "went_well", "to_change", "reason", "problem_area", "patterns"),
    *("summary", "text", "subjective", "objective", "data", "assessment", "plan"),
    *("help", "options", "body", "words", "how", "why", "policy", "what_happened", "why_not_back"),
    *("recipient_address", "address", "legal_lines"),
)
IN_ROWS = (
    *(r"goal-\d+(-objectives)?", r"exercise-\d+-(in|way)", r"phase-\d+-work"),
    r"q-[0-9a-f-]+(-more)?",
)
"""Fields that a form has in every row; a question of a practice's form is one of these."""
WRITTEN = re.compile("|".join((*NAMES, *IN_ROWS)))
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""What nobody wrote: `plan` is a section of a note, and elsewhere the id of a plan."""
MARKS = re.compile(r"yes|no|\d{1,2}|\d{4}-\d\d-\d\d")
"""What a question holds that was answered by a mark or a date: no words to show."""


def is_written(name: str) -> bool:
    """Whether people write in this field, at more length than a line."""
    return WRITTEN.fullmatch(name) is not None


def written_in(sent: Mapping[str, str]) -> list[str]:
    """What somebody wrote, in the order of the form; fields left empty are no part of it."""
    texts = (text.strip() for name, text in sent.items() if is_written(name))
    return [text for text in texts if text and not ID.fullmatch(text)]


def shown_of(texts: list[str]) -> list[str]:
    """Those that say something without the question before them."""
    return [text for text in texts if not MARKS.fullmatch(text)]
