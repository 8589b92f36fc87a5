"""A practice's own templates on their pages: every error at its field, no typed word dropped."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from uuid_utils.compat import uuid7

from services.common.errors import NotFound
from services.contracts.booking.bookings import ListTreated, TreatedView
from services.contracts.plans.commands import ListTemplates, StartPlan
from services.contracts.plans.measures import InstrumentsView, ListInstruments
from services.contracts.plans.notes import (
    ListNotes,
    ListNoteToDos,
    NotesView,
    NoteToDosView,
)
from services.contracts.plans.refusals import PhasesDoNotFit
from services.contracts.plans.templates import (
    GetPracticeTemplate,
    ListPracticeTemplates,
    PracticeTemplatesView,
    PracticeTemplateView,
    ReviseTemplate,
    StartTemplate,
    TemplateArchived,
    TemplateChanged,
    TemplateIncomplete,
    TooManyTemplates,
)
from services.contracts.plans.views import TemplatesView, TemplateView
from services.contracts.profiles.accounts import Membership, Role
from services.contracts.profiles.clients import ClientName, ClientsView, ListClients
from services.gateway.app import create_app
from services.gateway.forms.reading import Flawed
from services.gateway.forms.templates import template_focus_of
from services.plans.catalogue import load_templates
from tests.unit.gateway import views
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ToldBackend, fetch
from tests.unit.gateway.test_availability import refuse
from tests.unit.gateway.test_own_hold import Knows
from tests.unit.gateway.test_protection import settings
from tests.unit.gateway.test_returning import visitor
from tests.unit.gateway.test_today import START, TREATING

CLIENT, TEMPLATE = uuid4(), UUID(str(uuid7()))
URL, NEW = f"/plans/templates/{TEMPLATE}", "/plans/templates/new"
COACHING = load_templates()["coaching"]
TOLD = PracticeTemplateView(
    id=TEMPLATE,
    practice_id=views.PRACTICE,
    number=3,
    newest=3,
    name="Quiet evenings",
    summary="For some",
    length=COACHING.length,
    source=COACHING.source,
    changed_at=START,
    is_archived=False,
    content=COACHING.suggested(),
    phases=[],
    history=[],
)
OFFERED = TemplateView(
    slug=str(TEMPLATE),
    name="Quiet evenings",
    summary="For some",
    length=COACHING.length,
    source="The practice’s own",
    is_own=True,
)
ELSEWHERE = Membership(
    practice_id=uuid4(), practice_name="Ulme", roles=[Role.PRACTITIONER], practitioner_id=uuid4()
)
GOAL = {"goal-0": "Nachtigall", "goal-0-term": "short"}
FORM = {"form_id": str(uuid7()), "name": "Eisvogel", "summary": "Kiebitz", "template": "coaching"}


def desk(*here: Membership, **told: Any) -> tuple[FastAPI, ToldBackend]:
    """The application before a practitioner whose practice keeps one template."""
    app = create_app(settings())
    app.state.doorkeeper = Knows(visitor(*(here or (TREATING,))))
    client = ClientName(id=CLIENT, name="Jonas")
    answers: dict[Any, Any] = {
        ListTemplates: lambda _: TemplatesView(templates=[COACHING.view(), OFFERED]),
        ListPracticeTemplates: lambda _: PracticeTemplatesView(templates=[]),
        GetPracticeTemplate: lambda _: TOLD,
        ListInstruments: lambda _: InstrumentsView(instruments=[]),
        ListTreated: lambda _: TreatedView(practitioner_id=views.PERSON, client_ids=[CLIENT]),
        ListClients: lambda _: ClientsView(clients=[client]),
        StartTemplate: lambda _: TOLD,
        ReviseTemplate: lambda _: TOLD,
    }
    named = {kind.__name__: kind for kind in (*answers, StartPlan)}
    app.state.backend = ToldBackend(answers | {named[name]: one for name, one in told.items()})
    return app, app.state.backend


def test_the_practices_own_stands_beside_the_published_ones() -> None:
    """Chosen already where one comes from its page."""
    app, _ = desk()
    html = fetch(app, f"/plans/new?template={TEMPLATE}").text
    assert COACHING.source in html
    assert "The practice’s own" in html
    assert re.search(rf'value="{TEMPLATE}" checked', html)


def test_a_client_beyond_the_list_of_those_seen_last_can_be_chosen() -> None:
    """Who comes from the client's record finds them chosen, for a plan as for their notes."""

    def treated(asked: ListTreated) -> TreatedView:
        found = [CLIENT] if asked.client_id == CLIENT else []
        return TreatedView(practitioner_id=views.PERSON, client_ids=found)

    app, backend = desk(ListTreated=treated)
    backend.told |= {
        ListNotes: lambda _: NotesView(notes=[]),
        ListNoteToDos: lambda _: NoteToDosView(to_dos=[]),
    }
    chosen = f'<option value="{CLIENT}" selected>Jonas</option>'
    assert chosen in fetch(app, f"/plans/new?client={CLIENT}").text
    assert "Nobody to plan with yet" in fetch(app, "/plans/new?client=nobody").text
    assert f"/notes/new?client={CLIENT}" in fetch(app, f"/notes?client={CLIENT}").text


