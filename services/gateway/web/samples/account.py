"""Samples of the pages behind a login, and of signing in."""

from typing import Any

from services.gateway.web.samples import people as life
from services.gateway.web.samples.notes import TO_DO as NOTE_TO_DO

Context = dict[str, Any]
State = tuple[str, Context]

GOOD = {"kind": "good", "label": "Confirmed"}
DONE = {"kind": "", "label": "Attended"}
CANCELLED = {"kind": "bad", "label": "Cancelled"}
NOW = {"url": "/join/7Q2M-K9", "opens_label": "The room is open.", "is_open": True}
LATER = {"url": "/join/8M1B-PP", "opens_label": "Opens 15 minutes before.", "is_open": False}
NEXT: Context = life.SESSION | {"manage_url": "/b/3fQk9", "in_label": "in 20 minutes", "join": NOW}
TO_DO: Context = {
    "label": "Before your session",
    "detail": "About 5 minutes. Miriam Adler reads them beforehand.",
    "url": "/intake",
    "action_label": "Answer them",
}


PLAN = {
    "who": "Miriam Adler",
    "url": "/plans/1",
    "progress": {"label": "4 of 14 sessions used", "used": 4, "total": 14},
    "pause_label": "",
}


def _home(**changes: Any) -> Context:
    zone = life.zone("/home", {})
    return {
        "active": "home",
        "viewer": life.CLIENT,
        "next": NEXT,
        "to_dos": [TO_DO],
        "plans": [PLAN],
        "again": [life.MIRIAM | {"what_label": "Individual session, 50 minutes"}],
        "zone": zone,
    } | changes


def _appointments(tab: str, sessions: list[Context]) -> Context:
    return {
        "active": "appointments",
        "viewer": life.CLIENT,
        "tab": tab,
        "upcoming_url": "/appointments",
        "past_url": "/appointments?tab=past",
        "zone_label": "Berlin time",
        "pages": {"label": "Page 1 of 3", "prev_url": None, "next_url": "/appointments?page=2"},
        "sessions": sessions,
    }


def _entry(status: Context, join: Context | None, **changes: Any) -> Context:
    return (
        life.SESSION
        | {
            "manage_url": "/b/3fQk9",
            "status": status,
            "join": join,
            "again_url": "/practitioners/miriam-adler/times",
        }
        | changes
    )


UNPAID = _entry(
    {"kind": "warn", "label": "Waiting for payment"},
    None,
    when_label="Thursday 3 December 2026, 18:00–18:50",
    practitioner=life.TOBIAS,
)


def _hour(
    time_label: str, client: str, status: Context, payment: Context, join: Context | None
) -> Context:
    return {
        "starts_at": "2026-11-23T08:00:00Z",
        "time_label": time_label,
        "client_name": client,
        "is_given_up": status == CANCELLED,
        "status": status,
        "payment": payment,
        "join": join,
        "is_of_course": client == "Leyla Demir",
        "course_url": None if status == CANCELLED else "/practices/linden/courses/0193",
        "offering_label": "Individual session",
        "where_label": "Online",
        "url": "/practices/1/bookings/3fQk9",
        "client_url": "/clients/c",
        "whom": "",
        "effects": "The payment stays as it is, whether the client came or not.",
        "links_url": "/practices/1/bookings/3fQk9/links",
        "intake": {
            "kind": "good",
            "label": "Intake complete",
            "url": "/practices/1/clients/2/intake",
        },
        "is_in_time_off": client == "Leyla Demir",
        "attendance": {
            "action": "/practices/1/bookings/3fQk9/attendance",
            "form_id": "f",
            "is_marked": status == DONE,
            "back": "/today",
        }
        if join is None and status != CANCELLED
        else None,
    }


PAID = {"kind": "good", "label": "Paid", "icon": "check"}
OPEN = {"kind": "warn", "label": "Unpaid", "icon": "clock"}
HOURS = [
    _hour("09:00–09:50", "Jonas Weber", DONE, PAID, None),
    _hour("11:00–11:50", "Leyla Demir", GOOD, PAID, NOW),
    _hour("13:00–13:50", "Noah Petersen", CANCELLED, PAID, None),
    _hour("14:00–14:50", "Alexander von Hohenfels", GOOD, OPEN, LATER),
]


ASKS = [
    {
        "kind": "bad",
        "label": "Answers of Jonas Weber need your look today",
        "detail": "Crisis help was shown to them at once. They were told that nobody watches.",
        "url": "/plans/1",
        "action_label": "Look now",
    },
    {
        "kind": "warn",
        "label": "The review with Ada Berg is due",
        "detail": "Look at the plan together, then write down what you decided.",
        "url": "/plans/2",
        "action_label": "Open the plan",
    },
]


