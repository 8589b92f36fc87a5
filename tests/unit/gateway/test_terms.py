"""Cancellation policies in words."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from services.gateway.web.terms import share_words, terms, terms_at, terms_on_account
from tests.unit.gateway.views import policy

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def test_a_usual_policy_is_three_sentences() -> None:
    """Free until, kept after, movable until."""
    assert terms(policy((24, 100))) == [
        "You can cancel free of charge until 24 hours before the session.",
        "Later than that, or if you do not come, the full price is kept.",
        "You can move the session to another time until 24 hours before the session.",
    ]


def test_steps_follow_one_another() -> None:
    """Each share with its limit, from the earliest."""
    lines = terms(policy((168, 100), (48, 50), (24, 30), moved=48))
    assert lines[:4] == [
        "You can cancel free of charge until 7 days before the session.",
        "After that, until 48 hours before the session, half of the price comes back.",
        "After that, until 24 hours before the session, 30% of the price comes back.",
        "Later than that, or if you do not come, the full price is kept.",
    ]


def test_a_policy_without_a_free_step_says_so_from_the_start() -> None:
    """Nothing is called free that is not."""
    assert terms(policy((24, 50)))[0] == (
        "When you cancel until 24 hours before the session, half of the price comes back."
    )
    assert terms(policy())[0] == "If you cancel or do not come, the full price is kept."


def test_free_until_the_start_is_told_as_that() -> None:
    """Zero hours are the beginning, and nothing comes "later than that"."""
    assert terms(policy((0, 100), moved=0)) == [
        "You can cancel free of charge until it begins.",
        "If you do not come, the full price is kept.",
        "You can move the session to another time until it begins.",
    ]


@pytest.mark.parametrize(
    ("no_show", "words"),
    [
        (0, "If you do not come, the full price is kept."),
        (30, "If you do not come, 30% of the price comes back."),
        (50, "If you do not come, half of the price comes back."),
    ],
)
def test_what_comes_back_late_and_to_who_stays_away_is_told(no_show: int, words: str) -> None:
    """What is given back however late is a step until the beginning; nothing is "later"."""
    given = policy((24, 100), (0, 50)).model_copy(update={"no_show_percent": no_show})
    assert terms(given)[:3] == [
        "You can cancel free of charge until 24 hours before the session.",
        "After that, until it begins, half of the price comes back.",
        words,
    ]


def test_of_a_chosen_time_the_moments_are_told() -> None:
    """In the zone of the page, elapsed hours over the night the clocks change included."""
    starts_at = datetime(2026, 11, 24, 13, tzinfo=UTC)
    first = terms_at(policy((24, 100)), starts_at, BERLIN, NOW)[0]
    assert first == "You can cancel free of charge until Mon 23 Nov, 14:00 Berlin time."
    after_the_change = datetime(2026, 10, 25, 13, tzinfo=UTC)
    before = datetime(2026, 10, 20, 9, tzinfo=UTC)
    line = terms_at(policy((24, 100)), after_the_change, BERLIN, before)[0]
    assert line.endswith("until Sat 24 Oct, 15:00 Berlin time.")


@pytest.mark.parametrize(
    ("percent", "words"),
    [(100, "the full price"), (50, "half of the price"), (0, "nothing"), (35, "35% of the price")],
)
def test_shares_are_words_where_there_are_any(percent: int, words: str) -> None:
    """Percent only where no plain word fits."""
    assert share_words(percent) == words


def test_what_has_passed_already_is_not_offered() -> None:
    """A session of this evening is not "free until yesterday"."""
    starts_at = datetime(2026, 11, 21, 8, tzinfo=UTC)
    assert terms_at(policy((48, 100), (12, 50), moved=24), starts_at, BERLIN, NOW) == [
        "It begins so soon that it can no longer be cancelled free of charge.",
        "When you cancel until today, 21:00 Berlin time, half of the price comes back.",
        "Later than that, or if you do not come, the full price is kept.",
        "It begins too soon to be moved to another time.",
    ]


def test_when_every_step_has_passed_the_price_is_kept() -> None:
    """Said before paying, not after."""
    starts_at = datetime(2026, 11, 20, 20, tzinfo=UTC)
    lines = terms_at(policy((24, 100), moved=24), starts_at, BERLIN, NOW)
    assert lines[:2] == [
        "It begins so soon that it can no longer be cancelled free of charge.",
        "If you cancel or do not come, the full price is kept.",
    ]


def test_what_is_invoiced_is_not_said_to_be_kept() -> None:
    """Sessions on account: the same policy, told as what the invoice asks for."""
    assert terms_on_account(policy((48, 100), (24, 70))) == [
        "You can cancel a session free of charge until 48 hours before it.",
        "If you cancel until 24 hours before it, 30% of the price is invoiced.",
        "Later than that, or if you do not come, the full price is invoiced.",
        "You can move a session to another time until 24 hours before it.",
    ]
    assert terms_on_account(policy())[0] == (
        "If you cancel, or if you do not come, the full price is invoiced."
    )


@pytest.mark.parametrize(
    ("tiers", "no_show", "words"),
    [
        ([(48, 100), (24, 70)], 0, ["30% of the price is invoiced", "full price is invoiced"]),
        ([(48, 100), (0, 50)], 50, ["half of the price is invoiced"] * 2),
        ([(0, 100)], 100, ["If you do not come, nothing is invoiced"]),
        ([], 0, ["If you cancel or do not come, the full price is invoiced"]),
    ],
)
def test_of_a_session_on_account_no_money_is_said_to_come_back(
    tiers: list[tuple[int, int]], no_show: int, words: list[str]
) -> None:
    """Nothing was paid here that could: its own page says what is invoiced."""
    given = policy(*tiers).model_copy(update={"no_show_percent": no_show})
    starts_at = datetime(2026, 12, 1, 8, tzinfo=UTC)
    lines = terms_at(given, starts_at, BERLIN, NOW, is_on_account=True)
    told = [line for line in lines if "invoiced" in line]
    assert [word in line for word, line in zip(words, told, strict=True)] == [True] * len(words)
    assert not any("back" in line or "kept" in line for line in lines)
