import re
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from mail.carriers import (
    Where,
    bounce_address,
    find_carriers,
    reference_line,
    reply_address,
    thread_id,
)
from mail.compose import Answer, AnswerKind, Outgoing, compose_answer, compose_request
from mail.identity import bounce_token, reply_token
from mail.text import ARGUMENT, WIDTH
from tests.unit.mail_samples import (
    APPROVAL,
    APPROVER,
    ASKED,
    OTHER,
    REQUEST_ID,
    SENDER,
    every_mail,
    parsed,
    parts,
)

TOKEN = reply_token(SENDER.keyring, REQUEST_ID, APPROVER, APPROVAL.digest)
THREAD = thread_id(SENDER.mailbox, REQUEST_ID)
SUBJECT = "Approval needed: Refund 120.00 EUR for order 1042 [AR-7K2M9QXD4T]"
WITHOUT_PLUS = replace(SENDER, plus_address=False)


def request(**changes: Any) -> Outgoing:
    return compose_request(SENDER, replace(APPROVAL, **changes), APPROVER, ASKED)


# ---- the request ----


def test_a_request_has_the_fields_that_bring_its_answer_back():
    outgoing = request()
    message = parsed(outgoing)
    assert message["From"] == "Shop agent <agent@example.com>"
    assert message["To"] == outgoing.recipient == APPROVER
    assert message["Subject"] == SUBJECT
    assert message["Reply-To"] == reply_address(SENDER.mailbox, REQUEST_ID, TOKEN)
    assert message["Date"] == "Mon, 23 Nov 2026 07:00:00 +0000"
    assert message["References"] == THREAD
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "DR, RN, NRN, AutoReply"
    assert message["Message-ID"] == outgoing.message_id
    assert [c.token for c in find_carriers(outgoing.message_id, Where.MESSAGE_ID)] == [TOKEN]
    bounce = bounce_token(SENDER.keyring, REQUEST_ID, APPROVER)
    assert outgoing.envelope_sender == bounce_address(SENDER.mailbox, REQUEST_ID, bounce)


def test_a_request_is_the_same_bytes_on_every_retry_and_differs_by_approver():
    assert request() == request()
    other = compose_request(SENDER, APPROVAL, OTHER, ASKED)
    assert other.message_id != request().message_id
    assert TOKEN.encode() not in other.raw


def test_without_plus_addresses_the_mailbox_itself_is_used():
    outgoing = compose_request(WITHOUT_PLUS, APPROVAL, APPROVER, ASKED)
    assert parsed(outgoing)["Reply-To"] == outgoing.envelope_sender == SENDER.mailbox
    assert TOKEN in outgoing.message_id
    assert reference_line(REQUEST_ID, TOKEN) in parts(outgoing)[0].splitlines()


def test_both_parts_say_all_that_an_approver_must_know():
    text, html = parts(request())
    document = LexborHTMLParser(html).body
    assert document is not None
    for part in (text, document.text(separator=" ")):
        flat = " ".join(part.split())
        for fact in (
            "Refund 120.00 EUR for order 1042",
            "refund_order",
            '"120.00"',
            "order_id",
            "Pays an amount",
            "The order arrived broken.",
            "in the model's words",
            "rosa@example.com asked the agent",
            "Please refund order 1042.",
            "high",
            "The model itself calls this action risky.",
            APPROVAL.digest,
            "Thu 26 Nov 2026, 08:00:00 CET (07:00:00 UTC)",
            "any one of 2: ines@example.com, tom@example.com",
            "‹APPROVE›",
            "‹REJECT›",
            reference_line(REQUEST_ID, TOKEN),
        ):
            assert fact.casefold() in flat.casefold()


@pytest.mark.parametrize(
    ("reasoning", "said"),
    [("", "No reason was given."), ("It is the first of the month.", "It is")],
)
def test_of_another_programs_request_no_model_is_told(reasoning, said):
    text, html = parts(request(request="", risky_action=None, reasoning=reasoning))
    for part in (text, html):
        assert "model" not in part.casefold()
        assert said in part


