"""Before the first session: the practice's form, kept while it is filled in, given once."""

from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from services.common.clock import utc_now
from services.common.errors import DifferentContent, NotFound
from services.common.messages import Instant
from services.contracts.plans.intake import (
    GetIntake,
    IntakeState,
    IntakeView,
    KeepIntake,
    ListIntakeAccesses,
    SubmitIntake,
)
from services.contracts.plans.questionnaire import FormView
from services.contracts.plans.refusals import IntakeChanged, IntakeClosed, IntakeIncomplete
from services.contracts.plans.views import AccessesView
from services.gateway.asking import Asked, WebVisitor, limit_bookings, limit_keeping
from services.gateway.backend import Backend
from services.gateway.forms.intake import FilledForm, ShownForm, answers_of, values_of
from services.gateway.forms.reading import Flawed, SentLong, parsed
from services.gateway.visitors import Visitor
from services.gateway.web import intake_context, labels, looks, roster
from services.gateway.web.access import Access, Granted
from services.gateway.web.ids import kept_form_id
from services.gateway.web.page import page, redirect
from services.gateway.web.zones import shown_zone

pages = APIRouter(prefix="/intake")
KEPT = "Your answers are kept. Come back to this page whenever you like."
GIVEN = "Thank you. Your practitioner has your answers."
NOTHING = "Nothing is asked of you before this session."
CLOSED = "Your answers are with your practitioner and are not changed here any more."
CHANGED = (
    "You kept or sent answers in another window since you opened this page. What you entered here "
    "is in the fields; saving or sending takes the place of what you kept there."
)
SENT_OTHERS = (
    "You sent other answers from this page before, and they are kept. What you entered now is in "
    "the fields: send again to correct them."
)
AUTOSAVE = "x-autosave"
NotTaken = Flawed | IntakeIncomplete | IntakeClosed | IntakeChanged | DifferentContent
NOT_TAKEN = (Flawed, IntakeIncomplete, IntakeClosed, IntakeChanged, DifferentContent)


async def intake_of(backend: Backend, access: Access, form_number: int | None = None) -> IntakeView:
    """The intake of who comes, with a version of the form or the one that is to be filled in;
    raises NotFound for everybody else."""
    asked = GetIntake(booking_id=access.booking_id, form_number=form_number)
    return await backend.ask(access.actor, asked, IntakeView)


@pages.get("")
async def intake_page(
    request: Request, backend: Asked, access: Granted, visitor: WebVisitor, correct: str = ""
) -> Response:
    """The form while it waits; afterwards what was given, for who may read it."""
    seen = await intake_of(backend, access)
    if seen.state is IntakeState.NOT_ASKED:
        return redirect(request, access.base, notice=NOTHING, kind="info")
    if seen.form is None:
        return redirect(request, f"{access.base}/intake/consents")
    is_corrected = bool(correct) and seen.may_read
    if seen.may_write and (is_corrected or not seen.is_given):
        values = values_of(seen.form.questions, seen.answers)
        return await _form_page(request, access, visitor, seen, seen.form, values, {})
    return await _given_page(request, backend, access, visitor, seen)


@pages.post("/draft", dependencies=[Depends(limit_keeping)])
async def keep_answers(
    request: Request, sent: SentLong, backend: Asked, access: Granted, visitor: WebVisitor
) -> Response:
    """Keep what is filled in so far: by the button, or by the script while somebody types."""
    seen, form = await _shown(backend, access, sent)
    is_by_itself = AUTOSAVE in request.headers
    try:
        filled = parsed(FilledForm, sent)
        command = KeepIntake(
            booking_id=access.booking_id,
            form_number=filled.form_number,
            answers=answers_of(sent, form.questions),
            revision=filled.revision,
            page_id=filled.form_id,
        )
        kept = await backend.ask(access.actor, command, IntakeView)
    except NOT_TAKEN as flaw:
        if is_by_itself:
            return JSONResponse({}, status_code=409 if isinstance(flaw, IntakeChanged) else 422)
        return await _not_taken(request, access, visitor, seen, form, sent, flaw)
    if is_by_itself:
        return JSONResponse(intake_context.progress(form.questions, len(kept.answered)))
    return redirect(request, access.base, notice=KEPT)


@pages.post("", dependencies=[Depends(limit_bookings)])
async def give_answers(
    request: Request, sent: SentLong, backend: Asked, access: Granted, visitor: WebVisitor
) -> Response:
    """Give the answers, once for each form; then on to what is to be signed."""
    seen, form = await _shown(backend, access, sent)
    try:
        filled = parsed(FilledForm, sent)
        command = SubmitIntake(
            id=filled.form_id,
            booking_id=access.booking_id,
            form_number=filled.form_number,
            answers=answers_of(sent, form.questions),
            revision=filled.revision,
        )
        given = await backend.ask(access.actor, command, IntakeView)
    except NOT_TAKEN as flaw:
        return await _not_taken(request, access, visitor, seen, form, sent, flaw)
    is_open = given.state is IntakeState.OPEN
    onward = "/intake/consents" if is_open else "/intake"
    return redirect(request, access.base + onward, notice=GIVEN)


