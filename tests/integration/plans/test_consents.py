"""Consents: signed, taken back, asked anew; each act stays, with its version and its moment."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from services.common.errors import NotFound
from services.contracts.booking.bookings import BookingState
from services.contracts.plans.questionnaire import ConsentKind
from services.contracts.plans.refusals import IntakeClosed
from tests.integration.plans.desk import NOW, Desk
from tests.integration.plans.reception import Reception

OLD, NEW = "The words of the first version", "The words of the second version"


@pytest.fixture
def reception(desk: Desk) -> Reception:
    """A practice with an agreement to sign and an optional text, and no form."""
    made = Reception(desk)
    made.publish_text(OLD)
    made.publish_text("Perhaps", kind=ConsentKind.ONLINE, is_required=False)
    return made


def acts_of(reception: Reception) -> list[tuple[object, ...]]:
    """The rows, as they came."""
    told = "SELECT act, number, by_account_id, by_booking_id FROM plans.consents ORDER BY id"
    return [tuple(row) for row in reception.desk.rows(told)]


def test_a_text_is_signed_by_an_account_or_by_a_link(reception: Reception) -> None:
    """Which version, when, by whom; the required one is enough."""
    before = reception.read()
    required = next(one.text.id for one in before.consents if one.text.is_required)
    signed = reception.sign(required)
    assert signed.state == "complete"
    assert [one.signed_at for one in signed.consents if one.text.id == required] == [NOW]
    reception.by_link().sign()
    assert acts_of(reception) == [
        ("signed", 1, reception.desk.client_account, None),
        ("signed", 1, None, reception.booking_id),
    ]


def test_signing_twice_is_one_signature(reception: Reception) -> None:
    """The first moment stays."""
    reception.sign()
    later = replace(reception, now=NOW + timedelta(hours=1))
    assert {one.signed_at for one in later.sign().consents} == {NOW}
    assert len(acts_of(reception)) == 2


def test_a_new_version_is_asked_for_and_the_signed_one_stays_readable(
    reception: Reception,
) -> None:
    """With its words and its moment."""
    reception.sign()
    reception.publish_text(NEW)
    seen = reception.read()
    assert seen.state == "open"
    told = {one.text.body: (one.is_current, one.signed_at) for one in seen.consents}
    assert (told[OLD], told[NEW]) == ((False, NOW), (True, None))
    old = next(one.text.id for one in seen.consents if one.text.body == OLD)
    with pytest.raises(NotFound):
        reception.sign(old)
    assert reception.sign().state == "complete"


def test_what_is_taken_back_is_a_row_of_its_own(reception: Reception) -> None:
    """Signed, withdrawn, signed again: three rows, and the last one counts."""
    reception.sign()
    text_id = next(one.text.id for one in reception.read().consents if one.text.is_required)
    gone = reception.withdraw(text_id)
    assert reception.withdraw(text_id) == gone
    assert gone.state == "open"
    [told] = [one for one in gone.consents if one.text.id == text_id]
    assert (told.signed_at, told.withdrawn_at) == (NOW, NOW)
    assert reception.sign(text_id).state == "complete"
    assert [row[:2] for row in acts_of(reception)][2:] == [("withdrawn", 2), ("signed", 3)]


def test_nothing_is_taken_back_that_was_not_signed(reception: Reception) -> None:
    """Neither a text that is asked, nor one of nobody."""
    asked = reception.read().consents[0].text.id
    for text_id in (asked, uuid4()):
        with pytest.raises(NotFound):
            reception.withdraw(text_id)
    with pytest.raises(NotFound):
        reception.sign(uuid4())
    assert acts_of(reception) == []


def test_consent_is_taken_back_also_when_the_session_is_off(reception: Reception) -> None:
    """Signing for a session that is not to be is refused."""
    reception.sign()
    text_id = reception.read().consents[0].text.id
    off = replace(reception, state=BookingState.CANCELLED)
    assert off.withdraw(text_id).consents[0].withdrawn_at == NOW
    with pytest.raises(IntakeClosed):
        off.sign(text_id)


@pytest.mark.parametrize(
    ("number", "act"), [(2, "signed"), (1, "withdrawn"), (3, "withdrawn"), (0, "withdrawn")]
)
def test_acts_take_turns_in_the_database_too(number: int, act: str, reception: Reception) -> None:
    """Whatever the code does, nothing is signed twice in a row."""
    reception.sign()
    forged = (
        "INSERT INTO plans.consents (practice_id, id, chart_id, client_id, text_id, number, act,"
        " at, by_booking_id) SELECT practice_id, gen_random_uuid(), chart_id, client_id, text_id,"
        " :number, :act, at, gen_random_uuid() FROM plans.consents LIMIT 1 RETURNING number"
    )
    with pytest.raises(IntegrityError, match="consents_take_turns"):
        reception.desk.rows(forged, number=number, act=act)


def test_who_treats_reads_what_was_signed(reception: Reception) -> None:
    """Each version with its moment."""
    reception.sign()
    told = reception.read_as_practitioner()
    assert (told.state, {one.signed_at for one in told.consents}) == ("complete", {NOW})
