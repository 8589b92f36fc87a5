"""A plan on its way from a template to what both signed, and every wrong way."""

from dataclasses import replace
from uuid import uuid4

import pytest
from uuid_utils.compat import uuid7

from services.common.auth import Actor
from services.common.errors import DifferentContent, Forbidden, NotFound
from services.contracts.plans.content import Focus, Goal, Move, Party, PlanState, Term, VersionState
from services.contracts.plans.refusals import (
    ClientHasNoAccount,
    MoveRefused,
    PhasesDoNotFit,
    PlanChanged,
    PlanIncomplete,
)
from services.contracts.profiles.registering import GuestJoined
from services.plans.operations import joining, reading
from tests.integration.plans.desk import NOW, REASON, WISH, Desk


def test_a_plan_begins_as_an_editable_copy_of_its_template(desk: Desk) -> None:
    """Draft, version 1, with the template's source; nobody has signed."""
    plan = desk.start("interpersonal-therapy-short")
    assert (plan.state, plan.revision, plan.agreed) == (PlanState.DRAFT, 1, None)
    assert plan.open is not None
    assert plan.open.state is VersionState.DRAFT
    assert "Guide to Interpersonal Psychotherapy" in plan.open.content.source
    assert [(one.first, one.last) for one in plan.open.phases] == [(1, 3), (4, 11), (12, 14)]


def test_both_sign_and_the_plan_is_agreed(desk: Desk) -> None:
    """The practitioner by proposing, the client by agreeing; each at a moment that is kept."""
    proposed = desk.propose(desk.ready())
    seen = desk.read(proposed.id, desk.client)
    assert seen.open is not None
    assert seen.open.content.focus.reason == REASON
    assert seen.may == [Move.AGREE, Move.ASK_FOR_CHANGES]
    agreed = desk.agree(proposed)
    assert (agreed.state, agreed.party, agreed.open) == (PlanState.AGREED, Party.CLIENT, None)
    assert agreed.agreed is not None
    assert agreed.agreed.practitioner_signed_at is not None
    assert agreed.agreed.client_signed_at is not None


def test_a_change_to_what_was_agreed_is_a_new_version_to_agree_to(desk: Desk) -> None:
    """Until both signed it, the one before holds; it stays readable afterwards."""
    plan = desk.agreed()
    changed = desk.revise(plan, goals=[Goal(term=Term.SHORT, text="Sleep through")])
    assert (changed.state, changed.open and changed.open.number) == (PlanState.AGREED, 2)
    before = desk.read(plan.id, desk.client)
    assert before.open is None
    assert before.agreed is not None
    assert before.agreed.number == 1
    after = desk.agree(desk.propose(changed))
    assert after.agreed is not None
    assert [goal.text for goal in after.agreed.content.goals] == ["Sleep through"]
    assert [(one.number, one.state) for one in after.history] == [
        (1, VersionState.AGREED),
        (2, VersionState.AGREED),
    ]


def test_nobody_signs_a_text_that_they_have_not_read(desk: Desk) -> None:
    """Taken back, written on and proposed again, a version has the number that the client's open
    page still shows: neither the signature nor the wish of that page counts for the new words."""
    read = desk.propose(desk.ready())
    desk.withdraw(read)
    changed = desk.revise(
        desk.read(read.id, desk.practitioner), focus=Focus(title="Coaching", reason="Unread")
    )
    again = desk.propose(changed)
    assert read.open is not None
    assert again.open is not None
    assert (read.open.number, read.open.text + 1) == (again.open.number, again.open.text)
    for act in (desk.agree, desk.ask_for_changes):
        with pytest.raises(PlanChanged):
            act(read)
    untold = again.model_copy(update={"open": None})
    with pytest.raises(PlanChanged):
        desk.agree(untold)
    assert desk.read(read.id, desk.client).agreed is None
    assert desk.agree(again).state is PlanState.AGREED