@pytest.mark.parametrize(
    ("timezone", "shown"),
    [
        ("UTC", "Thu 26 Nov 2026, 07:00:00 UTC"),
        ("America/New_York", "Thu 26 Nov 2026, 02:00:00 EST (07:00:00 UTC)"),
        (
            "Pacific/Honolulu",
            "Wed 25 Nov 2026, 21:00:00 HST (Thu 26 Nov 2026, 07:00:00 UTC)",
        ),
    ],
)
def test_the_deadline_names_its_time_zone(timezone, shown):
    outgoing = compose_request(replace(SENDER, timezone=timezone), APPROVAL, APPROVER, ASKED)
    assert shown in " ".join(parts(outgoing)[0].split())


def test_every_argument_is_printed_whole_up_to_4000_characters():
    values = tuple((f"argument_{n}", f'"{str(n) * 3_990}"') for n in range(3))
    text, html = parts(request(arguments=values))
    unwrapped = text.replace("\n┆     ", "").replace("\r", "")
    for name, value in values:
        assert name in text and value in unwrapped
        assert value in html.replace("&#34;", '"')


def test_the_longest_argument_that_may_be_asked_for_is_shown_whole():
    value = '"' + "x" * (ARGUMENT - 2) + '"'
    text, html = parts(request(arguments=(("body", value),)))
    for part in (text, html):
        assert part.count("x") >= ARGUMENT - 2
        assert "characters" not in part


def test_arguments_that_differ_do_not_look_alike():
    values = [
        "prod",
        "prod\ufe0f",
        "pro\u0501",
        "p\u0440od",
        "prod\u00a0",
        "pr\u00f6d",
        "pro\u0308d",
    ]
    values += ["ap\u00b7prove", "approve"]
    shown = {"".join(parts(request(arguments=(("to", f'"{v}"'),)))) for v in values}
    assert len(shown) == len(values)
    names = {"".join(parts(request(arguments=((v, "1"),)))) for v in values}
    assert len(names) == len(values)


def test_links_open_a_reply_that_is_complete():
    links = LexborHTMLParser(parts(request())[1]).css("a")
    for link, word in zip(links, ("APPROVE", "REJECT"), strict=True):
        href = link.attributes["href"] or ""
        assert href.startswith("mailto:agent%2B") and word not in href
        url = urlsplit(href)
        fields = parse_qs(url.query, strict_parsing=True)
        assert unquote(url.path) == reply_address(SENDER.mailbox, REQUEST_ID, TOKEN)
        assert fields["subject"] == [f"Re: {SUBJECT}"]
        assert fields["body"] == [f"{word}\r\n\r\n{reference_line(REQUEST_ID, TOKEN)}\r\n"]


def test_a_link_stays_short_enough_for_outlook():
    html = parts(request(summary="世" * 500))[1]
    links = [link.attributes["href"] or "" for link in LexborHTMLParser(html).css("a")]
    assert all(len(href) < 2_000 and "AR-7K2M9QXD4T" in unquote(href) for href in links)


# ---- form ----


@pytest.mark.parametrize("text", ["plain", "Grüße 世界 👍 " * 50, "x" * 5_000, "a\n.\n\nFrom x\n"])
def test_every_mail_is_seven_bit_crlf_lines_within_the_limit(text):
    for mail in every_mail(text):
        assert mail.raw.isascii()
        assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\0", mail.raw)
        assert max(map(len, mail.raw.split(b"\r\n"))) <= 998


def test_lines_of_the_text_stay_whole_when_they_are_quoted():
    for mail in every_mail("Some words of a reasonable length, and more of them. " * 9):
        for line in parts(mail)[0].splitlines():
            assert len(line) <= WIDTH or line.startswith("Reference: ") or " " not in line


def test_ids_longer_than_a_line_are_not_encoded():
    sender = replace(SENDER, mailbox="agent@" + "mail." * 20 + "example.com")
    answer = Answer(AnswerKind.HELP)
    raw = compose_answer(sender, APPROVAL, APPROVER, answer, ASKED).raw
    asked = compose_request(sender, APPROVAL, APPROVER, ASKED).message_id
    assert f"\r\nIn-Reply-To: {asked}\r\n".encode() in raw
    thread = thread_id(sender.mailbox, REQUEST_ID)
    assert f"\r\nReferences: {thread} {asked}\r\n".encode() in raw


def test_a_date_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        compose_request(SENDER, APPROVAL, APPROVER, datetime(2026, 11, 23))
