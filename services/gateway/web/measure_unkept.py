"""Answers to a measure that are not kept: handed back, and whom to call where they ask for help."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse

from services.gateway.forms.measures import HELP_ITEM, asked_for_help
from services.gateway.forms.reading import check_ours, read_unchecked
from services.gateway.visitors import Visitor
from services.gateway.web.crisis import countries_for
from services.gateway.web.ids import kept_form_id
from services.gateway.web.page import page
from services.gateway.web.rendering import render
from services.gateway.web.words import CrisisCountry
from services.gateway.web.zones import shown_zone

OURS = re.compile(rf"item-\d{{1,2}}|beside|corrects|{HELP_ITEM}")
"""What the form of a measure sends, beside its id."""
ADDRESS = re.compile(r"/plans/[^/]+/measures/[^/]+")
"""Where answers are sent: all that is known of a request that nobody has read yet."""
SIGNED_OUT, STALE, BROKEN, OVER = "signed-out", "stale", "broken", "over"
TEMPLATE = "plan_unkept.html"
UNREAD: dict[str, Any] = {
    "asks_for_help": True,
    "why": "unread",
    "action": "",
    "form_id": "",
    "answers": {},
}
OF_NOBODY: dict[str, Any] = {"viewer": None, "csrf_token": "", "active": "plans", "notices": []}


async def read_answers(request: Request) -> dict[str, str]:
    """The fields of the form, once it is sure that it is ours; answers that ask for help are
    known from then on to whatever refuses them, the check of the form first of all."""
    sent = await read_unchecked(request)
    request.state.answers_sent = sent
    if asked_for_help(sent):
        request.state.help_sent = sent
    check_ours(request, sent)
    return sent


SentAnswers = Annotated[dict[str, str], Depends(read_answers)]


def help_sent(request: Request) -> Mapping[str, str] | None:
    """The answers that this request sent, where they ask for help."""
    sent: Mapping[str, str] | None = getattr(request.state, "help_sent", None)
    return sent


def is_unread(request: Request) -> bool:
    """Whether it sends answers to a measure that nobody has read, whatever they are."""
    is_measure = request.method == "POST" and ADDRESS.fullmatch(request.url.path) is not None
    return is_measure and not hasattr(request.state, "answers_sent")


async def show_unread(request: Request, visitor: Visitor, status: int) -> Response:
    """Whom to call, because the answers may ask for it, and how to send them again."""
    context = UNREAD | {"countries": countries_for(shown_zone(request, visitor))}
    return await page(request, TEMPLATE, context, active="plans", status=status)


def help_in_a_crowd(request: Request) -> Response | None:
    """The same where there is too little of everything: rendered once, and for everybody alike.

    None for whatever sends no answers to a measure.
    """
    if not is_unread(request):
        return None
    return HTMLResponse(_of_nobody(countries_for(shown_zone(request, Visitor()))), 503)


@cache
def _of_nobody(countries: tuple[CrisisCountry, ...]) -> str:
    return render(TEMPLATE, UNREAD | OF_NOBODY | {"countries": countries})


async def show_unkept(
    request: Request, visitor: Visitor, sent: Mapping[str, str], status: int
) -> Response:
    """Why the answers are not kept, in a form that sends them again where that can help. No
    refusal stands before the numbers to call."""
    context = {
        "asks_for_help": asked_for_help(sent),
        "countries": countries_for(shown_zone(request, visitor)),
        "why": _why(status),
        "action": request.url.path,
        "form_id": kept_form_id(sent.get("form_id", "")),
        "answers": {name: text for name, text in sent.items() if OURS.fullmatch(name)},
    }
    response = await page(request, TEMPLATE, context, active="plans", status=status)
    response.headers["cache-control"] = "no-store"
    return response


def _why(status: int) -> str:
    if status >= 500 or status == 429:
        return BROKEN
    return {401: SIGNED_OUT, 403: STALE}.get(status, OVER)
