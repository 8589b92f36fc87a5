"""The ways a booking can take: without script, a card that fails, second thoughts, a lost race."""

import re

from playwright.sync_api import expect

from tests.e2e.behind import Behind
from tests.e2e.browsing import PHONE, Visitors
from tests.e2e.post import Post
from tests.e2e.steps import (
    PAYMENT_PAGE,
    Guest,
    Slot,
    book,
    choose_slot,
    confirmed,
    pay,
    press_pay,
    type_details,
    type_payer,
)

UNPAID = re.compile(r"/unpaid$")
PAY = re.compile("^Pay ")


def test_booking_works_without_javascript(visitors: Visitors, post: Post) -> None:
    """From the topic to the confirmation and its mail with scripts switched off."""
    visit, guest = visitors(has_script=False, width=PHONE), Guest.new()
    book(visit, guest)
    post.wait_for(guest.email, "is confirmed")
    visit.watch.assert_quiet()


def test_who_comes_back_unpaid_still_holds_the_time_and_a_second_card_succeeds(
    visitors: Visitors, behind: Behind
) -> None:
    """Back, on to pay again, a declined card, then a good one: one booking, one charge."""
    visit = visitors()
    visit.goto("/directory")
    slot = choose_slot(visit)
    type_details(visit.page, Guest.new())
    press_pay(visit.page)
    visit.page.get_by_role("link", name="Back").click()
    visit.page.wait_for_url(UNPAID)
    expect(visit.page.locator(".hold__left")).to_have_text(re.compile(r"^\d+:\d\d$"))

    visit.page.get_by_role("button", name=PAY).click()
    visit.page.wait_for_url(PAYMENT_PAGE)
    type_payer(visit.page)
    visit.page.get_by_text("Other test cards").click()
    visit.page.get_by_role("button", name="Card is declined").click()
    expect(visit.page.get_by_role("alert")).to_contain_text("declined")
    booking_id = pay(visit.page)
    assert len(behind.charges_of(booking_id)) == 1
    assert behind.bookings_at(slot) == 1


def test_a_time_that_is_given_back_is_free_at_once(visitors: Visitors) -> None:
    """Nothing was charged, and the next visitor gets the same start."""
    visit, other = visitors(), visitors()
    visit.goto("/directory")
    slot = choose_slot(visit)
    type_details(visit.page, Guest.new())
    press_pay(visit.page)
    visit.page.get_by_role("link", name="Back").click()
    visit.page.get_by_role("link", name="Give this time back").click()
    expect(visit.page.get_by_role("heading", name="Nothing was charged")).to_be_visible()
    expect(visit.page.get_by_text("Cancel the session")).to_have_count(0)
    visit.page.get_by_role("button", name="Give it back").click()
    expect(visit.page.get_by_text("The time is given back.")).to_be_visible()
    other.goto(slot.url)
    expect(other.page.get_by_role("button", name=PAY)).to_be_visible()


def test_who_loses_a_race_gets_three_nearby_times_and_types_nothing_twice(
    visitors: Visitors,
) -> None:
    """Two browsers on one start: the second is answered 409 and goes on from there."""
    first, second, guest = visitors(), visitors(width=PHONE), Guest.new()
    first.goto("/directory")
    slot = choose_slot(first)
    second.goto(slot.url)
    type_details(second.page, guest)
    second.page.get_by_label("Phone").fill("+49 30 123456")
    type_details(first.page, Guest.new())
    press_pay(first.page)

    second.page.locator("#field-consent").check()
    with second.page.expect_response(re.compile("/book$")) as answer:
        second.page.get_by_role("button", name=PAY).click()
    assert answer.value.status == 409
    choices = second.page.get_by_role("button", name="Choose")
    assert choices.count() == 3
    choices.first.click()
    expect(second.page.get_by_label("Your name")).to_have_value(guest.name)
    expect(second.page.get_by_label("Email")).to_have_value(guest.email)
    expect(second.page.get_by_label("Phone")).to_have_value("+49 30 123456")
    press_pay(second.page)
    second.watch.assert_quiet()


def test_a_double_click_and_going_back_book_once(
    visitors: Visitors, behind: Behind, post: Post
) -> None:
    """Impatience costs nothing: one booking, one charge, one mail."""
    visit, guest = visitors(), Guest.new()
    visit.goto("/directory")
    slot = choose_slot(visit)
    type_details(visit.page, guest)
    visit.page.locator("#field-consent").check()
    visit.page.get_by_role("button", name=PAY).dblclick()
    visit.page.wait_for_url(PAYMENT_PAGE)

    visit.goto(slot.url)
    visit.page.wait_for_url(UNPAID)
    visit.page.get_by_role("button", name=PAY).click()
    visit.page.wait_for_url(PAYMENT_PAGE)
    type_payer(visit.page)
    visit.page.locator("button.pay").dblclick()
    booking_id = confirmed(visit.page)
    visit.page.go_back()
    post.wait_for(guest.email, "is confirmed")
    assert behind.bookings_at(slot) == 1
    assert len(behind.charges_of(booking_id)) == 1


def test_a_link_to_a_time_that_is_taken_offers_others(visitors: Visitors, behind: Behind) -> None:
    """Whoever opens an old link is not left with an error."""
    visit, other = visitors(), visitors()
    visit.goto("/directory")
    slot: Slot = choose_slot(visit)
    type_details(visit.page, Guest.new())
    press_pay(visit.page)
    other.goto(slot.url)
    assert other.page.get_by_role("button", name="Choose").count() == 3
    assert behind.bookings_at(slot) == 1