def _today(hours: list[Context], label: str, **changes: Any) -> Context:
    return {
        "active": "today",
        "viewer": life.PRACTITIONER,
        "day": "2026-11-23",
        "day_label": "Monday 23 November",
        "prev_url": "?day=2026-11-22",
        "next_url": "?day=2026-11-24",
        "zone_label": "Berlin time",
        "counts": {"sessions_label": label},
        "is_cut": False,
        "sessions": hours,
        "asks": [],
        "has_plans": True,
        "to_dos": [NOTE_TO_DO] if hours else [],
        "more_to_dos": 74 if hours else 0,
        "whose_label": "",
        "is_whole": False,
        "tabs": [],
        "practices": [],
        "gap_label": "Next free time: 12:00–13:00",
        "waiting": [
            {
                "client_name": "Mina Sarwari",
                "starts_at": "2026-11-20T13:00:00Z",
                "when_label": "Fri 20 Nov, 14:00",
                "url": "/practices/1/bookings/3fQk8",
                "attendance": {
                    "action": "/practices/1/bookings/3fQk8/attendance",
                    "form_id": "f",
                    "is_marked": False,
                    "back": "/today",
                },
            }
        ],
        "more_waiting": 12 if hours else 0,
        "keeps": [{"label": "Signed notes of the practice", "url": "/notes"}],
    } | changes


NO_TRY: Context = {"next_url": "/home", "register_url": "/register?next=%2Fhome", "mail_to": ""}

STATES: dict[str, State] = {
    "sign-in": (
        "sign_in.html",
        {"active": "sign-in", "values": {}, "errors": {}, **NO_TRY},
    ),
    "sign-in-errors": (
        "sign_in.html",
        {
            "active": "sign-in",
            "values": {"email": "jonas@example.org"},
            "errors": {
                "form": "This address and password do not fit together. Check both and try again. "
                "If you have just registered, open the link in our mail first."
            },
            **NO_TRY,
            "mail_to": "jonas@example.org",
        },
    ),
    "register": (
        "register.html",
        {"values": {}, "errors": {}, "next_url": "/home"},
    ),
    "register-errors": (
        "register.html",
        {
            "values": {"name": "Jonas", "email": "jonas@example.org"},
            "next_url": "/home",
            "errors": {
                "password": "This password is among the most used ones. Choose another.",
                "terms": "Please agree to go on.",
            },
        },
    ),
    "register-mail": (
        "register_mail.html",
        {"values": {}, "errors": {}, "asks_address": False, "go_on_url": "/book?start=2026"},
    ),
    "register-mail-elsewhere": (
        "register_mail.html",
        {
            "values": {"email": "jonas"},
            "errors": {"email": "Enter an email address such as name@example.org."},
            "asks_address": True,
            "go_on_url": "",
        },
    ),
    "register-confirm": (
        "register_confirm.html",
        {"action": "/register/confirm/3fQk9", "needs_password": False, "errors": {}},
    ),
    "register-confirm-elsewhere": (
        "register_confirm.html",
        {
            "action": "/register/confirm/3fQk9",
            "needs_password": True,
            "errors": {"password": "This is not the password that you chose when you registered."},
        },
    ),
    "home": ("home.html", _home()),
    "home-empty": ("home.html", _home(next=None, to_dos=[], plans=[], again=[])),
    "appointments": ("appointments.html", _appointments("upcoming", [_entry(GOOD, NOW), UNPAID])),
    "appointments-past": ("appointments.html", _appointments("past", [_entry(DONE, None)])),
    "appointments-empty": ("appointments.html", _appointments("upcoming", [])),
    "account": (
        "account.html",
        {
            "active": "account",
            "viewer": life.CLIENT,
            "profile": {
                "name": "Jonas",
                "email": "jonas@example.org",
                "zone_label": "Europe/Berlin",
            },
            "practices": [],
            "idle_minutes": 30,
            "notices": [{"kind": "good", "text": "Saved."}],
        },
    ),
    "staff-home": (
        "staff_home.html",
        {
            "active": "today",
            "viewer": life.ADMIN,
            "heading": "Hello Ines Albrecht",
            "practices": [{"name": "Praxis am Kanal", "roles_label": "admin, billing"}],
            "is_operator": True,
            "keeps": [{"label": "Signed notes of the practice", "url": "/notes"}],
            "own_url": "/appointments",
        },
    ),
    "today": ("for_staff.html", _today(HOURS, "3 sessions", asks=ASKS)),
    "today-without-plans": (
        "for_staff.html",
        _today(HOURS, "3 sessions", has_plans=False, to_dos=None),
    ),
    "today-empty": ("for_staff.html", _today([], "No sessions")),
}
