"""What a practice asks before a first session: questions one by one, versions, texts."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from uuid_utils.compat import uuid7

from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import NotFound
from services.contracts.plans.intake_setup import (
    GetIntakeForm,
    GetIntakeSetup,
    IntakeSetupView,
    PublishIntakeForm,
    SaveIntakeDraft,
)
from services.contracts.plans.questionnaire import (
    MOST_QUESTIONS,
    ConsentKind,
    ConsentTextView,
    FormQuestion,
    FormView,
)
from services.contracts.plans.refusals import FormChanged, FormNotReady
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.forms.intake_setup import (
    DraftForm,
    PlaceForm,
    question_of,
    values_of,
)
from services.gateway.forms.reading import F, Flawed, Sent, SentLong, parsed
from services.gateway.visitors import Visitor
from services.gateway.web import intake_context, labels
from services.gateway.web.day_desk import today_url
from services.gateway.web.page import page, redirect
from services.gateway.web.zones import shown_zone

router = APIRouter(prefix="/practices/{practice_id}/intake")
Context = dict[str, Any]
CHANGED = "The form was changed in another window. This is how it stands now."
FULL = f"A form has {MOST_QUESTIONS} parts at most. Remove one before you add another."
NOT_READY = "The form asks nothing yet. Add a question first."
PUBLISHED = "Published. Whoever books from now on before a first session here is asked this."
SAVED = "Saved in the draft. Clients see it when you publish."
KIND_OPTIONS = [
    {"value": kind.value, "label": label} for kind, label in intake_context.KINDS.items()
]


def setup_url(practice_id: UUID) -> str:
    """Where a practice keeps what it asks."""
    return f"/practices/{practice_id}/intake"


def actor_in(visitor: Visitor, practice_id: UUID) -> Actor:
    """The member within the practice; raises NotFound for who is none."""
    visitor.require_login()
    actor = visitor.actor(practice_id)
    if not actor.roles:
        raise NotFound("There is no such practice.")
    return actor


@router.get("")
async def setup_page(
    request: Request, backend: Asked, visitor: WebVisitor, practice_id: UUID
) -> Response:
    """The draft, its versions, the texts."""
    seen = await setup_of(backend, visitor, practice_id)
    shown, now = shown_zone(request, visitor), utc_now()
    base = setup_url(practice_id)
    context = {
        "back_url": today_url(visitor, practice_id),
        "base": base,
        "revision": seen.revision,
        "is_changed": seen.is_changed,
        "questions": [_line(one, base) for one in seen.questions],
        "new_url": f"{base}/questions/{uuid7()}",
        "is_full": len(seen.questions) >= MOST_QUESTIONS,
        "versions": [
            {
                "label": f"Version {one.number}",
                "at_label": labels.moment_label(one.published_at, shown.info, now),
                "url": f"{base}/versions/{one.number}",
            }
            for one in seen.versions
        ],
        "texts": [_text_line(seen, kind, base) for kind in ConsentKind],
    }
    return await page(request, "intake_setup.html", context)


@router.get("/preview")
async def preview_page(
    request: Request, backend: Asked, visitor: WebVisitor, practice_id: UUID
) -> Response:
    """The draft as a client would see it."""
    seen = await setup_of(backend, visitor, practice_id)
    return await _form_page(request, practice_id, "Draft", seen.questions)


@router.get("/versions/{number}")
async def version_page(
    request: Request, backend: Asked, visitor: WebVisitor, practice_id: UUID, number: str
) -> Response:
    """A published version as clients see it."""
    actor = actor_in(visitor, practice_id)
    if not number.isdecimal() or not 1 <= int(number[:5]) <= 9999:
        raise NotFound("There is no such version.")
    seen = await backend.ask(actor, GetIntakeForm(number=int(number[:5])), FormView)
    return await _form_page(request, practice_id, f"Version {seen.number}", seen.questions)


@router.get("/questions/{question_id}")
async def question_page(
    request: Request,
    backend: Asked,
    visitor: WebVisitor,
    practice_id: UUID,
    question_id: UUID,
) -> Response:
    """One question, or a new one under a fresh id."""
    seen = await setup_of(backend, visitor, practice_id)
    found = next((one for one in seen.questions if one.id == question_id), None)
    values = values_of(found) if found else {"kind": "long_text"}
    return await _question_page(request, practice_id, question_id, seen, values, {})


@router.post("/questions/{question_id}")
async def save_question(
    request: Request,
    sent: SentLong,
    backend: Asked,
    visitor: WebVisitor,
    practice_id: UUID,
    question_id: UUID,
) -> Response:
    """Put the question in its place, or a new one at the end."""
    seen = await setup_of(backend, visitor, practice_id)
    try:
        revision = parsed(DraftForm, sent).revision
        questions = _with(seen.questions, question_of(sent, question_id))
        await _save(backend, visitor, practice_id, revision, questions)
    except Flawed as flawed:
        return await _question_page(
            request, practice_id, question_id, seen, sent, flawed.errors, 422
        )
    except FormChanged:
        errors = {"form": CHANGED + " Saving again adds your words to it."}
        again = sent | {"revision": str(seen.revision)}
        return await _question_page(request, practice_id, question_id, seen, again, errors, 409)
    return redirect(request, setup_url(practice_id), notice=SAVED)


@router.post("/questions/{question_id}/place")
async def place_question(
    request: Request,
    sent: Sent,
    backend: Asked,
    visitor: WebVisitor,
    practice_id: UUID,
    question_id: UUID,
) -> Response:
    """Move a question up or down, or take it out of the draft."""
    seen, url = await setup_of(backend, visitor, practice_id), setup_url(practice_id)
    try:
        form = parsed_or_changed(PlaceForm, sent)
        questions = _placed(seen.questions, question_id, form.act)
        await _save(backend, visitor, practice_id, form.revision, questions)
    except FormChanged:
        return redirect(request, url, notice=CHANGED, kind="warn")
    return redirect(request, url)


@router.post("/publish")
async def publish(
    request: Request, sent: Sent, backend: Asked, visitor: WebVisitor, practice_id: UUID
) -> Response:
    """Make the draft the version that clients are asked."""
    actor, url = actor_in(visitor, practice_id), setup_url(practice_id)
    try:
        command = PublishIntakeForm(revision=parsed_or_changed(DraftForm, sent).revision)
        await backend.ask(actor, command, IntakeSetupView)
    except FormChanged:
        await setup_of(backend, visitor, practice_id)
        return redirect(request, url, notice=CHANGED, kind="warn")
    except FormNotReady:
        return redirect(request, url, notice=NOT_READY, kind="warn")
    return redirect(request, url, notice=PUBLISHED)


def parsed_or_changed(form: type[F], sent: dict[str, str]) -> F:
    """The hidden fields of a button's form; raises FormChanged where they are not ours."""
    try:
        return parsed(form, sent)
    except Flawed:
        raise FormChanged(CHANGED) from None


