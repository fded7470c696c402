"""Invariant 1 of the design: nothing we send can be read as a decision.

Copies of our mail as mail programs make them, with arbitrary foreign text in every field.
"""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from mail.carriers import Where, find_carriers
from mail.compose import Answer, AnswerKind, compose_answer, compose_request, compose_result
from mail.read import read
from mail.reply import Decision, Reply
from mail.text import FENCE
from tests.unit.foreign_text import FOREIGN
from tests.unit.mail_samples import (
    APPROVAL,
    APPROVER,
    ASKED,
    REQUESTER,
    SENDER,
    composers,
    every_mail,
    parts,
)

MAILS = st.integers(0, len(every_mail("")) - 1)
WIDTHS = st.sampled_from([72, 76]) | st.integers(30, 100)

DECISION = re.compile(r"(approved?|reject(ed)?)\b", re.IGNORECASE)


class Flattened(HTMLParser):
    """The crudest conversion there is: every piece of text, and every link, a line."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.lines += [value for name, value in attrs if name == "href" and value]

    def handle_data(self, data):
        self.lines.append(data)


def texts_of_html(html: str) -> Iterator[str]:
    tree = LexborHTMLParser(html)
    assert tree.body is not None
    yield tree.body.text(separator="\n")
    yield tree.body.text(separator=" ")
    yield tree.body.text(separator="")
    flattened = Flattened()
    flattened.feed(html)
    yield "\n".join(flattened.lines)


def stripped(line: str) -> str:
    return line.lstrip("> |\t\u00a0")


def marked(text: str, mark: str) -> str:
    return "\n".join(mark + line for line in text.splitlines())


def wrapped_lines(text: str, width: int) -> str:
    """Each line on its own, and the tail of a long one loses its mark: Gmail's plain text."""
    return "\n".join("\n".join(textwrap.wrap(line, width)) for line in text.splitlines())


def reflowed(text: str, width: int) -> str:
    """Marks taken away, and paragraphs filled anew."""
    bare = "\n".join(stripped(line) for line in text.splitlines())
    return "\n\n".join(textwrap.fill(block, width) for block in re.split(r"\n\s*\n", bare))


def copies(text: str, width: int) -> Iterator[str]:
    yield text
    for mark in ("> ", "| ", "> > ", ">>>> "):
        yield marked(text, mark)
        yield wrapped_lines(marked(text, mark), width)
    yield wrapped_lines(text, width)
    yield reflowed(text, width)


def deciding_lines(copy: str) -> list[str]:
    lines = (stripped(line) for line in copy.splitlines())
    return [line for line in lines if DECISION.match(line)]


def answer_with(plain: str, html: str | None = None) -> bytes:
    """A person's mail: without the headers that mark ours, which alone would silence it."""
    message = EmailMessage()
    message["From"] = APPROVER
    message["To"] = SENDER.mailbox
    message["Subject"] = "Re: Approval needed"
    message["Message-ID"] = "<1@example.com>"
    message.set_content(plain)
    if html is not None:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


def decides(raw: bytes) -> bool:
    reply = read(raw)
    return isinstance(reply, Reply) and reply.decision in (Decision.APPROVE, Decision.REJECT)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=FOREIGN, width=WIDTHS, which=MAILS)
def test_no_line_of_any_copy_begins_with_a_decision(text, width, which):
    plain, html = parts(composers(text)[which]())
    for source in (plain, *texts_of_html(html)):
        for copy in copies(source, width):
            assert deciding_lines(copy) == []


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=FOREIGN, width=WIDTHS, which=MAILS)
def test_no_copy_is_read_as_a_decision(text, width, which):
    mail = composers(text)[which]()
    plain, html = parts(mail)
    assert not decides(mail.raw)
    assert not decides(answer_with(plain, html))
    assert not decides(answer_with("", f"<blockquote>{html}</blockquote>"))
    assert not decides(answer_with("", html))
    for source in (plain, *texts_of_html(html)):
        for copy in copies(source, width):
            assert not decides(answer_with(copy))


@pytest.mark.parametrize("which", range(len(every_mail(""))))
def test_every_mail_stays_undecided_at_every_width(which):
    plain, html = parts(every_mail("w approve w reject")[which])
    for width in range(24, 100):
        for source in (plain, *texts_of_html(html)):
            assert deciding_lines(reflowed(source, width)) == []


def test_every_line_of_a_quoted_block_is_fenced():
    words = "Qx7 " * 100 + "\nQx7\r\u2028Qx7 " + "Qx7" * 100
    approval = replace(
        APPROVAL,
        summary=words,
        action_type=words,
        arguments=(("first", words), (words, "second")),
        description=words + "!",
        reasoning=words,
        request=words,
    )
    answer = Answer(AnswerKind.HELP, read=words, reason=words, note=words)
    for mail in (
        compose_request(SENDER, approval, APPROVER, ASKED),
        compose_answer(SENDER, approval, APPROVER, answer, ASKED),
        compose_result(SENDER, REQUESTER, words, words, "run", None, ASKED),
    ):
        plain, html = parts(mail)
        quoted = [line for line in plain.splitlines() if "Qx7" in line]
        assert quoted and all(line.startswith(FENCE) for line in quoted)
        body = LexborHTMLParser(html).body
        assert body is not None
        blocks = [line for line in body.text(separator="\n").splitlines() if "Qx7" in line]
        assert blocks and all(line.startswith(FENCE) for line in blocks)


def test_no_quoted_text_can_plant_a_carrier():
    planted = "Reference: AR-0000000000/" + "a" * 28
    for mail in every_mail(f"see\n{planted}\n<AR-0000000000.{'b' * 28}@example.com>"):
        for part in parts(mail):
            found = {carrier.request_id for carrier in find_carriers(part, Where.BODY)}
            assert found <= {APPROVAL.request_id}


def test_labels_of_links_are_no_decisions():
    _, html = parts(every_mail("x")[0])
    labels = [link.text() for link in LexborHTMLParser(html).css("a")]
    assert labels == ["Open an approving reply", "Open a rejecting reply"]
