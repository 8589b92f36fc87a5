"""What is sent to each route: a path, a query, a body; nothing that is wrong by its form.

Writes on a booking name terms or a start that cannot be had: who may act is told so (409), and
the booking stays as it is for the next visitor.
"""

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid5

from uuid_utils.compat import uuid7

from services.common.clock import utc_now
from tests.factories.clinic import ZONE
from tests.factories.couple import filling_of, review_of
from tests.factories.people import PASSWORD, Person
from tests.security.visits.cast import Cast
from tests.security.visits.chart_recipes import CHART_RECIPES, FIRST_QUESTION
from tests.security.visits.targets import NO_VERSION, Recipe, Sent, Target

#: No policy of the clinic gives this share back.
UNTRUE_PERCENT = "7"
DAY_OFF = f"{utc_now().date() + timedelta(days=200)}"
_numbers = count()


def off_the_grid(target: Target) -> str:
    """A start that no offering has: seven minutes past the hour."""
    return (datetime.fromisoformat(target.starts_at) + timedelta(minutes=7)).isoformat()


def stranger() -> Person:
    """Somebody new, for registering and signing in."""
    return Person(f"Stranger {next(_numbers)}")


def _registration(_cast: Cast, _target: Target) -> Sent:
    person = stranger()
    return {"name": person.name, "email": person.email, "password": PASSWORD}


def _credentials(cast: Cast, _target: Target) -> Sent:
    return {"email": cast.people["client2"].email, "password": PASSWORD}


def _guest_wish(cast: Cast, _target: Target) -> dict[str, Any]:
    return cast.wish(name="Neu Gast", email=stranger().email)


def choice(cast: Cast) -> Sent:
    """A free start as links and forms name it."""
    return {
        "with": cast.clinic.slug,
        "practice": str(cast.clinic.id),
        "offering": str(cast.clinic.offering_id),
        "start": next(cast.starts),
        "format": "online",
    }


def checkout(cast: Cast) -> Sent:
    """The whole form of the checkout page."""
    return choice(cast) | {
        "form_id": str(uuid7()),
        "price_id": str(cast.clinic.price_id),
        "zone": ZONE,
        "comes": "another",
        "another_name": "Neu Gast",
        "name": "Neu Gast",
        "email": stranger().email,
        "consent": "yes",
    }


def _dates(cast: Cast, target: Target) -> Sent:
    """The form that books a course, of one date that no offering has."""
    pattern = {"count": "1", "every": "1", "first": target.starts_at[:10], "at": "10:00"}
    agreed = {"form_id": str(uuid7()), "price_id": str(cast.clinic.price_id)}
    return pattern | agreed | {"starts": off_the_grid(target)}


def _of_figure(*_: object) -> Sent:
    return {"figure": "net", "currency": "EUR", "since": DAY_OFF, "until": DAY_OFF}


def _for_client(cast: Cast, target: Target) -> Sent:
    """A client and a calendar to book in."""
    return {"client": str(target.client_id), "practitioner": str(cast.clinic.practitioner_id)}


def _booking_for_client(cast: Cast, target: Target) -> Sent:
    """The form that books for a client, of a start that no offering has."""
    return _for_client(cast, target) | {
        "form_id": str(uuid7()),
        "offering": str(cast.clinic.offering_id),
        "format": "online",
        "start": off_the_grid(target),
        "price_id": str(cast.clinic.price_id),
        "zone": ZONE,
        "paid_by": "account",
    }


def _week(_cast: Cast, target: Target) -> Sent:
    day = target.starts_at[:10]
    return {"from_on": day, "until_on": day}


def _calendar(cast: Cast, target: Target) -> Sent:
    return {"practice": str(cast.clinic.id), "practitioner": str(target.practitioner_id)}


def _place(cast: Cast, target: Target) -> Sent:
    return _calendar(cast, target) | {"day": target.starts_at[:10], "at": "10:00"}


def _move(_cast: Cast, target: Target) -> Sent:
    """The form that moves a session to a time that no offering has."""
    return {"form_id": str(uuid7()), "start": off_the_grid(target), "tell": "no"}


def _series(_cast: Cast, target: Target) -> Sent:
    """The form that moves sessions together, of a session that is none of a course."""
    at = target.starts_at
    wish = {"scope": "one", "day": at[:10], "at": "10:00"}
    moves = f"{target.booking_id}|{at}|{off_the_grid(target)}"
    return wish | {"form_id": str(uuid7()), "moves": moves, "tell": "no"}


def _back(_cast: Cast, target: Target) -> Sent:
    """The way back of a session that is none of a course."""
    moves = f"{target.booking_id}|{target.starts_at}|{off_the_grid(target)}"
    return {"form_id": str(uuid7()), "moves": moves, "tell": "no"}


