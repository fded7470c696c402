"""Which lines of a text are the writer's own."""

import pytest

from mail.quotes import LINES, own_text
from mail.reply import Decision
from tests.unit.incoming import (
    ATTRIBUTION,
    REFERENCE,
    REQUEST_ID,
    decided,
    message,
    quoted,
    reading,
)

OURS = "Shop agent asks.\n\nAPPROVE\n\nREJECT\n\nReference: none"

HEADER_BLOCKS = [
    "From: Shop agent <agent@shop.test>\nSent: Monday, 23 November 2026 08:00\n"
    "To: Ines Roth\nSubject: Approval needed",
    f"*From:* Shop agent\n*Date:* Monday\n*To:* Ines Roth\n*Subject:* Refund [{REQUEST_ID}]",
    "Von: Shop agent\nGesendet: Montag, 23. November 2026 08:00\nAn: Ines Roth\n"
    f"Betreff: Freigabe\n[{REQUEST_ID}]",
    "De : Shop agent\nEnvoyé : lundi 23 novembre 2026 08:00\nÀ : ines@example.com\nObjet : Accord",
    f"发件人: Shop agent\n发送时间: 2026年11月23日\n收件人: Ines\n主题: [{REQUEST_ID}]",
    "Date: Monday\nFrom: Shop agent [mailto:agent@shop.test]\nTo: Ines Roth",
]
ATTRIBUTIONS = [
    ATTRIBUTION,
    "On Mon, Nov 23, 2026 at 8:00 AM Shop agent <agent@shop.test>\nwrote:",
    "On Mon, Nov 23, 2026 at 8:00 AM\nShop agent\n<agent@shop.test> wrote:",
    "Am 23.11.26 um 08:00 schrieb Shop agent:",
    "Am Mo., 23. Nov. 2026 um 08:00 Uhr schrieb Shop agent <\nagent@shop.test>:",
    "Le lun. 23 nov. 2026 à 08:00, Shop agent <agent@shop.test> a écrit :",
    "El lun, 23 nov 2026 a las 8:00, Shop agent (<agent@shop.test>) escribió:",
    "Il giorno lun 23 nov 2026 alle ore 08:00 Shop agent <agent@shop.test> ha scritto:",
    "Op ma 23 nov 2026 om 08:00 schreef Shop agent <agent@shop.test>:",
    "pon., 23 lis 2026 o 08:00 Shop agent <agent@shop.test> napisał(a):",
    "Den mån 23 nov. 2026 kl 08:00 skrev Shop agent <agent@shop.test>:",
    "23.11.2026 08:00, Shop agent пишет:",
    "2026年11月23日(月) 8:00 Shop agent <agent@shop.test>のメール:",
    "---- On Mon, 23 Nov 2026 08:00:50 +0100 agent@shop.test wrote ----",
    "Am 23. November schrieb Shop agent:",
    "23 nov 2026 08:00 Shop agent <agent@shop.test>",
]
CUTS = [
    "-----Original Message-----",
    "-----Ursprüngliche Nachricht-----",
    "---------- Forwarded message ---------",
    "Begin forwarded message:",
    "------------------ Original ------------------",
    "----- Forwarded message from Shop agent <agent@shop.test> -----",
    "-------- Weitergeleitete Nachricht --------",
]


@pytest.mark.parametrize("mark", [">", "> ", ">> ", "> > ", " > ", "\uff1e"])
def test_marked_lines_are_quotes_above_and_below(mark):
    quote = quoted(OURS, mark)
    assert own_text(f"One moment.\n\n{quote}").lines == ("One moment.",)
    assert own_text(f"{quote}\n\nOne moment.").lines == ("One moment.",)
    assert decided(f"REJECT\n\n{quote}") is Decision.REJECT
    assert decided(f"{quote}\n\nREJECT") is Decision.REJECT
    assert decided(quote) is Decision.UNCLEAR


