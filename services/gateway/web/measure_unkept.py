"""Answers to a measure that are not kept: handed back, and whom to call where they ask for help."""

import re

from fastapi import Request, Response

from services.gateway.forms.measures import HELP_ITEM, asked_for_help
from services.gateway.visitors import Visitor
from services.gateway.web.crisis import countries_for
from services.gateway.web.ids import kept_form_id
from services.gateway.web.page import page
from services.gateway.web.zones import shown_zone

OURS = re.compile(rf"item-\d{{1,2}}|beside|corrects|{HELP_ITEM}")
"""What the form of a measure sends, beside its id."""


async def show_unkept(
    request: Request, visitor: Visitor, sent: dict[str, str], status: int
) -> Response:
    """The answers in a form that sends them again, for who was signed out meanwhile; to others why
    they are not kept. No refusal stands before the numbers to call."""
    context = {
        "asks_for_help": asked_for_help(sent),
        "countries": countries_for(shown_zone(request, visitor)),
        "is_signed_out": visitor.login is None,
        "action": request.url.path,
        "form_id": kept_form_id(sent.get("form_id", "")),
        "answers": {name: text for name, text in sent.items() if OURS.fullmatch(name)},
    }
    response = await page(request, "plan_unkept.html", context, active="plans", status=status)
    response.headers["cache-control"] = "no-store"
    return response
