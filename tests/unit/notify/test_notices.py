"""What mails say that belong to no booking."""

from services.notify.domain.kinds import NoticeKind
from services.notify.operations.letters import write_notice
from tests.unit.notify.occasions import LETTERHEAD


def test_that_dates_wait_says_neither_which_nor_with_whom() -> None:
    """The client signs in to see them; nothing in the mail tells what they are for."""
    letter = write_notice(NoticeKind.DATES, LETTERHEAD)
    assert letter.subject == "New dates wait for your answer"
    for text in (letter.text, letter.html):
        assert f"{LETTERHEAD.public_url}/home" in text
        assert not any(word in text.lower() for word in ("plan", "therap", "practi", "session"))