@pytest.mark.parametrize("bar", ["|", "| "])
def test_a_bar_marks_a_quote_below_an_attribution_alone(bar):
    below = f"{ATTRIBUTION}\n\n{quoted(OURS, bar)}\n\nREJECT"
    assert own_text(below).lines == ("REJECT",)
    assert decided(f"APPROVE\n\n{ATTRIBUTION}\n{quoted(OURS, bar)}") is Decision.APPROVE
    assert decided(f"APPROVE\n\n{quoted('not this one', bar)}") is Decision.UNCLEAR
    assert decided(quoted("APPROVE", bar)) is Decision.UNCLEAR
    above = f"APPROVE\n\n{ATTRIBUTION}\n| x\n\nA list:\n| not this one"
    assert decided(above) is Decision.UNCLEAR


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_attribution_is_no_note(attribution):
    reply = reading(message(f"REJECT\nToo expensive.\n\n{attribution}\n\n{quoted(OURS)}"))
    assert (reply.decision, reply.note) == (Decision.REJECT, "Too expensive.")


@pytest.mark.parametrize("attribution", ATTRIBUTIONS[:-1])
@pytest.mark.parametrize("blanks", ["\n", "\n\n", "\n\n\n\n\n\n"])
def test_below_an_attribution_without_quote_marks_all_is_quoted(attribution, blanks):
    reply = reading(message(f"{attribution}{blanks}{OURS.partition('asks.')[2]}"))
    assert (reply.decision, reply.note) == (Decision.UNCLEAR, "")


@pytest.mark.parametrize("line", [REFERENCE, f"Request id: {REQUEST_ID}", f"[{REQUEST_ID}]"])
def test_our_mail_without_quote_marks_voids_nothing(line):
    ours = f"The first line decides, not the last.\n\n{line}"
    assert decided(f"APPROVE\n\n{ATTRIBUTION}\n\n{ours}") is Decision.APPROVE
    assert decided(f"APPROVE\n\n{ATTRIBUTION}\n\n{ours.replace(line, 'x')}") is Decision.UNCLEAR


@pytest.mark.parametrize("below", ["No!", "Only half of it", f"No, {REQUEST_ID} was paid"])
@pytest.mark.parametrize(
    "original",
    [
        "",
        f"\n\n{ATTRIBUTION}\n> {REFERENCE}",
        f"\n\n{ATTRIBUTION}\n\n{REFERENCE}",
        f"\n\n{HEADER_BLOCKS[0]}\n\n{REFERENCE}",
    ],
)
def test_what_an_attribution_cuts_off_is_kept_unless_it_is_ours(below, original):
    text = f"APPROVE\n\nYesterday tom@example.com wrote:\n{below}{original}"
    assert decided(text) is Decision.UNCLEAR
    assert reading(message(text.replace("APPROVE", "REJECT"))).note == ""


@pytest.mark.parametrize(
    "line",
    [
        "Refund 50.00 instead, as Ann said:",
        "On order 1043 REJECT, as Tom said:",
        "So 2 of 3 are wrong - Tom wrote:",
        "On 2 counts it is wrong, as Tom wrote:",
        "Stop. tom@example.com wrote:",
    ],
)
@pytest.mark.parametrize("below", ["it was paid twice", "> it was paid twice"])
def test_a_sentence_that_ends_like_an_attribution_still_voids(line, below):
    assert decided(f"APPROVE\n\n{line}\n{below}") is Decision.UNCLEAR
    assert (line in own_text(f"{line}\n{below}").lines) is ("@" not in line)


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_answer_below_the_quote_is_found(attribution):
    assert decided(f"{attribution}\n{quoted(OURS)}\n\nAPPROVE\n\nInes") is Decision.APPROVE


def test_an_attribution_right_below_the_decision_takes_only_itself():
    broken = ATTRIBUTION.replace(" wrote", "\nwrote")
    assert reading(message(f"REJECT 3 of them\n{broken}\n> x")).note == "3 of them"


def test_a_sentence_with_wrote_in_it_is_no_attribution():
    reply = reading(message("REJECT\n\nOn 2 June I wrote: 2 parcels arrived."))
    assert (reply.decision, reply.note) == (
        Decision.REJECT,
        "On 2 June I wrote: 2 parcels arrived.",
    )


def test_a_condition_that_looks_like_an_attribution_still_voids():
    text = f"APPROVE\n\nOn 3 May, if Tom agrees, as Ann wrote:\n{quoted(OURS)}"
    assert decided(text) is Decision.UNCLEAR


