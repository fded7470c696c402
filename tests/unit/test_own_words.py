"""Our own mail in a reply that brings it back without quote marks: known, and nothing else is."""

import textwrap

import pytest

from mail.lines import Lines
from mail.own_sentences import own_sentences
from mail.own_words import OwnWords
from mail.quotes import own_text
from mail.reply import Decision
from mail.sent import words_of
from tests.unit.incoming import ATTRIBUTION, message, quoted, reading
from tests.unit.mail_samples import every_mail, parts

MAILS = every_mail("Two pallets of paper for the print shop.")
TEXTS = [parts(mail)[0] for mail in (*MAILS, *every_mail("Paper for m\u00fcnchen.de.")[:2])]
SENT = (
    "Hello,\n\nWHAT WILL HAPPEN\nSend 40 chairs to the office in Lyon before Friday noon.\n\n"
    "    APPROVE   go ahead, do it now\n    REJECT    do not do it\n\nRISK\nlow\n\nSales desk"
)
OURS = OwnWords([SENT])


def filled(text: str, width: int) -> str:
    return "\n\n".join(textwrap.fill(" ".join(p.split()), width) for p in text.split("\n\n"))


def own(text: str, ours: OwnWords = OURS) -> tuple[str, ...]:
    return own_text(text, ours).lines


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_our_mail_is_known_without_what_was_sent(text, gap):
    """The lines of what others wrote are fenced; all others are sentences of ours."""
    assert own_text(f"REJECT too much{gap}{text}").lines == ("REJECT too much",)


@pytest.mark.parametrize("mail", MAILS)
@pytest.mark.parametrize("width", [40, 55, 72])
def test_our_mail_is_known_however_it_is_wrapped_if_it_is_known_what_was_sent(mail, width):
    ours = words_of([mail.raw])
    text, html = parts(mail)
    assert own(f"REJECT too much\n\n{filled(text, width)}", ours) == ("REJECT too much",)


@pytest.mark.parametrize(
    "shape",
    [
        SENT,
        SENT.replace("\n", "\n\t"),
        quoted(SENT, "| "),
        quoted(SENT, "* "),
        quoted(SENT, "SD> "),
        SENT.replace("    ", " ").replace("   ", "\n"),
        SENT.replace("go ahead", "*go ahead*").replace("RISK", "_RISK_"),
        SENT.replace(" ", "\xa0"),
        filled(SENT, 30),
        filled(SENT, 200),
    ],
)
def test_what_was_sent_is_known_in_any_shape(shape):
    assert own(f"REJECT too much\n\n{shape}") == ("REJECT too much",)
    assert own(f"REJECT too much\n{shape}") == ("REJECT too much",)


@pytest.mark.parametrize(
    "text",
    [
        "REJECT too expensive",
        "APPROVE",
        "REJECT\n\ndo not do it",
        "low",
        "Risk: too high for me",
        "REJECT. The chairs in Lyon are fine, the date is not.",
        "Send 40 chairs? Who asked for it?",
    ],
)
def test_a_few_words_that_we_used_as_well_are_a_persons(text):
    assert own(text) == tuple(text.split("\n"))


@pytest.mark.parametrize("word", ["no", "low", "Risk: only if Tom agrees", "Tom first"])
def test_a_short_line_below_our_mail_is_doubted_and_never_dropped(word):
    for ours in (SENT, f"{TEXTS[0]}\n┆ no"):
        text = f"APPROVE\n\n{ours}\n\n{word}"
        split = own_text(text, OwnWords([SENT], own_sentences()))
        assert word in (*split.beside, *split.aside)


@pytest.mark.parametrize("line", ["Risk: only if Tom agrees", "Needed: Tom's consent", "no"])
def test_an_answer_between_the_quoted_lines_of_our_mail_is_kept(line):
    first, second = TEXTS[0][:300], TEXTS[0][300:]
    text = f"APPROVE\n\n{ATTRIBUTION}\n{quoted(first)}\n{line}\n{quoted(second)}"
    split = own_text(text)
    assert line in (*split.lines, *split.beside, *split.aside)
    assert reading(message(text)).decision is Decision.UNCLEAR


