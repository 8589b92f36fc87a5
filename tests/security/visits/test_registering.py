"""Registering answers alike for every address; its owner reads in a mail what it was."""

from time import sleep

import httpx

from tests.e2e.post import Post
from tests.security.visits.cast import API, Cast, patiently
from tests.security.visits.recipes import stranger
from tests.security.visits.visiting import Answer

PASSWORD = "Kirschkern-und-Kompass-5"


def register(cast: Cast, email: str, name: str) -> Answer:
    """What the API answers."""
    sent = {"email": email, "name": name, "password": PASSWORD}
    return Answer.of(patiently(lambda: cast.http.post(f"{API}/accounts", json=sent)))


def test_a_mail_tells_the_owner_and_the_answer_tells_nobody(cast: Cast) -> None:
    """New, then known, then many times more: two mails, without what strangers typed."""
    email, lure = stranger().email, "You Have Won Our Prize"
    first = register(cast, email, lure)
    with Post(cast.product.mailbox_url) as post:
        welcome = post.wait_for(email, "Your Attune account")
        again = [register(cast, email, lure) for _ in range(3)]
        known = post.wait_for(email, "You have an Attune account already")
        sleep(2)
        assert len(post.subjects(email)) == 2
    assert again == [first] * 3
    assert first.status == 202
    for letter in (welcome, known):
        assert "Won Our Prize" not in letter.text
        assert f"{cast.product.base_url}/sign-in" in letter.text


def test_many_registrations_of_one_address_are_refused(cast: Cast) -> None:
    """429 with a time, however many network addresses they come from."""
    email = stranger().email
    answers = [_ask(cast, email) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [202] * 5 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) > 0


def _ask(cast: Cast, email: str) -> httpx.Response:
    sent = {"email": email, "name": "Neu", "password": PASSWORD}
    return patiently(lambda: cast.http.post(f"{API}/accounts", json=sent))