def _change(_cast: Cast, _target: Target) -> Sent:
    """A change of hours whose author saw a version that there never was."""
    return {"form_id": str(uuid7()), "version": NO_VERSION, "on": DAY_OFF, "first_on": DAY_OFF}


def _api_change(**fields: Any) -> Recipe:
    return Recipe(body=lambda *_: {"version": int(NO_VERSION), **fields})


def _preview(cast: Cast, target: Target) -> dict[str, Any]:
    return {"offering_id": str(cast.clinic.offering_id), **_week(cast, target)}


CALENDAR = "/api/v1/practices/{practice_id}/calendars/{practitioner_id}"
STAFF_PAGES = "/practices/{practice_id}/bookings/{booking_id}"
REFUNDS = "/practices/{practice_id}/money/refunds/{refund_id}"
DISPUTES = "/practices/{practice_id}/money/disputes/{dispute_id}"
MONTH = "/practices/{practice_id}/money/month-end/{month}"
NEW_ID = Recipe(form=lambda *_: {"form_id": str(uuid7())})
HOURS_PAGE = "/practices/{practice_id}/calendars/{practitioner_id}/availability"
RECIPES: dict[str, Recipe] = {
    f"PUT {CALENDAR}/dates/{{on}}": _api_change(windows=[]),
    f"PUT {CALENDAR}/hours": _api_change(weekly=[]),
    f"POST {CALENDAR}/slot-preview": Recipe(body=_preview),
    f"POST {CALENDAR}/time-off": _api_change(first_on=DAY_OFF, last_on=DAY_OFF),
    f"PUT /api/v1{STAFF_PAGES}/attendance": Recipe(body=lambda *_: {"attendance": "attended"}),
    f"POST {STAFF_PAGES}/attendance": Recipe(
        form=lambda *_: {"form_id": str(uuid7()), "attendance": "attended"}
    ),
    f"POST {STAFF_PAGES}/rehearsed": Recipe(
        form=lambda *_: {"exercise": str(uuid7()), "rehearsed": "true"}
    ),
    f"POST {CALENDAR}/time-off-preview": Recipe(
        body=lambda *_: {"first_on": DAY_OFF, "last_on": DAY_OFF}
    ),
    f"DELETE {CALENDAR}/time-off/{{time_off_id}}": Recipe(query=lambda *_: {"version": NO_VERSION}),
    f"POST {CALENDAR}/undo": _api_change(),
    f"POST {HOURS_PAGE}/dates": Recipe(form=_change),
    f"POST {HOURS_PAGE}/hours": Recipe(form=_change),
    f"POST {HOURS_PAGE}/time-off": Recipe(form=_change),
    f"POST {HOURS_PAGE}/time-off/removal": Recipe(
        form=lambda *of: _change(*of) | {"time_off": str(uuid7())}
    ),
    f"POST {HOURS_PAGE}/undo": Recipe(form=_change),
    "POST /api/v1/accounts": Recipe(body=_registration),
    "POST /api/v1/logins": Recipe(body=_credentials),
    "POST /api/v1/bookings": Recipe(body=_guest_wish),
    "POST /api/v1/bookings/{booking_id}/cancellation": Recipe(
        body=lambda *_: {"expected_refund_percent": int(UNTRUE_PERCENT)}
    ),
    "POST /api/v1/bookings/{booking_id}/rescheduling": Recipe(
        body=lambda _cast, target: {"starts_at": off_the_grid(target)}
    ),
    "GET /api/v1/practices/{practice_id}/offerings": Recipe(
        query=lambda cast, _: {"practitioner_id": str(cast.clinic.practitioner_id)}
    ),
    "GET /api/v1/practices/{practice_id}/offerings/{offering_id}/slots": Recipe(query=_week),
    "GET /api/v1/prices": Recipe(query=lambda cast, _: {"price_ids": str(cast.clinic.price_id)}),
    "GET /api/v1/approaches/{slug}": Recipe(path={"{slug}": "relational-therapy"}),
    "GET /api/v1/topics/{slug}": Recipe(path={"{slug}": "interpersonal-relationships"}),
    "GET /approaches/{slug}": Recipe(path={"{slug}": "relational-therapy"}),
    "GET /topics/{slug}": Recipe(path={"{slug}": "interpersonal-relationships"}),
    "GET /static/*": Recipe(path={"*": "css/base.css"}),
    "GET /styleguide/pages/{name}": Recipe(path={"{name}": "home"}),
    "GET /calendar/changes": Recipe(query=_calendar),
    "GET /calendar/new": Recipe(query=_place),
    f"POST {STAFF_PAGES}/move": Recipe(form=_move),
    f"GET {STAFF_PAGES}/moved": Recipe(query=lambda _, target: {"start": target.starts_at}),
    f"POST {STAFF_PAGES}/series": Recipe(form=_series),
    f"GET {STAFF_PAGES}/series/moved": Recipe(query=_back),
    f"POST {STAFF_PAGES}/series/undo": Recipe(form=_back),
    f"POST {REFUNDS}/retry": Recipe(form=lambda *_: {"attempt": "1"}),
    **dict.fromkeys((f"POST {DISPUTES}/accept", f"POST {MONTH}/close"), NEW_ID),
    "GET /book": Recipe(query=lambda cast, _: choice(cast)),
    "POST /practices/{practice_id}/bookings/{booking_id}/course": Recipe(form=_dates),
    "POST /book": Recipe(form=lambda cast, _: checkout(cast)),
    "POST /book/choose": Recipe(form=lambda cast, _: checkout(cast)),
    "POST /book/extend": Recipe(
        form=lambda cast, target: checkout(cast) | {"form_id": str(target.booking_id)}
    ),
    "POST /register": Recipe(
        form=lambda cast, target: _registration(cast, target) | {"terms": "yes"}
    ),
    "POST /register/mail": Recipe(form=lambda *_: {"email": stranger().email}),
    "POST /sign-in": Recipe(form=_credentials),
    "GET /practices/{practice_id}/money/exports/journal": Recipe(
        query=lambda *_: {"since": DAY_OFF, "until": DAY_OFF, "format": "datev"}
    ),
    "GET /practices/{practice_id}/money/reports/entries": Recipe(query=_of_figure),
    "GET /practices/{practice_id}/money/reports/entries.csv": Recipe(query=_of_figure),
    "GET /clients/book": Recipe(query=_for_client),
    "POST /clients/book": Recipe(form=_booking_for_client),
    **CHART_RECIPES,
    "GET /practices/{practice_id}/money/invoices/statement": Recipe(
        query=lambda _, target: {"client": str(target.client_id)}
    ),
    "POST /webhooks/stripe": Recipe(body=lambda *_: {"id": "evt_none"}),
} | {
    f"POST {base}/{act}": recipe
    for base in ("/bookings/{booking_id}", "/b/{token}", STAFF_PAGES)
    for act, recipe in {
        "cancel": Recipe(form=lambda *_: {"form_id": str(uuid7()), "percent": UNTRUE_PERCENT}),
        "reschedule": Recipe(
            form=lambda _, target: {"form_id": str(uuid7()), "start": off_the_grid(target)}
        ),
    }.items()
}
PLAIN = Recipe()