@pytest.mark.parametrize(
    "refusal",
    [
        TemplateArchived(""),
        TemplateIncomplete("", {"goals": "none"}),
        NotFound("", {"template": "is not known"}),
    ],
)
def test_a_template_that_went_meanwhile_is_said_at_its_field(refusal: Any) -> None:
    """Whom the plan is for stays chosen."""
    app, _ = desk(StartPlan=refuse(refusal))
    form = {"form_id": str(uuid7()), "client": str(CLIENT), "template": str(TEMPLATE)}
    answer = post_form(app, "/plans/new", form)
    assert answer.status_code == 422
    assert 'id="error-template"' in answer.text
    assert f'value="{CLIENT}" selected' in answer.text


@pytest.mark.parametrize("missing", ["name", "summary", "template"])
def test_what_a_new_template_needs_is_said_at_its_field(missing: str) -> None:
    """The rest stays as it was typed; nothing is begun."""
    app, backend = desk()
    answer = post_form(app, NEW, FORM | {missing: ""})
    assert answer.status_code == 422
    assert f'href="#field-{missing}"' in answer.text
    kept = {"name": "Eisvogel", "summary": "Kiebitz"}
    assert all(words in answer.text for field, words in kept.items() if field != missing)
    assert StartTemplate not in {type(one) for one in backend.asked}


def test_a_practice_with_as_many_as_one_can_keep_says_what_to_do() -> None:
    """409, with what was typed."""
    app, _ = desk(StartTemplate=refuse(TooManyTemplates("")))
    answer = post_form(app, NEW, FORM)
    assert answer.status_code == 409
    assert "100 templates" in answer.text
    assert "Eisvogel" in answer.text


def test_who_treats_in_two_practices_says_which_one_keeps_it() -> None:
    """For a plan's shape it is the plan's, so nobody is asked."""
    app, _ = desk(TREATING, ELSEWHERE)
    answer = post_form(app, NEW, FORM)
    assert answer.status_code == 422
    assert "Choose which practice keeps it." in answer.text
    assert "Ulme" in answer.text
    told = FORM | {"practice": str(ELSEWHERE.practice_id)}
    assert post_form(app, NEW, told).headers["location"] == URL
    of_plan = FORM | {"template": "", "plan": str(uuid4())}
    assert post_form(app, NEW, of_plan).headers["location"] == URL


def test_a_colleagues_change_is_told_with_what_was_typed() -> None:
    """Saving again replaces it, knowingly."""
    app, _ = desk(ReviseTemplate=refuse(TemplateChanged("")))
    answer = post_form(app, f"{URL}/edit/goals", {"number": "2"} | GOAL)
    assert answer.status_code == 409
    assert "A colleague changed this template" in answer.text
    assert "Nachtigall" in answer.text
    assert 'name="number" value="3"' in answer.text


@pytest.mark.parametrize(
    ("part", "typed", "refusal", "field"),
    [
        ("goals", {"goal-1-objectives": "x"}, None, "goal-1"),
        ("goals", {}, TemplateIncomplete("", {"goals": "Suggest one."}), "goal-0"),
        ("shape", {"stretch-0-weeks": "13", "phase-0": "All"}, None, "stretch-0-weeks"),
        (
            "shape",
            {"sessions": "9", "stretch-0-weeks": "1", "phase-0": "All"},
            PhasesDoNotFit("", {"phases": "The phases make 3 sessions, the plan 9."}),
            "phase-0",
        ),
        ("exercises", {"exercise-0-in": "At the door"}, None, "exercise-0-way"),
        ("focus", {"name": "Ours", "summary": "x", "length": "short"}, None, "title"),
    ],
)
def test_what_does_not_hold_is_said_where_it_is_mended(
    part: str, typed: dict[str, str], refusal: Any, field: str
) -> None:
    """And what was typed stands in the form again."""
    app, _ = desk(**({"ReviseTemplate": refuse(refusal)} if refusal else {}))
    answer = post_form(app, f"{URL}/edit/{part}", {"number": "3"} | typed)
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text
    assert all(words in answer.text for words in typed.values())


def test_an_archived_template_is_restored_before_it_is_changed() -> None:
    """Its forms lead back to it; its page offers that and no plan."""
    archived = TOLD.model_copy(update={"is_archived": True})
    app, _ = desk(
        GetPracticeTemplate=lambda _: archived, ReviseTemplate=refuse(TemplateArchived(""))
    )
    assert fetch(app, f"{URL}/edit/goals").headers["location"] == URL
    sent = post_form(app, f"{URL}/edit/goals", {"number": "3"} | GOAL)
    assert sent.headers["location"] == URL
    html = fetch(app, URL).text
    assert f'action="{URL}/restore"' in html
    assert "Begin a plan from it" not in html
    assert f"{URL}/edit/" not in html


@pytest.mark.parametrize("path", [NEW, f"{NEW}?plan={uuid4()}", f"{URL}/edit/goals"])
def test_every_form_says_that_a_template_tells_of_no_client(path: str) -> None:
    """It is not sealed as a record is, and colleagues read it."""
    app, _ = desk()
    assert "A template tells of no client." in fetch(app, path).text


@pytest.mark.parametrize(
    "path", [f"{NEW}?plan=1", "/plans/templates/1", f"{URL}/versions/0", f"{URL}/edit/reason"]
)
def test_an_address_of_no_template_is_no_page(path: str) -> None:
    """Such as one that was cut short."""
    app, _ = desk()
    assert fetch(app, path).status_code == 404


def test_what_is_wrong_with_a_focus_is_said_for_each_field() -> None:
    """A summary that is too long has words of its own."""
    with pytest.raises(Flawed) as flawed:
        template_focus_of({"name": "", "summary": "a" * 2001, "length": "ever", "title": "x"})
    assert list(flawed.value.errors) == ["name", "summary", "length"]
    assert "too long" in flawed.value.errors["summary"]
