"""Samples of booking, paying and changing."""

from typing import Any

from services.gateway.web.samples import people as life
from services.gateway.web.samples.intake import PANEL as INTAKE
from services.gateway.web.samples.month import calendar

Context = dict[str, Any]
State = tuple[str, Context]

FIELDS = {"offering": "individual", "start": "2026-11-24T13:00:00Z", "price_id": "price-1"}
TYPED = {"name": "Jonas Weber", "email": "jonas@example.org", "phone": "", "consent": ""}
HOLD: Context = {
    "ends_at": "2026-11-23T13:12:00Z",
    "ends_label": "14:12",
    "seconds_left": 534,
    "extend_url": "/book/extend",
}
LINK = "/b/3fQk9"
OPENS = "Opens on Tuesday at 13:45, 15 minutes before."
JOIN: Context = {"url": "/join/7Q2M-K9", "opens_label": OPENS, "is_open": False}


def _checkout(values: Context, errors: dict[str, str], hold: Context | None) -> Context:
    return {
        "session": life.SESSION,
        "back_url": life.MIRIAM["times_url"],
        "action": "/book",
        "form_id": "0193-sample",
        "fields": FIELDS,
        "values": values,
        "errors": errors,
        "hold": hold,
        "kept_for_label": "10 minutes",
        "policy_lines": life.POLICY,
        "is_guest": True,
        "sign_in_url": "/sign-in",
        "practice_name": "Praxis Weidendamm",
        "agreed_label": None,
        "asks_who_comes": False,
        "credits": [],
    }


def _booking(**changes: Any) -> Context:
    return {
        "session": life.SESSION,
        "status": {"kind": "good", "label": "Confirmed and paid"},
        "join": JOIN,
        "ics_url": f"{LINK}/session.ics",
        "reschedule_url": f"{LINK}/reschedule",
        "cancel_url": f"{LINK}/cancel",
        "pay_url": None,
        "is_unpaid": False,
        "policy_lines": life.POLICY,
        "refund": None,
        "history": [
            {
                "at": "2026-11-22T10:12:00Z",
                "at_label": "Sun 22 Nov, 11:12",
                "text": "Booked and paid",
            }
        ],
        "book_again_url": life.MIRIAM["times_url"],
        "forget_url": "/bookings/3fQk9/forget",
        "links_url": None,
        "intake": None,
        "looks_url": "/bookings/1/intake/looks",
    } | changes


def _refund(heading: str, explanation: str, back: str, kept: str) -> Context:
    rows = [("You paid", "€95.00"), ("Kept", kept), ("You get back", back)]
    return {
        "session": life.SESSION,
        "back_url": LINK,
        "reschedule_url": f"{LINK}/reschedule",
        "action": f"{LINK}/cancel",
        "form_id": "0193-sample",
        "percent": 100,
        "is_hold": False,
        "whom": "Miriam Adler",
        "back_label": "Your booking",
        "errors": {},
        "refund": {
            "heading": heading,
            "explanation": explanation,
            "rows": [{"label": label, "text": text} for label, text in rows],
            "arrives_label": "It goes to your card and usually arrives within 5 to 10 days.",
        },
    }


CHOICE: Context = {
    "old_label": "Tuesday 24 November 2026, 14:00–14:50",
    "new_label": "Thursday 26 November 2026, 18:00–18:50",
    "starts_at": "2026-11-26T17:00:00Z",
    "zone_label": "Berlin time",
    "note": "The price stays the same. "
    "You can cancel free of charge until Wed 25 Nov, 18:00 Berlin time.",
    "action": f"{LINK}/reschedule",
    "form_id": "0193-sample",
    "breaks": [],
    "fields": {"start": "2026-11-26T17:00:00Z"},
    "other_url": f"{LINK}/reschedule",
}
WAITING: Context = {
    "session": life.SESSION,
    "refresh_url": "/styleguide/pages/payment-pending",
    "reference": "7Q2M-K9",
    "is_slow": False,
}
EARLY: Context = {
    "session": life.SESSION,
    "state": "early",
    "opens_at": "2026-11-24T12:45:00Z",
    "opens_label": "The room opens at 13:45",
    "refresh_url": "/styleguide/pages/join-wait",
    "manage_url": LINK,
}


def _reschedule(choice: Context | None) -> Context:
    zone = life.zone(f"{LINK}/reschedule", {})
    return {
        "session": life.SESSION,
        "back_url": LINK,
        "calendar": calendar(),
        "zone": zone,
        "choice": choice,
        "whom": "Miriam Adler",
        "back_label": "Your booking",
        "errors": {},
    }


