"""What a practice asks: edited as a draft, published in versions that stay, by who may."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError, ProgrammingError
from uuid_utils.compat import uuid7

from services.common.auth import Actor
from services.common.errors import DifferentContent, Forbidden, NotFound
from services.contracts.plans.questionnaire import ConsentKind, FormQuestion, QuestionKind
from services.contracts.plans.refusals import FormChanged, FormNotReady
from services.plans.operations.intake_setup import check_keeps, is_keeper, may_be_alone
from tests.integration.plans.desk import Desk
from tests.integration.plans.reception import Reception


@pytest.fixture
def reception(desk: Desk) -> Reception:
    """A practice that has published nothing yet."""
    return Reception(desk)


def another(label: str = "And what else?") -> FormQuestion:
    """A question more."""
    return FormQuestion(id=uuid4(), kind=QuestionKind.LONG_TEXT, label=label)


def test_a_practice_starts_from_a_draft_and_asks_nobody_yet(reception: Reception) -> None:
    """The suggested form waits to be read and published."""
    setup = reception.setup()
    assert (setup.revision, setup.is_changed, setup.versions, setup.texts) == (1, True, [], [])
    assert len(setup.questions) > 1
    assert len(setup.suggested) == len(ConsentKind)
    assert reception.stands().state == "not_asked"


def test_publishing_makes_a_version_that_stays_as_it_is(reception: Reception) -> None:
    """The draft goes on; what was published under 1 does not change, and the newest comes first."""
    first = reception.publish()
    assert not first.is_changed
    edited = reception.edit([*first.questions, another()])
    assert edited.is_changed
    assert reception.form(1).questions == first.questions
    second = reception.publish()
    assert [one.number for one in second.versions] == [2, 1]
    assert reception.form(2).questions == edited.questions
    assert reception.form(1).questions == first.questions
    with pytest.raises(NotFound):
        reception.form(3)


def test_publishing_twice_is_one_version(reception: Reception) -> None:
    """The same form pressed again finds nothing else to publish."""
    assert reception.publish() == reception.publish()


def test_a_form_that_asks_nothing_is_not_published(reception: Reception) -> None:
    """A heading alone asks nothing."""
    reception.edit([FormQuestion(id=uuid4(), kind=QuestionKind.HEADING, label="Hello")])
    with pytest.raises(FormNotReady):
        reception.publish()
    assert reception.setup().versions == []


def test_what_was_changed_meanwhile_is_not_overwritten(reception: Reception) -> None:
    """Two windows: the second is told, the same words twice are one change."""
    questions = [*reception.setup().questions, another()]
    saved = reception.edit(questions, revision=1)
    assert reception.edit(questions, revision=1) == saved
    with pytest.raises(FormChanged):
        reception.edit([another("Other words")], revision=1)
    with pytest.raises(FormChanged):
        reception.publish(revision=1)


def test_two_questions_never_share_an_id(reception: Reception) -> None:
    """Answers would stand under both."""
    one = another()
    with pytest.raises(DifferentContent):
        reception.edit([one, one])


def test_texts_have_versions_for_each_kind(reception: Reception) -> None:
    """A new version leaves the earlier one; one id is one version."""
    id_ = uuid7()
    first = reception.publish_text("First", id=id_)
    assert reception.publish_text("First", id=id_) == first
    with pytest.raises(DifferentContent):
        reception.publish_text("Other words", id=id_)
    reception.publish_text("Seen", kind=ConsentKind.PRIVACY)
    told = reception.publish_text("Second").texts
    assert [(one.kind, one.number, one.body) for one in told] == [
        ("privacy", 1, "Seen"),
        ("treatment", 2, "Second"),
        ("treatment", 1, "First"),
    ]


def test_forms_are_of_one_practice(reception: Reception) -> None:
    """Another one begins from its own draft and sees no version of ours."""
    reception.publish()
    reception.publish_text()
    elsewhere = Reception(replace(reception.desk, practice_id=uuid4())).setup()
    assert (elsewhere.versions, elsewhere.texts, elsewhere.revision) == ([], [], 1)


@pytest.mark.parametrize("table", ["intake_forms", "consent_texts", "intake_answers", "consents"])
@pytest.mark.parametrize(
    "act", ["UPDATE plans.{} SET practice_id = practice_id", "DELETE FROM plans.{}"]
)
def test_what_was_published_given_or_signed_is_not_changed(
    table: str, act: str, reception: Reception
) -> None:
    """The role that serves requests has no right to."""
    with pytest.raises(ProgrammingError, match="permission denied"):
        reception.desk.rows(act.format(table))


def test_one_number_names_one_version_in_the_database_too(reception: Reception) -> None:
    """Whatever the code does."""
    reception.publish()
    again = "INSERT INTO plans.intake_forms SELECT * FROM plans.intake_forms"
    with pytest.raises(IntegrityError, match="intake_forms_pkey"):
        reception.desk.rows(f"{again} RETURNING number")


def test_the_form_is_kept_by_owner_and_admin_and_by_who_works_alone(desk: Desk) -> None:
    """Others of the practice are refused; to strangers it does not exist."""
    member = desk.practitioner
    kept_by = {
        role: is_keeper(replace(member, roles=frozenset({role})))
        for role in ("owner", "admin", "practitioner", "front_desk", "billing", "supervisor")
    }
    assert [role for role, may in kept_by.items() if may] == ["owner", "admin"]
    assert may_be_alone(member)
    assert not may_be_alone(replace(member, roles=frozenset({"front_desk"})))
    assert check_keeps(member, may_keep=True) == desk.practice_id
    with pytest.raises(Forbidden):
        check_keeps(member, may_keep=False)
    for actor in (Actor(), desk.client, desk.client.within(desk.practice_id)):
        with pytest.raises(NotFound):
            check_keeps(actor, may_keep=True)
