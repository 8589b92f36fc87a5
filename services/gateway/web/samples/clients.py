"""Samples of the clients of a practice, and of one client's record."""

from typing import Any

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
        "whose_label": "whom you see",
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
        {"kind": "", "label": "By invoice", "icon": "money"},
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
                ]
            }
        ],
        "treats": True,
        "plans": [PLAN],
        "plan_url": "/plans/new?client=c",
        "book_url": f"{BOOK_URL}?client=c",
        "weekly_url": "/practices/p/bookings/b/course",
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
        ),
    ),
    "client-without-plans": (
        "client.html",
        _record(plans=None, weekly_url=None, plan_url=None, pages=NO_PAGES),
    ),
}
