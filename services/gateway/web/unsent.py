"""What somebody wrote and a refusal kept from being kept: handed back, to be sent once more.

It stands in the answer to whoever sent it and nowhere else: the page is stored by nobody, and the
form holds every field as it came, under the id that it came with.
"""

from collections.abc import Mapping

from fastapi import Request, Response

from services.gateway.forms.words import shown_of, written_in
from services.gateway.visitors import Visitor
from services.gateway.web.page import page

SIGNED_OUT, STALE, BROKEN, OVER = "signed-out", "stale", "broken", "over"


def unsent(request: Request) -> Mapping[str, str] | None:
    """The fields of the form that came with this request, where somebody wrote in them."""
    sent: Mapping[str, str] | None = getattr(request.state, "sent", None)
    return sent if sent and written_in(sent) else None


async def show_unsent(
    request: Request, visitor: Visitor, sent: Mapping[str, str], status: int
) -> Response:
    """Why this is not kept and what was written, in a form that sends it again where that helps."""
    query = f"?{request.url.query}" if request.url.query else ""
    context = {
        "why": _why(request, visitor, status),
        "action": request.url.path + query,
        "fields": [{"name": name, "text": text} for name, text in sent.items()],
        "texts": shown_of(written_in(sent)),
    }
    response = await page(request, "unsent.html", context, status=status)
    response.headers["cache-control"] = "no-store"
    return response


def _why(request: Request, visitor: Visitor, status: int) -> str:
    """A booking that is the visitor's own answers like an unknown one once they are signed out."""
    is_by_link = "token" in request.path_params
    if status >= 500 or status in (408, 429):
        return BROKEN
    if visitor.login is None and not is_by_link and status in (401, 403, 404):
        return SIGNED_OUT
    return STALE if status == 403 else OVER
