"""The replies that the bench reads are read by what their writer has typed, and it can be run."""

import re

import pytest
from rich.console import Console
from rich.progress import Progress

from bench.client_mail import WORDS, kinds
from bench.client_markup import HTML
from bench.reader import measure_speeds, speed_table
from mail.identity import Keyring
from mail.reply import Decision
from tests.unit.incoming import reading

NUMBER = re.compile(r"\d+")
KINDS = kinds(Keyring.from_secrets(["k" * 32]), rounds=1)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_client_s_reply_says_what_was_typed(kind):
    replies = [reading(raw) for messages in kind.rounds for raw in messages]
    said = [(reply.decision, NUMBER.sub("{}", reply.note)) for reply in replies]
    typed = [
        (Decision.APPROVE, ""),
        (Decision.APPROVE, "Checked with Rosa, the order is hers. Ticket {}."),
        (Decision.REJECT, "costs {} too much"),
    ]
    assert [f"{word.name} {note}".strip() for word, note in typed] == [
        " ".join(words.split()) for words in WORDS
    ]
    assert said == typed * (len(said) // len(typed))
    assert len(said) % (len(typed) * len(HTML)) == 0
    assert all(reply.carriers for reply in replies)


def test_no_two_replies_say_the_same_or_answer_the_same_request():
    for kind in KINDS:
        replies = [reading(raw) for messages in kind.rounds for raw in messages]
        tokens = {reply.carriers[0].token for reply in replies}
        assert len(tokens) == len(replies)
        notes = [reply.note for reply in replies if reply.note]
        assert len(set(notes)) == len(notes)


def test_the_table_names_every_reader_and_every_kind():
    console = Console(record=True, width=250)
    console.print(speed_table(measure_speeds(Progress(disable=True), rounds=1)))
    text = console.export_text()
    for name in ("ours", "email-reply-parser", "talon", "mail-parser-reply"):
        assert name in text
    for kind in KINDS:
        assert kind.name in text
