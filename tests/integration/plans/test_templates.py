"""Templates of a practice on the real database: begun, written in versions, used, archived."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from uuid_utils.compat import uuid7

from services.common.auth import Actor
from services.common.errors import DifferentContent, Forbidden, InvalidInput, NotFound
from services.contracts.plans.refusals import PhasesDoNotFit
from services.contracts.plans.templates import (
    MOST_TEMPLATES,
    TemplateArchived,
    TemplateChanged,
    TemplateIncomplete,
    TooManyTemplates,
)
from services.plans.catalogue import load_templates
from tests.integration.plans.desk import REASON, Desk
from tests.integration.plans.template_desk import NAME, TemplateDesk


@pytest.fixture
def keeping(desk: Desk) -> TemplateDesk:
    """A practitioner who keeps templates."""
    return TemplateDesk(desk)


def goal(words: str) -> dict[str, object]:
    """A goal as it travels."""
    return {"term": "short", "text": words, "objectives": []}


def colleague_of(desk: Desk) -> Actor:
    """Another practitioner of the practice."""
    return replace(desk.practitioner, account_id=uuid4())


def test_a_template_begins_as_a_published_one_and_keeps_its_source(keeping: TemplateDesk) -> None:
    """Sent again it is the same one; the same id with another name is refused."""
    id_ = uuid7()
    begun = keeping.start(id=id_)
    coaching = load_templates()["coaching"].suggested()
    assert begun.content.goals == coaching.goals
    assert (begun.source, begun.newest, begun.lacks) == (coaching.source, 1, {})
    assert keeping.start(id=id_) == begun
    with pytest.raises(DifferentContent):
        keeping.start(id=id_, name="Another name")
    assert len(keeping.listed().templates) == 1


def test_each_change_is_a_version_and_plans_keep_the_one_they_began_with(
    keeping: TemplateDesk,
) -> None:
    """An older version stays readable, and a plan says which one it was."""
    first = keeping.start()
    plan = keeping.desk.start(str(first.id))
    second = keeping.revise(first, goals=[goal("Sleep at eleven")])
    assert keeping.revise(first, goals=[goal("Sleep at eleven")]) == second
    assert [one.number for one in second.history] == [2, 1]
    assert keeping.read(second, number=1).content == first.content
    read = keeping.desk.read(plan.id, keeping.desk.practitioner)
    assert read.open is not None
    assert read.open.content.goals == first.content.goals
    assert (read.open.content.template, read.open.content.template_version) == (str(first.id), 1)
    assert f"“{NAME}”" in read.open.content.source
    assert first.source in read.open.content.source
    assert keeping.desk.start(str(first.id), plan.id).id == plan.id


def test_a_colleague_shares_it_and_whoever_was_faster_is_not_overwritten(
    keeping: TemplateDesk,
) -> None:
    """Who read an older version is told; to others of the practice, to clients and to another
    practice it is nothing."""
    first, other = keeping.start(), colleague_of(keeping.desk)
    second = keeping.revise(first, other, goals=[goal("Rest")])
    assert [one.is_own for one in keeping.read(second).history] == [False, True]
    with pytest.raises(TemplateChanged):
        keeping.revise(first, goals=[goal("Work")])
    owner = replace(other, roles=frozenset({"owner", "admin"}))
    with pytest.raises(Forbidden):
        keeping.read(first, owner)
    with pytest.raises(Forbidden):
        keeping.listed(keeping.desk.client)
    assert keeping.offered(owner) == keeping.offered(keeping.desk.client) == []
    stranger = replace(other, practice_id=uuid4())
    with pytest.raises(NotFound):
        keeping.read(first, stranger)
    assert keeping.listed(stranger).templates == []


def test_what_does_not_hold_is_refused_by_its_part_and_nothing_is_written(
    keeping: TemplateDesk,
) -> None:
    """Sessions that do not add up, no goal, an unknown questionnaire."""
    first = keeping.start()
    shape = first.content.shape.model_dump(mode="json") | {"sessions": 2}
    with pytest.raises(PhasesDoNotFit) as misfit:
        keeping.revise(first, shape=shape)
    assert "phases" in misfit.value.detail
    with pytest.raises(TemplateIncomplete) as incomplete:
        keeping.revise(first, goals=[])
    assert "goals" in incomplete.value.detail
    with pytest.raises(InvalidInput):
        keeping.revise(first, measures=[{"instrument": "xyz-1", "every": 1, "unit": "weeks"}])
    assert keeping.read(first) == first


def test_of_a_plan_nothing_that_was_written_for_its_client_comes_along(
    keeping: TemplateDesk,
) -> None:
    """Not even into a column; until a goal is suggested it is not offered, nor begun from."""
    desk = keeping.desk
    plan = desk.revise(desk.ready(), goals=[goal(f"{REASON}!")])
    kept = keeping.start(plan_id=plan.id)
    assert set(kept.lacks) == {"goals"}
    assert keeping.offered() == []
    with pytest.raises(TemplateIncomplete):
        desk.start(str(kept.id))
    assert kept.content.shape == load_templates()["coaching"].shape
    rows = desk.rows("SELECT content::text FROM plans.template_versions")
    assert [REASON in str(row[0]) for row in rows] == [False]
    looks = desk.rows("SELECT kind FROM plans.accesses WHERE NOT is_write")
    assert "version" in {str(row[0]) for row in looks}


def test_only_who_keeps_a_plan_makes_a_template_of_it(keeping: TemplateDesk) -> None:
    """To a colleague the plan does not exist, and its client is no practitioner."""
    plan = keeping.desk.agreed()
    with pytest.raises(NotFound):
        keeping.start(colleague_of(keeping.desk), plan_id=plan.id)
    with pytest.raises(Forbidden):
        keeping.start(keeping.desk.client, plan_id=plan.id)


def test_an_archived_one_is_neither_offered_nor_written_until_it_is_restored(
    keeping: TemplateDesk,
) -> None:
    """Each may be repeated; it stays in the list, and plans that began with it can be read."""
    first = keeping.start()
    assert [one.slug for one in keeping.offered()] == [str(first.id)]
    assert keeping.archive(first) == keeping.archive(first)
    assert keeping.offered() == []
    with pytest.raises(TemplateArchived):
        keeping.desk.start(str(first.id))
    with pytest.raises(TemplateArchived):
        keeping.revise(first, goals=[goal("Rest")])
    assert [one.is_archived for one in keeping.listed().templates] == [True]
    keeping.restore(first)
    assert keeping.restore(first).is_archived is False
    assert keeping.desk.start(str(first.id)).open is not None


def test_versions_are_only_added_to(keeping: TemplateDesk) -> None:
    """The serving role can neither change nor remove one, nor remove a template."""
    keeping.start()
    for act in (
        "UPDATE plans.template_versions SET number = 9",
        "DELETE FROM plans.template_versions",
        "DELETE FROM plans.templates",
    ):
        desk = keeping.desk
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            desk.database.transaction(desk.practitioner) as tx,
        ):
            tx.execute(text(act))


def test_a_practice_keeps_no_end_of_them(keeping: TemplateDesk) -> None:
    """The list is read whole, so it has a bound, archived ones included."""
    desk = keeping.desk
    with desk.database.transaction(desk.practitioner) as tx:
        tx.execute(
            text(
                "INSERT INTO plans.templates (practice_id, id, number, begun_at, changed_at) "
                "SELECT :practice, gen_random_uuid(), 1, now(), now() FROM generate_series(1, :n)"
            ),
            {"practice": desk.practice_id, "n": MOST_TEMPLATES},
        )
    with pytest.raises(TooManyTemplates):
        keeping.start()