@pages.get("/looks")
async def looks_page(
    request: Request,
    backend: Asked,
    access: Granted,
    visitor: WebVisitor,
    before: Instant | None = None,
) -> Response:
    """Who looked at the client's record, and when; for the client's account."""
    asked = ListIntakeAccesses(booking_id=access.booking_id, before=before)
    found = await backend.ask(access.actor, asked, AccessesView)
    now, shown = utc_now(), shown_zone(request, visitor)
    url, back = f"{access.base}/intake/looks", access.base
    told = await looks.context(backend, visitor, found, url, shown, now, is_later=bool(before))
    context = {"back_url": back, "back_label": "Your appointment"} | told
    return await page(request, "plan_looks.html", context)


async def _shown(
    backend: Backend, access: Access, sent: dict[str, str]
) -> tuple[IntakeView, FormView]:
    """The intake with the version that was filled in: another one has other options in their
    places. Raises NotFound where none is asked."""
    try:
        number = parsed(ShownForm, sent).form_number
    except Flawed:
        number = None  # the page says then that it is out of date
    seen = await intake_of(backend, access, number)
    if seen.form is None:
        raise NotFound("There is no such form.")
    return seen, seen.form


async def _not_taken(
    request: Request,
    access: Access,
    visitor: Visitor,
    seen: IntakeView,
    form: FormView,
    sent: dict[str, str],
    flaw: NotTaken,
) -> Response:
    """The form with what was typed and what is wrong with it; what is closed says so instead."""
    is_used = isinstance(flaw, DifferentContent)
    if isinstance(flaw, IntakeClosed) or (is_used and not seen.may_write):
        return redirect(request, f"{access.base}/intake", notice=CLOSED, kind="warn")
    if isinstance(flaw, IntakeChanged):
        again = sent | {"revision": str(seen.revision)}
        return await _form_page(request, access, visitor, seen, form, again, {"form": CHANGED}, 409)
    if isinstance(flaw, DifferentContent):
        again, told = sent | {"form_id": "", "revision": str(seen.revision)}, {"form": SENT_OTHERS}
        return await _form_page(request, access, visitor, seen, form, again, told, 409)
    return await _form_page(request, access, visitor, seen, form, sent, _errors(flaw), 422)


def _errors(flaw: Flawed | IntakeIncomplete) -> dict[str, str]:
    """What is wrong by field: plans names questions by their ids."""
    if isinstance(flaw, Flawed):
        return flaw.errors
    return {f"q-{id_}": words for id_, words in flaw.detail.items()}


async def _form_page(
    request: Request,
    access: Access,
    visitor: Visitor,
    seen: IntakeView,
    form: FormView,
    values: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    shown, now = shown_zone(request, visitor), utc_now()
    kept = [] if seen.may_read else seen.answered
    context = {
        "action": f"{access.base}/intake",
        "keep_url": f"{access.base}/intake/draft",
        "back_url": access.base,
        "form_id": kept_form_id(values.get("form_id", "")),
        "form_number": form.number,
        "revision": values.get("revision", seen.revision),
        "questions": intake_context.questions(form.questions, kept),
        "progress": intake_context.progress(form.questions, len(seen.answered)),
        "due_label": labels.moment_label(seen.starts_at, shown.info, now),
        "zone_label": shown.name,
        "is_correction": seen.is_given,
        "may_read": seen.may_read,
        "values": values,
        "errors": errors,
        "named_errors": intake_context.named(form.questions, errors),
    }
    return await page(request, "intake.html", context, status=status)


async def _given_page(
    request: Request, backend: Backend, access: Access, visitor: Visitor, seen: IntakeView
) -> Response:
    shown, now = shown_zone(request, visitor), utc_now()
    cards = await roster.of_ids(backend, [seen.practitioner_id])
    card = cards.get(seen.practitioner_id)
    told: list[Any] = [intake_context.given(one, shown, now) for one in seen.given]
    context = {
        "back_url": access.base,
        "who": card.name if card else "Your practitioner",
        "is_given": seen.is_given,
        "may_read": seen.may_read,
        "given": told,
        "correct_url": f"{access.base}/intake?correct=yes" if seen.may_write else None,
        "consents": [
            intake_context.consent(one, f"{access.base}/intake/consents", shown, now)
            for one in seen.consents
        ],
        "consents_url": f"{access.base}/intake/consents",
        "is_complete": seen.state is IntakeState.COMPLETE,
        "looks_url": f"{access.base}/intake/looks" if seen.may_read else None,
    }
    return await page(request, "intake_given.html", context)
