"""What mails about packages say, which of them a fact leads to, and when they hold."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.common.money import Money
from services.contracts.billing.package_mails import PackageBought, PackageEnded, SaleForMail
from services.contracts.billing.packages import RefundRule, SaleState
from services.gateway.web import package_words
from services.notify.domain.kinds import PackageMail
from services.notify.domain.package_drafts import drafts_of_package
from services.notify.domain.subjects import subject_of_package
from services.notify.domain.verdict import package_holds
from services.notify.operations import wording
from services.notify.operations.letters import Letter
from services.notify.operations.package_letters import PackageOccasion, write_of_package
from tests.unit.notify.occasions import CLIENT, LETTERHEAD, NOW, PRACTICE, PRACTITIONER, contact

SALE = UUID("0192f000-0000-7000-8000-0000000000e1")
EXPIRES_AT = datetime(2027, 11, 20, 23, 30, tzinfo=UTC)
NAMES = ("name", "practitioner_name", "practice_name")


def sale(**changes: Any) -> SaleForMail:
    """Five for €400, of which two are used, at their single price where it is ended."""
    values: dict[str, Any] = {
        "sale_id": SALE,
        "practitioner_id": PRACTITIONER,
        "client_id": CLIENT,
        "state": SaleState.ACTIVE,
        "sessions": 5,
        "used": 2,
        "left": 3,
        "is_usable": True,
        "price": Money(40_000, "EUR"),
        "goes_back": Money(22_000, "EUR"),
        "is_at_stripe": True,
        "refund_rule": RefundRule.SINGLE_PRICE,
        "expires_at": EXPIRES_AT,
    }
    return SaleForMail(**values | changes)


def written(template: PackageMail, told: SaleForMail | None = None, **names: Any) -> Letter:
    return write_of_package(PackageOccasion(template, told or sale(), contact(**names)), LETTERHEAD)


def bodies(letter: Letter) -> list[str]:
    """Both parts, on one line each."""
    plain = re.sub(r"<[^>]+>", " ", letter.html.replace("&#39;", "'"))
    return [" ".join(part.split()) for part in (letter.text, plain)]


def bought(**changes: Any) -> PackageBought:
    values: dict[str, Any] = {
        "occurred_at": NOW,
        "practice_id": PRACTICE,
        "sale_id": SALE,
        "client_id": CLIENT,
        "money": Money(40_000, "EUR"),
        "expires_at": EXPIRES_AT,
    }
    return PackageBought(**values | changes)


@pytest.mark.parametrize("template", PackageMail)
def test_a_subject_tells_nobody_what_was_bought(template: PackageMail) -> None:
    """The same for everybody, and without a word of what it is for, of whom and how many."""
    subject = written(template, name="X", practitioner_name="Y", practice_name="Z").subject
    assert subject == subject_of_package(template)
    telling = r"therap|coach|session|package|practice|treat|counsel|mental|dr\b|\d"
    assert not re.search(telling, subject, re.I)


@pytest.mark.parametrize("template", PackageMail)
def test_what_people_typed_is_escaped(template: PackageMail) -> None:
    """A name can hold markup; the mail shows it and does not obey it."""
    html = written(template, sale(), **dict.fromkeys(NAMES, "<script>x</script>")).html
    assert "<script" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("template", PackageMail)
def test_a_mail_leads_to_the_package_alone_and_is_filled_in(template: PackageMail) -> None:
    """One address, on our own host; no image, no placeholder."""
    letter = written(template)
    for part in (letter.text, letter.html):
        urls = set(re.findall(r"https?://[^\s\"<]+", part))
        assert urls == {f"https://attune.example/billing/packages/{SALE}"}
        assert not re.search(r"\{[{%]|None|<img|\ssrc=|\n\n\n\n", part)


def test_who_bought_reads_how_many_for_what_with_whom_and_until_when() -> None:
    """The last moment is told in the client's own zone, where it is the next day already."""
    letter = written(PackageMail.BOUGHT)
    for body in bodies(letter):
        for told in ("5 sessions", "€400.00", "Dr Ruth Adler", "Berlin time"):
            assert told in body, told
        assert "Sunday, 21 November 2027, 00:30" in body


def test_who_may_lose_something_reads_what_is_left_and_until_when() -> None:
    """One of them is one."""
    for body in bodies(written(PackageMail.LAPSES, sale(used=4, left=1))):
        assert "you still have 1 session of what you bought" in body
        assert "1 of 5 sessions" in body
        assert "Sunday, 21 November 2027, 00:30" in body


