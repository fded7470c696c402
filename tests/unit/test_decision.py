"""The strict rules: which own words decide, and which doubts void an approval."""

import pytest

from mail.reply import Decision
from tests.unit.incoming import decided, message, reading


@pytest.mark.parametrize(
    "text",
    ["APPROVE", "approve", "Approved", "APPROVED.", "Approve!", "\n\n  APPROVE  \n", "\xa0approve",
     "\ufeffAPPROVE", "\u200bAPPROVE", "APPROVE\u2069", "\u200fAPPROVE\u200f",
     "ＡＰＰＲＯＶＥ\u3000", "APPROVE\u200b", "APPROVE.\u200b\u2060 ", "\u200b\nAPPROVE\n\u200b\n"],
)  # fmt: skip
def test_the_word_alone_on_the_first_line_approves(text):
    reply = reading(message(text))
    assert reply.decision is Decision.APPROVE
    assert reply.note == ""
    assert reply.reason.lower().startswith("approve")


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("REJECT", ""),
        ("reject.", ""),
        ("Rejected", ""),
        ("REJECT too expensive", "too expensive"),
        ("REJECT - it was paid twice", "it was paid twice"),
        ("Rejected: Ämin asked for it back", "Ämin asked for it back"),
        ("REJECT\n\nThe invoice is a copy.", "The invoice is a copy."),
        ("REJECT. Do not approve this", "Do not approve this"),
        ("REJECT\nWould you approve it?", "Would you approve it?"),
        ("REJECT\n\nif only they had asked", "if only they had asked"),
    ],
)
def test_a_rejection_stands_whatever_is_said_beside_it(text, note):
    reply = reading(message(text))
    assert (reply.decision, reply.note) == (Decision.REJECT, note)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\t\n",
        "APPROVE?",
        "APPROVE...",
        "REJECT unless Tom says yes",
        "REJECT\nAPPROVE",
        "approver",
        "approval",
        "unapproved",
        "rejection",
        "reject_all",
        "not approved",
        "👍",
    ],
)
def test_anything_else_is_unclear(text):
    assert decided(text) is Decision.UNCLEAR


@pytest.mark.parametrize(
    "first",
    [
        "AP\u200bPROVE",
        "APPROVE\u200bd",
        "\u202eAPPROVE",
        "\u0410PPROVE",  # Cyrillic A
        "APPR\u039fVE",  # Greek O
        "APPROVE\u2028not yet",
        "APPROVE\x0bnot yet",
        "APPROVE\rnot yet",
        "RE\u200bJECT",
        "R\u0415JECT",  # Cyrillic E
        "re\u0458ect",  # Cyrillic j
    ],
)
def test_invisible_and_look_alike_letters_decide_nothing(first):
    assert decided(first) is Decision.UNCLEAR


@pytest.mark.parametrize(
    "note",
    [
        "Please send Ann a copy.",
        "Thanks, Ines",
        "Grüße an die Kollegen",
        "As agreed with Tom this morning",
        "This is my approval.",
    ],
)
def test_a_note_below_an_approval_is_kept(note):
    reply = reading(message(f"APPROVE\n\n{note}"))
    assert (reply.decision, reply.note) == (Decision.APPROVE, note)


@pytest.mark.parametrize(
    "note",
    [
        "not this one",
        "I don't think so",
        "I don’t think so",
        "I don´t think so",
        "dont",
        "if Tom agrees",
        "unless it is over 100",
        "but ask Tom",
        "only 50 EUR",
        "once the invoice is in",
        "up to a limit of 50",
        "wait for Tom",
        "REJECT",
        "Rejected by Tom",
        "disapproved",
        "approved by Tom",
        "changed my mind",
        "is this the right order?",
        "ok？",
        "is that so\u061f",
        "n\u200bot this one",
        "nоt this one",  # Cyrillic o
        "сначала спроси Тома",
        "トムに確認してから",
        "nur wenn Tom zustimmt",
        "sauf si Tom refuse",
        "solo si Tom está de acuerdo",
        "alleen als Tom het zegt",
        "inte denna",
        "tylko 50",
        "👎",
        "\uff4eot this one",  # a full-width letter
        "\u24dd\u24de\u24e3 this one",  # circled letters
    ],
)
def test_a_doubt_below_voids_an_approval_and_is_named(note):
    reply = reading(message(f"APPROVE\n\n{note}"))
    assert reply.decision is Decision.UNCLEAR
    assert reply.reason
    assert "APPROVE" in reply.note


def test_an_unclear_reply_says_which_line_was_read():
    reply = reading(message("Looks fine to me"))
    assert "Looks fine to me" in reply.reason
    assert reply.note == "Looks fine to me"


def test_a_note_is_bounded_and_free_of_control_characters():
    reply = reading(message("REJECT a\x00b\x1b[31mc\x07\u202ed\te\n" + "x" * 9_000))
    assert reply.note.startswith("a\ufffdb[31mcd e\nxxx")
    assert len(reply.note) == 4_000


def test_the_reason_is_one_short_line():
    reply = reading(message("word " * 5_000))
    assert "\n" not in reply.reason
    assert len(reply.reason) <= 200


@pytest.mark.parametrize("note", ["{}", "[{}]", "Thanks for {}.", "This is for {}, thanks"])
def test_an_approval_that_names_another_request_is_none(note):
    subject = "Re: Approval needed: Refund [AR-7K2M9QXD4T]"
    for named in ("AR-0000000001", "ar-7k2m9qxd4v"):
        reply = reading(message(f"APPROVE\n{note.format(named)}", Subject=subject))
        assert reply.decision is Decision.UNCLEAR
    assert (
        reading(message("APPROVE\n[AR-7K2M9QXD4T]", Subject=subject)).decision is Decision.APPROVE
    )
