"""Tokens prove who answers: none may come out of a reply as part of what was said."""

import pytest

from mail.carriers import reference_line
from mail.identity import TOKEN_LENGTH
from mail.read import read
from mail.reply import Decision, Reply

TOKEN = "a" * TOKEN_LENGTH
REFERENCE = reference_line("AR-7K2M9QXD4T", TOKEN)


def said(body: str) -> Reply:
    head = "From: a@x.test\nTo: agent@x.test\nSubject: Re: x\nMessage-ID: <1@x.test>\n\n"
    reply = read(f"{head}{body}".encode())
    assert isinstance(reply, Reply)
    return reply


def test_the_reference_line_of_a_mailto_link_is_no_note():
    reply = said(f"APPROVE\n\n{REFERENCE}\n")
    assert (reply.decision, reply.note) == (Decision.APPROVE, "")
    assert [carrier.token for carrier in reply.carriers] == [TOKEN]


@pytest.mark.parametrize("body", [f"REJECT see {REFERENCE}", f"REJECT\nas in {REFERENCE}, no"])
def test_a_token_in_the_middle_of_a_note_is_taken_out(body):
    reply = said(body)
    assert reply.decision is Decision.REJECT
    assert TOKEN not in reply.note
    assert TOKEN not in reply.reason


def test_a_token_that_is_not_whole_is_taken_out_of_a_note_too():
    reply = said(f"REJECT see {REFERENCE[:-6]}")
    assert reply.carriers == ()
    assert TOKEN[:-6] not in reply.note
    assert reply.note.startswith("see ")


@pytest.mark.parametrize("copied", [TOKEN, " ".join(TOKEN), f"{TOKEN[:14]}\n{TOKEN[14:]}"])
def test_the_token_that_a_mail_brings_back_is_in_no_note_however_it_was_copied(copied):
    reply = said(f"REJECT too expensive\n\n{copied}\n\nOn Mon, Ines wrote:\n> {REFERENCE}\n")
    assert reply.decision is Decision.REJECT
    assert "too expensive" in reply.note
    assert TOKEN not in "".join(reply.note.split())
    assert TOKEN not in "".join(reply.reason.split())