@pytest.mark.parametrize("name", ["No Reply", "Test agent", "Approve", "T. Change Hold"])
def test_the_date_and_the_name_of_an_attribution_are_no_doubt(name):
    attribution = f"On Sat, May 2, 2026 at 8:00 AM {name} <not-if@shop.test> wrote:"
    assert decided(f"APPROVE\n\n{attribution}\n{quoted(OURS)}") is Decision.APPROVE


@pytest.mark.parametrize("block", HEADER_BLOCKS)
def test_a_header_block_and_all_below_it_is_quoted(block):
    assert own_text(f"One moment.\n\n{block}\n\nAPPROVE").lines == ("One moment.",)
    assert decided(f"{block}\n\nAPPROVE") is Decision.UNCLEAR
    assert reading(message(f"REJECT\n\nno\n\n{block}\n\n{OURS}")).note == "no"


def test_two_lines_with_colons_are_no_header_block():
    text = "REJECT\n\nFrom: the first budget\nTo: the second"
    assert reading(message(text)).note == "From: the first budget\nTo: the second"


def test_a_header_block_is_one_of_mail():
    block = "From: 1 May\nTo: 30 May\nDate: not before June"
    assert decided(f"APPROVE\n\n{block}") is Decision.UNCLEAR
    assert reading(message(f"REJECT\n\n{block}")).note == block


@pytest.mark.parametrize("cut", CUTS)
def test_below_a_separator_nothing_is_own(cut):
    assert own_text(f"One moment.\n{cut}\n\nAPPROVE").lines == ("One moment.",)
    assert decided(f"{cut}\n\nREJECT") is Decision.UNCLEAR
    assert decided(f"APPROVE\n\n{cut}\n\nnot before Friday") is Decision.UNCLEAR
    for head in (REFERENCE, "From: Shop agent\nSent: Monday", HEADER_BLOCKS[0]):
        assert decided(f"APPROVE\n\n{cut}\n{head}\n\nnot before Friday") is Decision.APPROVE


LONG = "> Whoever has to answer this may write one word or a few lines"


@pytest.mark.parametrize("word", ["APPROVE", "REJECT"])
def test_the_overhang_of_a_rewrapped_quote_decides_nothing(word):
    assert decided(f"{LONG}\n{word}\n> on the first line") is Decision.UNCLEAR
    assert decided(f"{LONG}\n{LONG[2:]}\n{word}") is Decision.UNCLEAR


@pytest.mark.parametrize("word", [Decision.APPROVE, Decision.REJECT])
def test_words_right_below_a_short_quoted_line_are_own(word):
    assert decided(f"> Will you?\n{word.upper()}") is word
    assert decided(f"{LONG}\n\n{word.upper()}") is word


@pytest.mark.parametrize("above", ["> Will you?", LONG])
def test_a_comment_right_below_a_quoted_line_still_voids(above):
    assert decided(f"APPROVE\n\n{above}\nnot this one\n> x") is Decision.UNCLEAR
    assert decided(f"APPROVE\n\n{above}\nthanks to all\n> x") is Decision.APPROVE


@pytest.mark.parametrize("word", [Decision.APPROVE, Decision.REJECT])
def test_of_more_lines_than_are_read_nothing_is_approved(word):
    reply = reading(message(f"{word.upper()}\n" + "x\n" * LINES))
    assert reply.decision is (Decision.UNCLEAR if word is Decision.APPROVE else word)
    assert own_text("x\n" * (LINES - 1)).cut is False
    if word is Decision.APPROVE:
        assert reply.reason == "longer than what is read"


def test_a_line_of_invisible_characters_is_a_blank_one():
    text = "One.\n\u200b\n\u200b \ufeff\u2060\nTwo.\u200b"
    assert own_text(text).lines == ("One.", "", "Two.")


def test_an_answer_between_quotes_is_found_and_doubted_as_a_whole():
    text = f"{quoted('Will you?')}\n\nAPPROVE\n\n{quoted('Why?')}\n\nnot before Friday"
    assert decided(text) is Decision.UNCLEAR
    assert decided(text.replace("APPROVE", "REJECT")) is Decision.REJECT


def test_the_first_own_words_decide_even_where_later_ones_would():
    assert decided(f"One moment.\n\n{quoted(OURS)}\n\nAPPROVE") is Decision.UNCLEAR
