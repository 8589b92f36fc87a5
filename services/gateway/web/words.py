"""Words the pages share: what to say when something fails, and whom to call in a crisis."""

from typing import NamedTuple


class Action(NamedTuple):
    """A way on, offered as a button."""

    label: str
    url: str


class ErrorWords(NamedTuple):
    """What an error page says: what happened, and what to do now."""

    heading: str
    text: str
    actions: tuple[Action, ...]


FIND_HELP = Action("Find help", "/directory")
SIGN_IN = Action("Sign in", "/sign-in")

LINK_OVER = ErrorWords(
    "This link has done its work",
    "It works once, for three days. If your account is ready, sign in. If not, use the newest of "
    "our mails, or have another one sent.",
    (SIGN_IN, Action("Send me the mail again", "/register/mail")),
)

ERROR_WORDS: dict[int, ErrorWords] = {
    403: ErrorWords(
        "This page is not open to you",
        "It may belong to another account, or the page was open for too long before you sent it. "
        "Sign in with the account you booked with, or go back, reload and try again.",
        (SIGN_IN, FIND_HELP),
    ),
    404: ErrorWords(
        "We cannot find this page",
        "The address may be incomplete, or the link has expired. If you came from a mail, "
        "please use the newest one: it holds your current link.",
        (FIND_HELP,),
    ),
    408: ErrorWords(
        "That did not reach us in time",
        "What you sent stopped on its way, so nothing was saved. Please go back and send it once "
        "more, where your connection is better.",
        (FIND_HELP,),
    ),
    409: ErrorWords(
        "This has changed in the meantime",
        "Something was booked, moved or cancelled while the page was open. Nothing was charged. "
        "Please look at the current state and choose again.",
        (FIND_HELP,),
    ),
    413: ErrorWords(
        "That was too much at once",
        "What was sent is longer than anything we take. Nothing was saved. Please go back, "
        "shorten it and send it once more.",
        (FIND_HELP,),
    ),
    422: ErrorWords(
        "We could not read all of that",
        "Something that was sent does not fit. Nothing was saved. Please go back, check what "
        "you entered and send it once more.",
        (FIND_HELP,),
    ),
    429: ErrorWords(
        "That was a little fast",
        "There were many tries in a short time, so we wait a moment to keep accounts safe. "
        "Please try again in a few minutes.",
        (FIND_HELP,),
    ),
    500: ErrorWords(
        "Something broke on our side",
        "It is not your fault, and we have been told. If you were paying, look at your mail before "
        "you try again: nothing is ever charged twice.",
        (FIND_HELP,),
    ),
    503: ErrorWords(
        "We will be right back",
        "A part of Attune is restarting. Bookings and payments are safe. Please try again soon.",
        (FIND_HELP,),
    ),
}

NOT_YOUR_CALENDAR = ErrorWords(
    "You do not book into this calendar",
    "You work in this practice, and your part in it does not let you book for clients here. "
    "Somebody at its front desk, an admin or the practitioner can. To book a session for "
    "yourself, sign out first: you need no account for that.",
    (Action("To your start page", "/today"), FIND_HELP),
)


class CrisisLine(NamedTuple):
    """A number to call; `tel` is what a phone dials."""

    name: str
    number: str
    tel: str
    note: str


class CrisisCountry(NamedTuple):
    """The lines of one country, the emergency number first."""

    code: str
    name: str
    lines: tuple[CrisisLine, ...]


CRISIS_COUNTRIES: tuple[CrisisCountry, ...] = (
    CrisisCountry(
        "de",
        "Germany",
        (
            CrisisLine("Emergency", "112", "112", "When there is danger to life."),
            CrisisLine(
                "TelefonSeelsorge", "116 123", "116123", "Day and night, also 0800 111 0 111."
            ),
            CrisisLine(
                "Nummer gegen Kummer", "116 111", "116111", "For children and young people."
            ),
            CrisisLine(
                "Medical on-call service", "116 117", "116117", "When your doctor is closed."
            ),
        ),
    ),
    CrisisCountry(
        "gb",
        "United Kingdom",
        (
            CrisisLine("Emergency", "999", "999", "When there is danger to life."),
            CrisisLine("Samaritans", "116 123", "116123", "Day and night."),
            CrisisLine("NHS", "111", "111", "Choose the mental health option. Day and night."),
            CrisisLine(
                "Papyrus HOPELINE247", "0800 068 4141", "08000684141", "For those under 35."
            ),
        ),
    ),
    CrisisCountry(
        "au",
        "Australia",
        (
            CrisisLine("Emergency", "000", "000", "When there is danger to life."),
            CrisisLine("Lifeline", "13 11 14", "131114", "Day and night."),
            CrisisLine("Beyond Blue", "1300 22 4636", "1300224636", "Day and night."),
            CrisisLine(
                "13YARN", "13 92 76", "139276", "For Aboriginal and Torres Strait Islander people."
            ),
        ),
    ),
)