def test_a_client_gives_a_proposal_back_with_a_wish(desk: Desk) -> None:
    """What they wrote is read by the practitioner, who answers with a new version."""
    returned = desk.ask_for_changes(desk.propose(desk.ready()))
    assert returned.open is not None
    assert (returned.open.state, returned.open.wish) == (VersionState.RETURNED, WISH)
    seen = desk.read(returned.id, desk.practitioner)
    assert seen.open is not None
    assert seen.open.wish == WISH
    again = desk.revise(seen, focus=Focus(title="Coaching", reason="Shorter"))
    assert again.open is not None
    assert (again.open.number, again.open.state, again.open.wish) == (2, VersionState.DRAFT, "")


def test_a_draft_does_not_exist_for_its_client(desk: Desk) -> None:
    """Neither before the first proposal nor, as a version, beside what is agreed."""
    draft = desk.ready()
    with pytest.raises(NotFound):
        desk.read(draft.id, desk.client)
    plan = desk.withdraw(desk.propose(draft))
    seen = desk.read(plan.id, desk.client)
    assert (seen.open, seen.agreed, seen.history) == (None, None, [])


@pytest.mark.parametrize("who", ["stranger", "other tenant", "desk", "colleague", "nobody"])
def test_a_plan_exists_for_its_two_people_only(desk: Desk, who: str) -> None:
    """Also for others of the practice, whatever their role, it is unknown."""
    plan = desk.agreed()
    practitioner = desk.practitioner
    actors = {
        "stranger": Actor(kind="person", account_id=uuid4()),
        "other tenant": practitioner.within(uuid4(), frozenset({"practitioner"})),
        "desk": replace(
            practitioner, account_id=uuid4(), roles=frozenset({"owner", "admin", "supervisor"})
        ),
        "colleague": replace(practitioner, account_id=uuid4()),
        "nobody": Actor(),
    }
    with pytest.raises(NotFound):
        desk.read(plan.id, actors[who])
    with pytest.raises(NotFound):
        desk.move(plan, Move.END, actors[who])


def test_each_move_is_refused_to_the_other_party(desk: Desk) -> None:
    """Nobody signs for the other; the client does not propose."""
    proposed = desk.propose(desk.ready())
    with pytest.raises(MoveRefused):
        desk.agree(proposed, desk.practitioner)
    with pytest.raises(MoveRefused):
        desk.propose(desk.withdraw(proposed), desk.client)


def test_a_plan_goes_through_its_states(desk: Desk) -> None:
    """Begun without a booked course, reviewed, gone on with, ended by the client."""
    plan = desk.agreed()
    states = [
        desk.move(plan, move).state for move in (Move.BEGIN, Move.REVIEW, Move.GO_ON, Move.REVIEW)
    ]
    assert states == [
        PlanState.ACTIVE,
        PlanState.IN_REVIEW,
        PlanState.ACTIVE,
        PlanState.IN_REVIEW,
    ]
    ended = desk.move(plan, Move.END, desk.client)
    assert (ended.state, ended.may) == (PlanState.ENDED, [])
    with pytest.raises(MoveRefused):
        desk.move(plan, Move.GO_ON)


def test_what_is_repeated_is_done_once(desk: Desk) -> None:
    """Starting, proposing, agreeing, returning, moving: the same view, no second change."""
    plan_id = uuid7()
    begun = desk.start("coaching", plan_id)
    assert desk.start("coaching", plan_id) == begun
    ready = desk.revise(begun, focus=Focus(title="Coaching", reason=REASON))
    assert desk.revise(begun, focus=Focus(title="Coaching", reason=REASON)) == ready
    assert desk.propose(ready) == desk.propose(ready)
    proposed = desk.read(plan_id, desk.practitioner)
    assert desk.agree(proposed) == desk.agree(proposed)
    assert desk.move(begun, Move.BEGIN) == desk.move(begun, Move.BEGIN)
    with pytest.raises(MoveRefused):
        desk.move(begun, Move.BEGIN, desk.client)


def test_an_id_names_one_plan(desk: Desk) -> None:
    """Another template under it is refused; somebody else's id is unknown."""
    plan = desk.start("coaching")
    with pytest.raises(DifferentContent):
        desk.start("open-ended", plan.id)
    with pytest.raises(NotFound):
        replace(desk, practice_id=uuid4(), practitioner_account=uuid4()).start("coaching", plan.id)