async def setup_of(backend: Backend, visitor: Visitor, practice_id: UUID) -> IntakeSetupView:
    """What the practice asks, for who keeps it; raises NotFound, Forbidden."""
    actor = actor_in(visitor, practice_id)
    return await backend.ask(actor, GetIntakeSetup(), IntakeSetupView)


async def _save(
    backend: Backend,
    visitor: Visitor,
    practice_id: UUID,
    revision: int,
    questions: list[FormQuestion],
) -> None:
    if len(questions) > MOST_QUESTIONS:
        raise Flawed({"form": FULL})
    command = SaveIntakeDraft(revision=revision, questions=questions)
    await backend.ask(visitor.actor(practice_id), command, IntakeSetupView)


def _with(questions: list[FormQuestion], new: FormQuestion) -> list[FormQuestion]:
    if any(one.id == new.id for one in questions):
        return [new if one.id == new.id else one for one in questions]
    return [*questions, new]


def _placed(questions: list[FormQuestion], id_: UUID, act: str) -> list[FormQuestion]:
    """The questions with one moved by a place or taken out; raises NotFound."""
    at = next((at for at, one in enumerate(questions) if one.id == id_), None)
    if at is None:
        raise NotFound("There is no such question.")
    rest = [*questions[:at], *questions[at + 1 :]]
    if act == "remove":
        return rest
    to = max(0, at - 1) if act == "up" else at + 1
    return [*rest[:to], questions[at], *rest[to:]]


def newest_of(seen: IntakeSetupView, kind: ConsentKind) -> ConsentTextView | None:
    """The version of a text that is asked now."""
    return next((one for one in seen.texts if one.kind is kind), None)


def _line(question: FormQuestion, base: str) -> Context:
    return {
        "label": question.label,
        "kind_label": intake_context.KINDS[question.kind],
        "is_required": question.is_required,
        "url": f"{base}/questions/{question.id}",
    }


def _text_line(seen: IntakeSetupView, kind: ConsentKind, base: str) -> Context:
    newest = newest_of(seen, kind)
    return {
        "label": intake_context.TEXTS[kind][0],
        "url": f"{base}/texts/{kind.value}",
        "text": newest and intake_context.text(newest),
    }


async def _form_page(
    request: Request, practice_id: UUID, label: str, questions: list[FormQuestion]
) -> Response:
    context = {
        "back_url": setup_url(practice_id),
        "version_label": label,
        "questions": intake_context.questions(questions),
    }
    return await page(request, "intake_preview.html", context)


async def _question_page(
    request: Request,
    practice_id: UUID,
    question_id: UUID,
    seen: IntakeSetupView,
    values: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    base = setup_url(practice_id)
    context = {
        "back_url": base,
        "action": f"{base}/questions/{question_id}",
        "revision": values.get("revision", seen.revision),
        "is_new": all(one.id != question_id for one in seen.questions),
        "kinds": KIND_OPTIONS,
        "values": values,
        "errors": errors,
    }
    return await page(request, "intake_question.html", context, status=status)
