"""Answers to a measure that are not kept: handed back, and whom to call where they ask for help."""

import re
from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request, Response

from services.gateway.forms.measures import HELP_ITEM, asked_for_help
from services.gateway.forms.reading import check_ours, read_unchecked
from services.gateway.visitors import Visitor
from services.gateway.web.crisis import countries_for
from services.gateway.web.ids import kept_form_id
from services.gateway.web.page import page
from services.gateway.web.zones import shown_zone

OURS = re.compile(rf"item-\d{{1,2}}|beside|corrects|{HELP_ITEM}")
"""What the form of a measure sends, beside its id."""
SIGNED_OUT, STALE, BROKEN, OVER = "signed-out", "stale", "broken", "over"


async def read_answers(request: Request) -> dict[str, str]:
    """The fields of the form, once it is sure that it is ours; answers that ask for help are
    known from then on to whatever refuses them, the check of the form first of all."""
    sent = await read_unchecked(request)
    if asked_for_help(sent):
        request.state.help_sent = sent
    check_ours(request, sent)
    return sent


SentAnswers = Annotated[dict[str, str], Depends(read_answers)]


def help_sent(request: Request) -> Mapping[str, str] | None:
    """The answers that this request sent, where they ask for help."""
    sent: Mapping[str, str] | None = getattr(request.state, "help_sent", None)
    return sent


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
    response = await page(request, "plan_unkept.html", context, active="plans", status=status)
    response.headers["cache-control"] = "no-store"
    return response


def _why(status: int) -> str:
    if status >= 500 or status == 429:
        return BROKEN
    return {401: SIGNED_OUT, 403: STALE}.get(status, OVER)