def test_a_fact_between_marked_lines_is_a_persons():
    for line in ("Risk: only if Tom agrees", "Needed: Tom"):
        quote = "> Nothing else than this runs on your answer."
        text = f"{ATTRIBUTION}\n{quote}\n{line}\n{quote}"
        assert own_text(text).lines == (line,)


@pytest.mark.parametrize("line", ["REJECT", "no"])
def test_a_word_between_lines_of_ours_is_dropped_only_where_it_is_a_heading(line):
    first, second = "Nothing else than this will run.", "Whatever is unclear waits for you."
    ours = OwnWords([f"{first}\n{second}\n\nWHY\n\n┆ no\n\nREJECT"])
    assert own(f"{first}\n\nWHY\n\n{second}", ours) == ()
    assert own(f"{first}\n\n{line}\n\n{second}", ours) == (line,)


def test_words_before_a_fence_are_doubted():
    assert "not this: ┆ Refund" in own_text("APPROVE\nnot this: ┆ Refund").beside
    assert own_text("APPROVE\n┆ not this").beside == ()


def test_words_in_front_of_ours_in_one_line_are_kept_and_those_behind_are_doubted():
    glued = own_text("REJECT it Send 40 chairs to\nthe office in Lyon before Friday noon.", OURS)
    assert glued.lines == ("REJECT it",)
    behind = own_text("Send 40 chairs to the office in Lyon\nbefore Friday noon. Tom first", OURS)
    assert behind.lines == ()
    assert behind.beside[-1] == "Tom first"


def test_an_answer_below_our_mail_without_marks_is_found():
    assert own(f"{SENT}\n\nREJECT\n\nWrong office.") == ("REJECT", "", "Wrong office.")


def test_a_line_of_ours_that_was_wrapped_out_of_its_quote_is_known():
    text = "> Send 40 chairs to the office in\nLyon before Friday noon.\n>\n\nREJECT"
    assert own(text) == ("REJECT",)


def test_a_row_of_numbers_is_nobodys_words():
    numbers = OwnWords(["Deadline 2026 03 11 08 30 00 and so on"])
    assert own("2026 03 11 08 30 00", numbers) == ("2026 03 11 08 30 00",)


def test_text_without_blanks_between_its_words_is_known():
    ours = OwnWords(["この依頼は三月十一日までに回答がない場合は却下されます。"])
    text = "REJECT\n\nこの依頼は三月十一日まで\nに回答がない場合は却下されます。"
    assert own(text, ours) == ("REJECT",)
    assert own("REJECT\n\n三月十一日", ours) == ("REJECT", "", "三月十一日")


def test_every_sentence_that_is_known_is_one_of_our_mails():
    assert own_text("Nothing else than this runs on your answer.").lines == ()
    assert own_text("Nothing else than that runs here today.").lines != ()


HEAD = ["From: Desk <desk@example.com>", "Sent: today at nine", "To: Ann <a@example.com>", ""]


@pytest.mark.parametrize("text", [SENT, *TEXTS])
def test_lines_above_a_header_block_are_told_without_a_look_at_all_below_it(text):
    lines = ["REJECT too much", "", *textwrap.wrap(SENT, 40), "", *HEAD, *text.split("\n")]
    at = lines.index(HEAD[0])
    near, all_of_it = OURS.find_to(Lines(lines), at), OURS.find(Lines(lines))
    assert near is not None
    assert near.whole == {number for number in all_of_it.whole if number <= at} != set()
    assert [near.above, near.below] == [
        {number: line for number, line in found.items() if number <= at}
        for found in (all_of_it.above, all_of_it.below)
    ]


def test_a_line_that_words_of_ours_go_over_is_not_told_by_those_above_it():
    lines = ["REJECT", "", *textwrap.wrap(SENT.partition("\n\n")[2], 30)]
    told = [OURS.find_to(Lines(lines), at) for at in range(2, len(lines) - 2)]
    assert told == [None] * (len(lines) - 4)
