"""Samples of the clients of a practice, and of one client's record."""

from typing import Any

from services.gateway.web.samples import month
from services.gateway.web.samples import people as life

Context = dict[str, Any]
State = tuple[str, Context]

NO_PAGES: Context = {"label": "Page 1", "prev_url": None, "next_url": None}
NEXT_PAGE = NO_PAGES | {"next_url": "/clients?page=2"}
LAST = {"at": "2026-11-17T13:00:00Z", "label": "Tue 17 Nov, 14:00"}
NEXT = {"at": "2026-11-24T13:00:00Z", "label": "Tomorrow, 14:00"}
PAID = {"kind": "good", "label": "Paid", "icon": "check"}
BOOK_URL = "/clients/book"


def _line(name: str, email: str, last: Context | None, next_: Context | None) -> Context:
    return {"name": name, "email": email, "url": "/clients/c", "last": last, "next": next_}


def _list(**changes: Any) -> Context:
    return {
        "active": "clients",
        "viewer": life.PRACTITIONER,
        "whose_label": "People you see",
        "practices": [],
        "zone_label": "Berlin time",
        "text": "",
        "practice": "",
        "clear_url": "/clients",
        "book_url": BOOK_URL,
        "clients": [
            _line("Jana Ohlendorf", "jana@example.org", LAST, NEXT),
            _line("Karim Benali", "karim.benali-with-a-long-address@example.org", LAST, None),
            _line("Lena Sommer", "lena@example.org", None, NEXT),
        ],
        "pages": NEXT_PAGE,
    } | changes


def _booking(when: str, status: Context, payment: Context, **changes: Any) -> Context:
    return {
        "starts_at": "2026-11-24T13:00:00Z",
        "when_label": when,
        "is_to_come": False,
        "url": "/practices/p/bookings/b",
        "offering_label": "Individual session, 50 minutes",
        "where_label": "Online",
        "with_label": "Miriam Adler",
        "status": status,
        "payment": payment,
    } | changes


BOOKINGS = [
    _booking("Tomorrow, 14:00", {"kind": "good", "label": "Confirmed"}, PAID, is_to_come=True),
    _booking("Tue 17 Nov, 14:00", {"kind": "", "label": "Attended"}, PAID),
    _booking(
        "Tue 10 Nov, 14:00",
        {"kind": "bad", "label": "Cancelled"},
        {"kind": "", "label": "Refunded", "icon": "back"},
    ),
    _booking(
        "Tue 3 Nov, 14:00",
        {"kind": "bad", "label": "Missed"},
        {"kind": "warn", "label": "€95 owed", "icon": "money"},
    ),
]
PLAN = {
    "url": "/plans/p",
    "status": {"kind": "good", "label": "Active"},
    "waits_label": "waits for you",
    "changed_label": "Tue 10 Nov, 15:02",
}


def _record(**changes: Any) -> Context:
    return {
        "active": "clients",
        "viewer": life.PRACTITIONER,
        "back_url": "/clients",
        "client": {
            "name": "Jana Ohlendorf",
            "email": "jana.ohlendorf@example.org",
            "phone": "+49 30 123456",
            "phone_url": "tel:+4930123456",
            "zone_label": "Berlin time, now 14:02",
            "since_label": "5 October 2026",
            "has_account": True,
        },
        "zone_label": "Berlin time",
        "bookings": BOOKINGS,
        "pages": NEXT_PAGE,
        "sums": [
            {
                "rows": [
                    {"label": "Paid", "text": "€285"},
                    {"label": "Refunded", "text": "€95"},
                    {"label": "Open, owed by invoice", "text": "€95"},
                ]
            }
        ],
        "treats": True,
        "plans": [PLAN],
        "plan_url": "/plans/new?client=c",
        "notes_url": "/notes?client=c",
        "intake_url": "/practices/p/clients/c/intake",
        "invoices_url": "/practices/p/money/invoices?client=c",
        "book_url": f"{BOOK_URL}?client=c",
        "weekly_url": "/practices/p/bookings/b/course",
    } | changes


CHOSEN = [
    {"label": "For", "text": "Jana Ohlendorf", "url": "/clients/book?practitioner=p"},
    {"label": "With", "text": "Miriam Adler", "url": ""},
]
OFFERINGS = [
    {"label": "Individual session, 50 minutes, online", "url": BOOK_URL, "is_selected": True},
    {"label": "Individual session, 50 minutes, in person", "url": BOOK_URL, "is_selected": False},
]
OTHERS = [
    {"value": "2026-11-24T14:00:00Z", "label": "Tomorrow, 15:00"},
    {"value": "2026-11-24T15:00:00Z", "label": "Tomorrow, 16:00"},
    {"value": "2026-11-25T08:00:00Z", "label": "Wed 25 Nov, 09:00"},
]
WAYS = [
    {"value": "link", "label": "By a link in a mail", "hint": "Firm once the client has paid."},
    {"value": "account", "label": "At the practice or by invoice", "hint": "Firm at once."},
]


