"""Mail sent with the real smtplib is kept, decoded and shown safely."""

from __future__ import annotations

import base64
import signal
import smtplib
import urllib.error
from pathlib import Path
from typing import Any

import pytest

from tests.integration.mailbox.running import CALENDAR, Mailbox, mail


def test_a_mail_is_kept_and_comes_back_decoded(mailbox: Mailbox) -> None:
    """Subject, addresses, text, HTML and the calendar file, umlauts and all."""
    sent = mail("Jo <jo@example.com>", "Termin bestätigt")
    mailbox.send(sent)
    [listed] = mailbox.call("GET", "/messages?to=jo@example.com")
    assert (listed["subject"], listed["recipients"]) == ("Termin bestätigt", ["jo@example.com"])
    assert listed["message_id"] == sent["Message-ID"]
    found = mailbox.call("GET", "/messages/" + listed["id"])
    assert found["text"].startswith("Grüße, see https://attune.example/b/abc")
    assert "<p>Grüße</p>" in found["html"]
    [calendar] = found["attachments"]
    assert (calendar["name"], calendar["content_type"]) == ("appointment.ics", "text/calendar")
    assert base64.b64decode(calendar["base64"]) == CALENDAR.encode()
    assert found["envelope_from"] == "no-reply@attune.example"


def test_the_list_is_filtered_by_the_envelope_and_newest_first(mailbox: Mailbox) -> None:
    """A blind copy is found under the one who got it."""
    mailbox.send(mail("a@example.com", "first"))
    mailbox.send(mail("b@example.com", "second"))
    hidden = mail("a@example.com", "third")
    hidden["Bcc"] = "c@example.com"
    mailbox.send(hidden)
    to_a = mailbox.call("GET", "/messages?to=A@Example.com")
    assert [found["subject"] for found in to_a] == ["third", "first"]
    assert [found["subject"] for found in mailbox.call("GET", "/messages?to=c@")] == ["third"]
    assert len(mailbox.call("GET", "/messages")) == 3


def test_the_html_is_shown_without_scripts_and_without_foreign_requests(mailbox: Mailbox) -> None:
    """A policy of its own, sandboxed; the page around it allows no script either."""
    mailbox.send(mail("jo@example.com"))
    message = mailbox.call("GET", "/messages")[0]["id"]
    _, headers = mailbox.get(f"/messages/{message}/html")
    policy = headers["content-security-policy"]
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert "img-src data:" in policy
    page, around = mailbox.get(f"/messages/{message}")
    assert b'<iframe sandbox="allow-popups' in page
    assert b"allow-scripts" not in page
    assert "script-src" not in around["content-security-policy"]


def test_a_subject_with_markup_stays_text(mailbox: Mailbox) -> None:
    """Escaped in the list and on the page."""
    mailbox.send(mail("jo@example.com", "<script>alert(1)</script>"))
    page, _ = mailbox.get("/")
    assert b"<script>" not in page
    assert b"&lt;script&gt;" in page


def test_a_calendar_file_is_readable_and_can_be_downloaded(mailbox: Mailbox) -> None:
    """Title, times, method, UID and sequence are on the page."""
    mailbox.send(mail("jo@example.com"))
    message = mailbox.call("GET", "/messages")[0]["id"]
    page, _ = mailbox.get(f"/messages/{message}")
    for shown in (b"Mon 04 Nov 2030, 13:00 UTC", b"REQUEST", b"booking-1@attune.example"):
        assert shown in page
    content, headers = mailbox.get(f"/messages/{message}/attachments/1")
    assert content == CALENDAR.encode()
    assert headers["content-disposition"].startswith("attachment")


def test_a_damaged_calendar_file_says_so(mailbox: Mailbox) -> None:
    """The page still opens."""
    message = mail("jo@example.com")
    message.add_attachment(b"BEGIN:NONSENSE", "text", "calendar", filename="broken.ics")
    mailbox.send(message)
    page, _ = mailbox.get("/messages/" + mailbox.call("GET", "/messages")[0]["id"])
    assert b"cannot be read" in page


def test_a_temporary_refusal_passes(mailbox: Mailbox) -> None:
    """451 once, then accepted; nothing of the first try is kept."""
    mailbox.call("POST", "/faults", {"kind": "reply", "stage": "data", "code": 451})
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        mailbox.send(mail("jo@example.com"))
    assert refusal.value.smtp_code == 451
    assert mailbox.call("GET", "/messages") == []
    mailbox.send(mail("jo@example.com"))
    assert len(mailbox.call("GET", "/messages")) == 1


def test_one_recipient_can_be_refused_for_good(mailbox: Mailbox) -> None:
    """550 at RCPT for a pattern; others get through."""
    fault = {"kind": "reply", "stage": "rcpt", "code": 550, "to": "gone@*", "count": None}
    mailbox.call("POST", "/faults", fault)
    refused = mailbox.send(mail("gone@example.com, jo@example.com"))
    assert refused["gone@example.com"][0] == 550
    [found] = mailbox.call("GET", "/messages")
    assert found["recipients"] == ["jo@example.com"]


@pytest.mark.parametrize(("is_kept", "count"), [(True, 1), (False, 0)])
def test_a_connection_dropped_after_the_message_leaves_the_sender_unsure(
    mailbox: Mailbox, is_kept: bool, count: int
) -> None:
    """The sender sees the same break whether the mail was kept or not."""
    mailbox.call("POST", "/faults", {"kind": "drop", "is_kept": is_kept})
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        mailbox.send(mail("jo@example.com"))
    assert len(mailbox.call("GET", "/messages")) == count


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ({"kind": "explode"}, "kind"),
        ({"kind": "reply", "code": 250}, "code"),
        ({"kind": "reply", "message": "a\r\n250 OK"}, "message"),
        ({"kind": "reply", "when": "now"}, "when"),
    ],
)
def test_a_bad_fault_is_refused_by_name(
    mailbox: Mailbox, fault: dict[str, Any], field: str
) -> None:
    """422, and no fault is switched on."""
    with pytest.raises(urllib.error.HTTPError) as refusal:
        mailbox.call("POST", "/faults", fault)
    assert refusal.value.code == 422
    assert field in refusal.value.read().decode()
    assert mailbox.call("GET", "/faults") == []


def test_unknown_messages_are_not_found(mailbox: Mailbox) -> None:
    """404, also for what would be a path."""
    for message in ("none", "..%2F..%2Fetc%2Fpasswd"):
        with pytest.raises(urllib.error.HTTPError) as missing:
            mailbox.call("GET", "/messages/" + message)
        assert missing.value.code == 404
        missing.value.close()


def test_kill_9_keeps_what_was_accepted(tmp_path: Path) -> None:
    """The message is on disk before SMTP answers 250."""
    own = Mailbox(tmp_path).start()
    own.send(mail("jo@example.com", "kept"))
    own.end(signal.SIGKILL)
    own.start()
    assert [found["subject"] for found in own.call("GET", "/messages")] == ["kept"]
    assert own.end() == 0
