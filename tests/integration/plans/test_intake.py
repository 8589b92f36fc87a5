"""Intake by who comes: kept, given once, corrected, read by whom it concerns, with every look."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from uuid_utils.compat import uuid7

from services.common.errors import DifferentContent, Forbidden, NotFound
from services.contracts.booking.bookings import BookingState
from services.contracts.plans.content import Party
from services.contracts.plans.questionnaire import FormAnswer, FormQuestion, QuestionKind
from services.contracts.plans.refusals import IntakeChanged, IntakeClosed, IntakeIncomplete
from tests.integration.plans.desk import NOW, Desk
from tests.integration.plans.reception import FOLLOWED, STARTS, TEXT, Reception, answers_to


@pytest.fixture
def reception(desk: Desk) -> Reception:
    """A practice that asks its first form, and no texts."""
    made = Reception(desk)
    made.publish()
    return made


def test_who_looked_is_told_before_anything_was_asked(desk: Desk) -> None:
    """Whoever comes reads who wrote in their record, also where no form is asked of them."""
    reception = Reception(desk)
    assert reception.looks() == []
    desk.start()
    assert (Party.PRACTITIONER, True) in {(one.party, one.is_write) for one in reception.looks()}


def test_who_comes_keeps_answers_and_goes_on_later(reception: Reception) -> None:
    """What is missing may be missing still; another time takes the place of the first."""
    questions = reception.form(1).questions
    said = answers_to(questions)
    assert reception.keep(said[:1]).answers == said[:1]
    again = reception.keep(said[1:3])
    assert again.answers == reception.read().answers == said[1:3]
    assert (again.is_given, again.given, again.state) == (False, [], "open")


def test_what_is_missing_is_named_and_nothing_is_given(reception: Reception) -> None:
    """By the question's id, in words."""
    required = next(one for one in reception.form(1).questions if one.is_required)
    with pytest.raises(IntakeIncomplete) as refused:
        reception.submit([])
    assert refused.value.detail == {str(required.id): "Please write a few words."}
    wrong = FormAnswer(question_id=required.id, text="words")
    scale = next(one for one in reception.form(1).questions if one.kind == "short_text")
    with pytest.raises(IntakeIncomplete):
        reception.keep([wrong, FormAnswer(question_id=scale.id, text="two\nlines")])
    assert reception.read().answers == []


def test_answers_are_given_and_read_by_both(reception: Reception) -> None:
    """The client and who treats them; the draft is gone, and the practice lacks nothing."""
    said = answers_to(reception.form(1).questions)
    reception.keep(said[:2])
    mine = reception.submit(said)
    assert (mine.is_given, mine.state) == (True, "complete")
    theirs = reception.read_as_practitioner()
    assert theirs.given == mine.given
    assert theirs.given[0].answers == said
    assert {TEXT, FOLLOWED} <= {one.text for one in said}
    assert reception.desk.rows("SELECT count(*) FROM plans.intakes WHERE draft IS NOT NULL") == [
        (0,)
    ]


def test_answers_sent_twice_are_given_once(reception: Reception) -> None:
    """One id is one act; with other answers it is refused."""
    said, id_ = answers_to(reception.form(1).questions), uuid7()
    first = reception.submit(said, id_=id_)
    assert reception.submit(said, id_=id_) == first
    for other in (said[:-1], answers_to(reception.form(1).questions, "Other")):
        with pytest.raises(DifferentContent):
            reception.submit(other, id_=id_)
    stranger = Reception(reception.desk.another_client())
    with pytest.raises(NotFound):
        stranger.submit(said, id_=id_)


def test_answers_keep_the_version_with_which_they_were_given(reception: Reception) -> None:
    """A new version asks those who come later; nobody is asked anew."""
    first = reception.form(1).questions
    reception.submit(answers_to(first))
    more = FormQuestion(id=uuid4(), kind=QuestionKind.SCALE, label="Anew?", is_required=True)
    reception.edit([more])
    reception.publish()
    assert reception.stands().state == "complete"
    assert reception.read_as_practitioner().given[0].form.questions == first
    later = Reception(reception.desk.another_client()).read()
    assert later.form is not None
    assert later.form.questions == [more]


def test_a_draft_goes_on_with_its_version(reception: Reception) -> None:
    """Who began with version 1 finishes it."""
    said = answers_to(reception.form(1).questions)
    reception.keep(said)
    reception.edit([FormQuestion(id=uuid4(), kind=QuestionKind.SCALE, label="Anew?")])
    reception.publish()
    shown = reception.read()
    assert shown.form is not None
    assert (shown.form.number, shown.answers) == (1, said)
    assert reception.submit(said).given[0].form.number == 1
    with pytest.raises(NotFound):
        reception.keep(said, number=3)


def test_a_page_goes_on_with_its_own_draft_and_with_no_other(reception: Reception) -> None:
    """Two windows at once: the one that lost is told, and what the other kept stands."""
    said = answers_to(reception.form(1).questions)
    one, other = uuid7(), uuid7()
    for count in (1, 2):
        assert reception.keep(said[:count], revision=0, page_id=one).revision == count
    with pytest.raises(IntakeChanged):
        reception.keep(said[:1], revision=0, page_id=other)
    with pytest.raises(IntakeChanged):
        reception.submit(said, revision=0, id_=other)
    assert reception.read().answers == said[:2]
    assert reception.keep(said[:3], revision=2, page_id=other).answers == said[:3]
    with pytest.raises(IntakeChanged):
        reception.keep(said[:1], revision=0, page_id=one)


