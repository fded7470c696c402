"""The first sentence of a person's own words: which are a decision, whatever stands around it."""

import pytest

from mail.reply import Decision
from tests.unit.incoming import decided, message, reading
from tests.unit.sentences import APPROVALS, REJECTIONS
from tests.unit.undecided import UNDECIDED


def _cases(table: str) -> list[str]:
    return [line.replace("|", "\n") for line in table.strip("\n").split("\n")]


@pytest.mark.parametrize("text", _cases(APPROVALS))
def test_a_plain_consent_in_the_first_sentence_is_an_approval(text):
    reply = reading(message(text))
    assert reply.decision is Decision.APPROVE, reply.reason


@pytest.mark.parametrize("text", _cases(REJECTIONS))
def test_a_plain_refusal_in_the_first_sentence_is_a_rejection(text):
    reply = reading(message(text))
    assert reply.decision is Decision.REJECT, reply.reason


@pytest.mark.parametrize("text", _cases(UNDECIDED))
def test_everything_else_decides_nothing(text):
    assert decided(text) is Decision.UNCLEAR


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("Hi team,\n\nYes, approved - copy finance", "copy finance"),
        (
            "APPROVED - go ahead, I checked the invoice\n\nThanks,",
            "go ahead, I checked the invoice",
        ),
        ("Approved, thanks for checking.", "thanks for checking."),
        ("APPROVE fine", "fine"),
        ("Approve looks good to me, thanks", "looks good to me, thanks"),
        ("approved ok by me.", "ok by me."),
        ("Approve please. Send it to Ann.", "Send it to Ann."),
        ("*Approve*\n\n*Send* it to Ann.", "*Send* it to Ann."),
        ("REJECT *no*", "*no*"),
        ("No, reject this one please.", "please."),
        ("Hi,\nReject. The amount is wrong.\nIt was 120.", "The amount is wrong.\nIt was 120."),
    ],
)
def test_the_note_is_what_stands_behind_the_decision(text, note):
    assert reading(message(text)).note.startswith(note)


def test_the_reason_is_the_line_that_decides():
    assert reading(message("Hi Bob,\n\nYes, approved - thanks")).reason == "Yes, approved - thanks"


@pytest.mark.parametrize(
    "text",
    [
        "APPROVE fine print attached",
        "APPROVE fine if small",
        "APPROVE ok?",
        "APPROVE ok...",
        "APPROVE looks good to legal",
        "APPROVE fine, but wait",
        "APPROVE fine\nbut only the first",
        "I do not approve fine",
    ],
)
def test_a_note_without_a_mark_before_it_is_known_as_a_whole_or_voids_the_approval(text):
    assert decided(text) is Decision.UNCLEAR
