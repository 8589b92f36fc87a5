"""A practice's texts: each written from its newest version or from suggested words."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.contracts.plans.intake_setup import IntakeSetupView, PublishConsentText
from services.contracts.plans.questionnaire import ConsentKind, ConsentTextView
from services.gateway.asking import Asked, WebVisitor
from services.gateway.forms.intake_setup import TextForm
from services.gateway.forms.reading import Flawed, SentLong, parsed
from services.gateway.web import intake_context
from services.gateway.web.ids import kept_form_id, new_form_id
from services.gateway.web.intake_setup import actor_in, newest_of, setup_of, setup_url
from services.gateway.web.page import page, redirect

router = APIRouter(prefix="/practices/{practice_id}/intake/texts")
PUBLISHED = "Published. Every client is asked to sign this version before their next session."


@router.get("/{kind}")
async def text_page(
    request: Request, backend: Asked, visitor: WebVisitor, practice_id: UUID, kind: ConsentKind
) -> Response:
    """A text to write anew, beginning from what stands or from suggested words."""
    seen = await setup_of(backend, visitor, practice_id)
    newest = newest_of(seen, kind)
    suggested = next((one for one in seen.suggested if one.kind is kind), None)
    begin = newest or suggested
    values = {
        "title": begin.title if begin else "",
        "body": begin.body if begin else "",
        "is_required": "yes" if newest is None or newest.is_required else "",
    }
    return await _text_page(request, practice_id, kind, newest, values, {})


@router.post("/{kind}")
async def publish_text(
    request: Request,
    sent: SentLong,
    backend: Asked,
    visitor: WebVisitor,
    practice_id: UUID,
    kind: ConsentKind,
) -> Response:
    """Publish the text, once for each form."""
    actor = actor_in(visitor, practice_id)
    try:
        form = parsed(TextForm, sent)
    except Flawed as flawed:
        newest = newest_of(await setup_of(backend, visitor, practice_id), kind)
        return await _text_page(request, practice_id, kind, newest, sent, flawed.errors, 422)
    command = PublishConsentText(
        id=form.form_id,
        kind=kind,
        title=form.title,
        body=form.body,
        is_required=form.is_required,
    )
    await backend.ask(actor, command, IntakeSetupView)
    return redirect(request, setup_url(practice_id), notice=PUBLISHED)


async def _text_page(
    request: Request,
    practice_id: UUID,
    kind: ConsentKind,
    newest: ConsentTextView | None,
    values: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    base = setup_url(practice_id)
    context = {
        "back_url": base,
        "action": f"{base}/texts/{kind.value}",
        "heading": intake_context.TEXTS[kind][0],
        "number": newest.number if newest else 0,
        "form_id": kept_form_id(values.get("form_id", "")) if errors else new_form_id(),
        "values": values,
        "errors": errors,
    }
    return await page(request, "consent_text.html", context, status=status)