def _form(**changes: Any) -> Context:
    return {
        "active": "clients",
        "viewer": life.PRACTITIONER,
        "chosen": CHOSEN,
        "offerings": OFFERINGS,
        "slot": {
            "what_label": "Individual session, 50 minutes",
            "when_label": "Tuesday 24 November, 14:00–14:50",
            "starts_at": "2026-11-24T13:00:00Z",
            "zone_label": "Berlin time",
            "there_label": None,
            "where_label": "Online",
        },
        "times_url": BOOK_URL,
        "price_label": "€95",
        "is_new": False,
        "whom": "Jana Ohlendorf",
        "warning": "",
        "is_free": True,
        "others": [],
        "ways": WAYS,
        "action": BOOK_URL,
        "form_id": "0193-sample",
        "fields": {"client": "c", "price_id": "p"},
        "values": {"name": "", "email": "", "phone": "", "paid_by": ""},
        "errors": {},
        "cancel_url": "/clients/c",
    } | changes


def _who(**changes: Any) -> Context:
    return {
        "active": "clients",
        "viewer": life.PRACTITIONER,
        "heading": "Who is it for?",
        "chosen": [],
        "search": {"action": BOOK_URL, "text": "", "keep": {"practitioner": "p"}},
        "first": {"label": "Somebody new", "url": f"{BOOK_URL}?client=new"},
        "choices": [
            {"label": "Jana Ohlendorf", "detail": "jana@example.org", "url": BOOK_URL},
            {"label": "Karim Benali", "detail": "karim@example.org", "url": BOOK_URL},
        ],
        "more": "There are more: type a part of the name.",
        "back_url": "/clients",
    } | changes


NEW = {"phone": "", "phone_url": "tel:", "has_account": False}
STATES: dict[str, State] = {
    "clients": ("clients.html", _list()),
    "clients-of-practice": (
        "clients.html",
        _list(
            viewer=life.ADMIN,
            whose_label="Linden practice",
            practices=[
                {"label": "Linden practice", "url": "/clients?practice=a", "is_selected": True},
                {"label": "Alder practice", "url": "/clients?practice=b", "is_selected": False},
            ],
            practice="a",
            text="example",
        ),
    ),
    "clients-none": ("clients.html", _list(clients=[], pages=NO_PAGES)),
    "clients-not-found": ("clients.html", _list(clients=[], text="Nobody", pages=NO_PAGES)),
    "client": ("client.html", _record()),
    "client-new": (
        "client.html",
        _record(
            viewer=life.ADMIN,
            client=_record()["client"] | NEW,
            bookings=[],
            pages=NO_PAGES,
            sums=[],
            treats=False,
            plans=[],
            plan_url=None,
            weekly_url=None,
            notes_url=None,
            intake_url=None,
            invoices_url=None,
        ),
    ),
    "missed": (
        "missed.html",
        {
            "active": "today",
            "viewer": life.PRACTITIONER,
            "client_name": "Jana Ohlendorf",
            "back_label": "€45",
            "kept_label": "€50",
            "action": "/practices/p/bookings/b/attendance",
            "form_id": "0193-sample",
            "back": "/today",
            "back_url": "/today",
        },
    ),
    "book-for-who": ("book_for_who.html", _who()),
    "book-for-nobody": (
        "book_for_who.html",
        _who(choices=[], more="", search={"action": BOOK_URL, "text": "Nobody", "keep": {}}),
    ),
    "book-for-whom": (
        "book_for_who.html",
        _who(
            heading="With whom?",
            chosen=CHOSEN[:1],
            search=None,
            first=None,
            choices=[{"label": "Miriam Adler", "detail": "", "url": BOOK_URL}],
            more="",
        ),
    ),
    "book-for-times": (
        "book_for_times.html",
        {
            "active": "clients",
            "viewer": life.PRACTITIONER,
            "chosen": CHOSEN,
            "offerings": OFFERINGS,
            "calendar": month.calendar(),
            "zone": life.zone(BOOK_URL, {}),
        },
    ),
    "book-for-client": ("book_for_client.html", _form()),
    "book-for-client-taken": (
        "book_for_client.html",
        _form(
            is_new=True,
            whom="the client",
            is_free=False,
            others=OTHERS,
            warning="Somebody was quicker: that time is taken. Nothing was booked; "
            "choose another time below.",
            values={"name": "Lena", "email": "lena@example.org", "phone": "", "paid_by": "link"},
        ),
    ),
    "book-for-client-errors": (
        "book_for_client.html",
        _form(
            is_new=True,
            whom="the client",
            errors={
                "name": "Enter the client's name.",
                "email": "Enter an email address.",
                "paid_by": "Choose how it is paid.",
            },
        ),
    ),
    "client-without-plans": (
        "client.html",
        _record(plans=None, weekly_url=None, plan_url=None, pages=NO_PAGES),
    ),
}