def test_a_page_of_before_the_giving_makes_no_draft_of_a_correction(reception: Reception) -> None:
    """Left open in another window, or come back to; one opened since then does."""
    said, page_id = answers_to(reception.form(1).questions), uuid7()
    reception.keep(said[:1], revision=0, page_id=page_id)
    given = reception.submit(said, id_=page_id, revision=0)
    for late in (page_id, uuid7()):
        with pytest.raises(IntakeChanged):
            reception.keep(said[:1], revision=1, page_id=late)
    assert reception.read().answers == said
    assert reception.keep(said[:1], revision=given.revision, page_id=uuid7()).answers == said[:1]


def test_a_page_is_read_with_the_version_that_it_shows(reception: Reception) -> None:
    """Also when a newer one is asked by now; one that was never published is unknown."""
    first = reception.form(1).questions
    reception.edit([FormQuestion(id=uuid4(), kind=QuestionKind.SCALE, label="Anew?")])
    reception.publish()
    asked, shown = reception.read().form, reception.read(1).form
    assert asked is not None
    assert shown is not None
    assert (asked.number, shown.number, shown.questions) == (2, 1, first)
    with pytest.raises(NotFound):
        reception.read(3)


def test_a_correction_is_added_until_the_session(reception: Reception) -> None:
    """Both stay readable, the latest first; afterwards the answers stand."""
    questions = reception.form(1).questions
    reception.submit(answers_to(questions))
    corrected = reception.submit(answers_to(questions, "Better words"))
    assert [one.number for one in corrected.given] == [2, 1]
    assert corrected.answers == corrected.given[0].answers
    late = replace(reception, now=STARTS)
    assert not late.read().may_write
    with pytest.raises(IntakeClosed):
        late.submit(answers_to(questions, "Too late"))
    assert len(reception.read_as_practitioner().given) == 2


def test_a_link_writes_and_never_reads(reception: Reception) -> None:
    """What was kept is named and not told; an empty field leaves it, a filled one replaces it."""
    link, questions = reception.by_link(), reception.form(1).questions
    said = answers_to(questions)
    kept = link.keep(said[:2])
    assert (kept.may_read, kept.answers, kept.given) == (False, [], [])
    assert kept.answered == [one.question_id for one in said[:2]]
    given = link.submit(said[2:])
    assert (given.answers, given.given, given.is_given) == ([], [], True)
    assert TEXT not in given.model_dump_json()
    assert reception.read_as_practitioner().given[0].answers == said
    with pytest.raises(IntakeClosed):
        link.submit(said)
    with pytest.raises(NotFound):
        link.looks()


def test_a_link_gives_twice_what_it_sent_twice(reception: Reception) -> None:
    """The form says less than what is given, for the rest was kept before."""
    link, said, id_ = reception.by_link(), answers_to(reception.form(1).questions), uuid7()
    link.keep(said[:2])
    first = link.submit(said[2:], id_=id_)
    assert link.submit(said[2:], id_=id_) == first
    assert len(reception.read_as_practitioner().given) == 1


def test_a_guest_without_account_gives_answers(desk: Desk) -> None:
    """Their chart has no account; who treats them reads it."""
    guest = Reception(replace(desk, client_account=None), is_link=True)
    guest.publish()
    guest.submit(answers_to(guest.form(1).questions))
    assert len(guest.read_as_practitioner().given) == 1


@pytest.mark.parametrize("state", [BookingState.CANCELLED, BookingState.HELD])
def test_nothing_is_taken_for_a_session_that_is_not_to_be(
    state: BookingState, reception: Reception
) -> None:
    """It is refused, and nothing is written."""
    closed = replace(reception, state=state)
    for act in (closed.keep, closed.submit):
        with pytest.raises(IntakeClosed):
            act(answers_to(reception.form(1).questions))
    assert reception.read().answers == []


def test_the_front_desk_sees_whether_all_is_there_and_nothing_else(reception: Reception) -> None:
    """A practitioner of theirs alone; a stranger nobody."""
    member = reception.desk.practitioner
    for role in ("owner", "admin", "front_desk"):
        [told] = reception.states(replace(member, roles=frozenset({role})))
        assert told.state == "open"
    assert reception.states(member) == []
    assert len(reception.states(member, {reception.desk.client_id})) == 1
    assert reception.states(replace(member, roles=frozenset({"billing"}))) == []
    with pytest.raises(Forbidden):
        reception.states(reception.desk.client)
    counted = reception.desk.rows("SELECT count(*) FROM plans.accesses")
    assert counted == [(0,)]


def test_home_and_reminders_learn_what_is_due(reception: Reception) -> None:
    """Before a chart is begun, while it is a draft, and no more when it is given."""
    said = answers_to(reception.form(1).questions)
    assert (reception.at_home(), reception.is_due()) == ("open", True)
    reception.keep(said)
    assert (reception.at_home(), reception.is_due()) == ("open", True)
    reception.submit(said)
    assert (reception.at_home(), reception.is_due()) == ("complete", False)


def test_every_look_is_written_down_and_told(reception: Reception) -> None:
    """Also those by the link, as such: a mail can be passed on; who is at home or at the desk
    opens nothing."""
    reception.by_link().keep(answers_to(reception.form(1).questions)[:1])
    reception.submit(answers_to(reception.form(1).questions))
    later = replace(reception, now=NOW + timedelta(hours=1))
    later.read_as_practitioner()
    told = {(one.party, one.is_by_link, one.kind, one.is_write) for one in later.looks()}
    assert {
        ("client", True, "intake_draft", True),
        ("client", False, "intake", True),
        ("practitioner", False, "intake", False),
        ("practitioner", False, "consent", False),
    } <= told
    assert ("client", False, "intake_draft", True) not in told
    by = reception.desk.rows(
        "SELECT count(by_account_id), count(by_booking_id) FROM plans.accesses"
        " WHERE party = 'client'"
    )
    assert all(by[0])