def test_who_is_paid_back_reads_what_goes_back_and_what_is_kept() -> None:
    """In the words of the page that ends it, and they add up to the price."""
    for body in bodies(written(PackageMail.ENDED, sale(state=SaleState.ENDED))):
        for told in (
            "It is over at once: 3 sessions of it can no longer be used.",
            "You get €220.00 on the card that paid, in 5 to 10 days",
            "Each used session counts at its single price.",
            "what it counts goes back as well",
        ):
            assert told in body, told
        assert re.search(r"Paid:? +€400.00 Used:? +2 sessions Kept in all:? +€180.00", body)
        assert re.search(r"Goes back:? +€220.00", body)


def test_who_used_nothing_reads_of_no_rule() -> None:
    """All of it goes back, and nothing is still to come."""
    told = sale(used=0, left=5, goes_back=Money(40_000, "EUR"))
    for body in bodies(written(PackageMail.ENDED, told)):
        assert re.search(r"Kept in all:? +€0.00", body)
        assert "still to come" not in body
        assert "counts at" not in body


def test_where_nothing_goes_back_no_money_is_promised() -> None:
    """Nor a session that could no longer be used, where all are."""
    told = sale(used=5, left=0, goes_back=Money(0, "EUR"))
    for body in bodies(written(PackageMail.ENDED, told)):
        assert "Nothing goes back" in body
        assert "on the card" not in body
        assert "can no longer be used" not in body


def test_what_the_practice_pays_back_itself_comes_on_no_card() -> None:
    """The payment is not known where cards are paid back."""
    for body in bodies(written(PackageMail.ENDED, sale(is_at_stripe=False))):
        assert "The practice pays €220.00 back to you itself." in body
        assert "on the card" not in body


def test_the_rule_has_the_words_that_it_has_on_the_page() -> None:
    """Whoever reads both reads the same."""
    assert package_words.RULES == wording.RULES


def test_a_package_is_told_at_once_and_thirty_days_before_it_lapses() -> None:
    """Both about the sale, to the client who bought it."""
    later = NOW + timedelta(hours=1)
    drafts = drafts_of_package(bought(), now=later)
    assert [(one.template, one.due_at) for one in drafts] == [
        (PackageMail.BOUGHT, later),
        (PackageMail.LAPSES, EXPIRES_AT - timedelta(days=30)),
    ]
    assert {(one.booking_id, one.client_id) for one in drafts} == {(SALE, CLIENT)}


@pytest.mark.parametrize(("days", "count"), [(29, 1), (30, 1), (31, 2)])
def test_one_bought_with_less_left_than_that_is_not_told_of_again(days: int, count: int) -> None:
    """A mail on the day of buying says it already."""
    drafts = drafts_of_package(bought(expires_at=NOW + timedelta(days=days)), now=NOW)
    assert len(drafts) == count


def test_what_is_heard_late_is_still_told_before_it_lapses() -> None:
    """Bought with enough left, and heard of within the last thirty days: it is due at once."""
    drafts = drafts_of_package(bought(), now=EXPIRES_AT - timedelta(days=3))
    assert [one.template for one in drafts] == [PackageMail.BOUGHT, PackageMail.LAPSES]


def test_an_end_is_told_once() -> None:
    """At once, to the client."""
    fact = PackageEnded(
        occurred_at=NOW,
        practice_id=PRACTICE,
        sale_id=SALE,
        client_id=CLIENT,
        money=Money(22_000, "EUR"),
    )
    assert [(one.template, one.due_at) for one in drafts_of_package(fact, now=NOW)] == [
        (PackageMail.ENDED, NOW)
    ]


@pytest.mark.parametrize("state", SaleState)
def test_a_mail_is_sent_of_what_is_as_it_says(state: SaleState) -> None:
    """Bought while it is in use, ended once it is; however late and in which order they come."""
    told = sale(state=state)
    assert package_holds(PackageMail.BOUGHT, told) is (state is SaleState.ACTIVE)
    assert package_holds(PackageMail.ENDED, told) is (state is SaleState.ENDED)


@pytest.mark.parametrize("is_usable", [True, False])
def test_only_what_can_be_used_is_about_to_lapse(is_usable: bool) -> None:
    """Of one that is used up, ended, lapsed or in a bank's hands nothing is told."""
    assert package_holds(PackageMail.LAPSES, sale(is_usable=is_usable)) is is_usable