def test_what_was_changed_meanwhile_is_not_overwritten(desk: Desk) -> None:
    """Two windows: the second one is told, and so is who agrees to an older version."""
    begun = desk.start()
    desk.revise(begun, focus=Focus(title="One", reason=REASON))
    with pytest.raises(PlanChanged):
        desk.revise(begun, focus=Focus(title="Two", reason=REASON))
    with pytest.raises(PlanChanged):
        desk.propose(begun)
    proposed = desk.propose(desk.read(begun.id, desk.practitioner))
    with pytest.raises(PlanChanged):
        desk.agree(proposed, number=7)


def test_a_plan_that_says_too_little_is_not_proposed(desk: Desk) -> None:
    """Each missing part is named; nothing is written."""
    begun = desk.revise(desk.start(), goals=[])
    with pytest.raises(PlanIncomplete) as refused:
        desk.propose(begun)
    assert list(refused.value.detail) == ["reason", "goals"]
    assert desk.read(begun.id, desk.practitioner).revision == begun.revision


def test_a_shape_that_does_not_add_up_is_refused(desk: Desk) -> None:
    """The part is named."""
    plan = desk.start()
    assert plan.open is not None
    longer = plan.open.content.shape.model_copy(update={"sessions": 9})
    with pytest.raises(PhasesDoNotFit) as refused:
        desk.revise(plan, shape=longer)
    assert list(refused.value.detail) == ["phases"]


def test_a_guests_plan_is_not_proposed(desk: Desk) -> None:
    """Nobody could read and sign it."""
    guest = replace(desk, client_account=None)
    with pytest.raises(ClientHasNoAccount):
        guest.propose(guest.ready())


def test_a_guests_plan_is_read_and_signed_once_they_have_an_account(desk: Desk) -> None:
    """What was begun before becomes theirs, heard twice the same; of another client nothing does.
    Begun after they joined but before that is heard, a plan is theirs as well."""
    guest, other = replace(desk, client_account=None), desk.another_client()
    begun, kept = guest.ready(), other.ready()
    account = uuid4()
    fact = GuestJoined(
        occurred_at=NOW, practice_id=desk.practice_id, client_id=desk.client_id, account_id=account
    )
    for _ in range(2):
        with desk.database.transaction(desk.practitioner) as tx:
            joining.join_account(tx, fact)
    joined = replace(desk, client_account=account)
    assert joined.agree(guest.propose(begun)).state is PlanState.AGREED
    assert other.agree(other.propose(kept)).state is PlanState.AGREED
    late = replace(desk.another_client(), client_account=None)
    late.start()
    known = replace(late, client_account=uuid4())
    assert known.agree(known.propose(known.ready())).state is PlanState.AGREED


def test_nobody_keeps_a_plan_with_themselves(desk: Desk) -> None:
    """Who treats is not who is treated."""
    with pytest.raises(Forbidden):
        replace(desk, client_account=desk.practitioner_account).start()


def test_lists_hold_the_plans_of_their_reader(desk: Desk) -> None:
    """The practitioner's with drafts, the client's once proposed; each says who has the word."""
    other = desk.another_client()
    draft, proposed = other.start(), desk.propose(desk.ready())
    with desk.database.transaction(desk.practitioner) as tx:
        kept = reading.list_plans(tx, actor=desk.practitioner, now=NOW).plans
    assert {(one.id, one.waits_for) for one in kept} == {
        (draft.id, Party.PRACTITIONER),
        (proposed.id, Party.CLIENT),
    }
    with desk.database.transaction(desk.client) as tx:
        own = reading.list_own_plans(tx, actor=desk.client, now=NOW).plans
    assert [one.id for one in own] == [proposed.id]
    with desk.database.transaction(other.client) as tx:
        assert reading.list_own_plans(tx, actor=other.client, now=NOW).plans == []
    with pytest.raises(Forbidden), desk.database.transaction(desk.client) as tx:
        reading.list_plans(tx, actor=desk.client, now=NOW)