STATES: dict[str, State] = {
    "checkout": ("checkout.html", _checkout({}, {}, None)),
    "checkout-errors": (
        "checkout.html",
        _checkout(
            TYPED | {"email": "jonas@"},
            {
                "email": "Enter an email address such as name@example.org.",
                "consent": "Please agree to the cancellation terms to book.",
            },
            HOLD,
        ),
    ),
    "checkout-returning": (
        "checkout.html",
        _checkout(TYPED, {}, None)
        | {"is_guest": False, "asks_who_comes": True, "agreed_label": "3 March 2026"},
    ),
    "checkout-for-another": (
        "checkout.html",
        _checkout(
            TYPED | {"comes": "another"},
            {"another_name": "Tell us the name of who is coming."},
            None,
        )
        | {"is_guest": False, "asks_who_comes": True, "agreed_label": "3 March 2026"},
    ),
    "slot-taken": (
        "slot_taken.html",
        {
            "session": life.SESSION,
            "heading": "Somebody was quicker",
            "reason": "has just been booked by someone else. You have not been charged.",
            "action": "/book/choose",
            "fields": {"offering": "individual"},
            "kept": TYPED,
            "slots": [
                life.slot(24, 15) | {"form_id": "a"},
                life.slot(24, 17) | {"form_id": "b"},
                life.slot(26, 14) | {"form_id": "c"},
            ],
            "all_url": life.MIRIAM["times_url"],
            "zone_label": "Berlin time",
        },
    ),
    "payment-pending": ("payment_pending.html", WAITING),
    "payment-slow": ("payment_pending.html", WAITING | {"is_slow": True}),
    "unpaid": (
        "unpaid.html",
        {
            "session": life.SESSION,
            "hold": HOLD,
            "pay_action": f"{LINK}/pay",
            "times_url": life.MIRIAM["times_url"],
            "release_url": f"{LINK}/cancel",
        },
    ),
    "confirmation": (
        "confirmation.html",
        {
            "session": life.SESSION,
            "email": "jo…@example.org",
            "ics_url": f"{LINK}/session.ics",
            "join": JOIN | {"url": "https://attune.example/join/7Q2M-K9"},
            "manage_url": LINK,
            "intake_url": "/b/3fQk9/intake",
            "policy_lines": life.POLICY,
            "is_guest": True,
            "is_registering": False,
            "register_url": "/register",
            "next_steps": [
                "The mail with your private link is on its way.",
                "The day before, we remind you.",
                "On Tuesday from 13:45 you can enter by the link.",
            ],
        },
    ),
    "booking": ("booking.html", _booking()),
    "booking-unpaid": (
        "booking.html",
        _booking(
            status={"kind": "warn", "label": "Waiting for payment"},
            join=None,
            ics_url=None,
            pay_url="/pay",
            is_unpaid=True,
            forget_url=None,
            history=[],
        ),
    ),
    "booking-cancelled": (
        "booking.html",
        _booking(
            status={"kind": "bad", "label": "Cancelled"},
            join=None,
            ics_url=None,
            reschedule_url=None,
            cancel_url=None,
            refund={"label": "€95.00 is on its way back to your card."},
        ),
    ),
    "booking-of-staff": ("booking.html", _booking(links_url=f"{LINK}/links", intake=INTAKE)),
    "end-links": (
        "end_links.html",
        {
            "active": "today",
            "viewer": life.PRACTITIONER,
            "session": life.SESSION,
            "client_name": "Jonas Weber",
            "action": "/practices/1/bookings/3fQk9/links",
            "back_url": "/today?day=2026-11-24",
        },
    ),
    "cancel": (
        "cancel.html",
        _refund(
            "You get €95.00 back",
            "It is before Mon 23 Nov, 14:00, so cancelling is free.",
            "€95.00",
            "€0.00",
        ),
    ),
    "cancel-late": (
        "cancel.html",
        _refund(
            "You get €47.50 back",
            "Cancelling was free until Mon 23 Nov, 14:00. Now half of the price is kept.",
            "€47.50",
            "€47.50",
        ),
    ),
    "give-back": (
        "cancel.html",
        _refund("Nothing was charged", "You have not paid for it yet.", "", "")
        | {
            "is_hold": True,
            "back_label": "Back to paying",
            "reschedule_url": None,
            "refund": {
                "heading": "Nothing was charged",
                "explanation": "You have not paid for it, so there is no money to give back.",
                "rows": [],
                "arrives_label": "",
            },
        },
    ),
    "reschedule": ("reschedule.html", _reschedule(None)),
    "reschedule-confirm": ("reschedule.html", _reschedule(CHOICE)),
    "not-movable": (
        "not_movable.html",
        {
            "session": life.SESSION,
            "back_url": LINK,
            "offered_label": "online",
            "times_url": life.MIRIAM["times_url"],
            "cancel_url": f"{LINK}/cancel",
        },
    ),
    "join-wait": ("join_wait.html", EARLY),
    "join-over": ("join_wait.html", EARLY | {"state": "ended"}),
    "join-in-person": ("join_wait.html", EARLY | {"state": "in_person"}),
}
