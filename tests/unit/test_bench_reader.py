"""The replies that the bench reads are read by what their writer has typed, and it can be run."""

import pytest
from rich.console import Console
from rich.progress import Progress

from bench.client_mail import kinds
from bench.client_markup import HTML
from bench.reader import measure_speeds, speed_table
from mail.identity import Keyring
from mail.reply import Decision
from tests.unit.incoming import reading

KINDS = kinds(Keyring.from_secrets(["k" * 32]))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_client_s_reply_says_what_was_typed(kind):
    replies = [reading(raw) for raw in kind.messages]
    said = [(reply.decision, reply.note) for reply in replies]
    typed = [
        (Decision.APPROVE, ""),
        (Decision.APPROVE, "Checked with Rosa, the order is hers."),
        (Decision.REJECT, "too expensive"),
    ]
    assert said == typed * len(HTML)
    assert all(reply.carriers for reply in replies)


def test_no_two_replies_answer_the_same_request():
    for kind in KINDS:
        tokens = {reading(raw).carriers[0].token for raw in kind.messages}
        assert len(tokens) == len(kind.messages)


def test_the_table_names_every_reader_and_every_kind():
    console = Console(record=True, width=250)
    console.print(speed_table(measure_speeds(Progress(disable=True), rounds=1)))
    text = console.export_text()
    for name in ("ours", "email-reply-parser", "talon", "mail-parser-reply"):
        assert name in text
    for kind in KINDS:
        assert kind.name in text