def recipe_of(route: str) -> Recipe:
    """What is sent; a form without fields for other writes of the web."""
    return RECIPES.get(route, PLAIN)


def _is_shelving(route: str) -> bool:
    """Archiving and restoring happen to a template that no other line looks at."""
    return route.endswith(("/archive", "/restore"))


def path_of(route: str, cast: Cast, target: Target) -> str:
    """The path with its ids."""
    told = {
        "{booking_id}": str(target.booking_id),
        "{token}": target.link,
        "{payment_id}": str(cast.books.payment(target.booking_id)),
        "{transaction_id}": str(cast.books.charge(target.booking_id)),
        "{account}": "stripe_balance",
        "{currency}": "EUR",
        "{refund_id}": str(uuid7()),
        "{dispute_id}": str(uuid7()),
        "{payout_id}": str(uuid7()),
        "{package_id}": str(uuid7()),
        **dict.fromkeys(("{sale_id}", "{run_id}"), str(uuid7())),
        "{month}": "2020-01",
        "{difference_id}": str(uuid7()),
        "{course_id}": str(target.course_id),
        "{code}": target.code,
        "{practice_id}": str(cast.clinic.id),
        "{practitioner_id}": str(target.practitioner_id),
        "{client_id}": str(target.client_id),
        "{invoice_id}": str(target.invoice_id),
        "{time_off_id}": str(target.booking_id),
        "{on}": DAY_OFF,
        "{offering_id}": str(cast.clinic.offering_id),
        "{plan_id}": str(target.plan_id),
        "{template_id}": str(cast.templates["shelved" if _is_shelving(route) else "kept"]),
        "{note_id}": str(target.note_id),
        "{part}": "focus",
        "{exercise_id}": str(uuid5(target.plan_id, "0")),
        "{instrument}": "phq-9",
        "{filling_id}": str(filling_of(target.plan_id)),
        "{alert_id}": str(uuid5(filling_of(target.plan_id), "alert")),
        "{review_id}": str(review_of(target.plan_id)),
        "{question_id}": FIRST_QUESTION,
        "{text_id}": str(cast.text_id),
        "{kind}": "treatment",
        "{number}": "1",
        "{slug}": cast.clinic.slug,
    }
    path = route.partition(" ")[2]
    for name, value in (told | recipe_of(route).path).items():
        path = path.replace(name, value)
    return path
