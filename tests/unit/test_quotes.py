"""Which lines of a text are the writer's own."""

import time

import pytest

from mail.quotes import own_text
from mail.reply import Decision
from tests.unit.incoming import ATTRIBUTION, decided, message, quoted, reading

OURS = "Shop agent asks.\n\nAPPROVE\n\nREJECT\n\nReference: none"

HEADER_BLOCKS = [
    "From: Shop agent <agent@shop.test>\nSent: Monday, 23 November 2026 08:00\n"
    "To: Ines Roth\nSubject: Approval needed",
    "*From:* Shop agent\n*Date:* Monday\n*To:* Ines Roth\n*Subject:* Approval needed",
    "Von: Shop agent\nGesendet: Montag, 23. November 2026 08:00\nAn: Ines Roth\nBetreff: Freigabe",
    "De : Shop agent\nEnvoyé : lundi 23 novembre 2026 08:00\nÀ : Ines Roth\nObjet : Accord",
    "发件人: Shop agent\n发送时间: 2026年11月23日\n收件人: Ines Roth\n主题: Approval",
    "Date: Monday\nFrom: Shop agent\nTo: Ines Roth",
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
    "23 nov 2026 08:00 Shop agent <agent@shop.test>",
]
CUTS = [
    "-----Original Message-----",
    "-----Ursprüngliche Nachricht-----",
    "---------- Forwarded message ---------",
    "Begin forwarded message:",
    "________________________________",
    "--------------------------------",
    "-------- Weitergeleitete Nachricht --------",
]


@pytest.mark.parametrize("mark", [">", "> ", ">> ", "> > ", " > ", "|", "| ", "\uff1e"])
def test_marked_lines_are_quotes_above_and_below(mark):
    quote = quoted(OURS, mark)
    assert own_text(f"One moment.\n\n{quote}").lines == ("One moment.",)
    assert own_text(f"{quote}\n\nOne moment.").lines == ("One moment.",)
    assert decided(f"REJECT\n\n{quote}") is Decision.REJECT
    assert decided(f"{quote}\n\nREJECT") is Decision.REJECT
    assert decided(quote) is Decision.UNCLEAR


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_attribution_is_no_note(attribution):
    reply = reading(message(f"REJECT\nToo expensive.\n\n{attribution}\n\n{quoted(OURS)}"))
    assert (reply.decision, reply.note) == (Decision.REJECT, "Too expensive.")


@pytest.mark.parametrize("attribution", ATTRIBUTIONS[:-1])
def test_below_an_attribution_without_quote_marks_all_is_quoted(attribution):
    reply = reading(message(f"{attribution}\n\n{OURS.partition('asks.')[2]}"))
    assert (reply.decision, reply.note) == (Decision.UNCLEAR, "")


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_answer_below_the_quote_is_found(attribution):
    assert decided(f"{attribution}\n{quoted(OURS)}\n\nAPPROVE\n\nInes") is Decision.APPROVE


def test_an_attribution_right_below_the_decision_takes_only_itself():
    broken = ATTRIBUTION.replace(" wrote", "\nwrote")
    assert reading(message(f"REJECT 3 of them\n{broken}\n> x")).note == "3 of them"


def test_a_sentence_with_wrote_in_it_is_no_attribution():
    reply = reading(message("APPROVE\n\nOn 2 June I wrote: 2 parcels arrived."))
    assert (reply.decision, reply.note) == (
        Decision.APPROVE,
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
    assert reading(message(f"REJECT no\n\n{block}\n\n{OURS}")).note == "no"


def test_two_lines_with_colons_are_no_header_block():
    text = "REJECT\n\nFrom: the first budget\nTo: the second"
    assert reading(message(text)).note == "From: the first budget\nTo: the second"


@pytest.mark.parametrize("cut", CUTS)
def test_below_a_separator_nothing_is_own(cut):
    assert own_text(f"One moment.\n{cut}\n\nAPPROVE").lines == ("One moment.",)
    assert decided(f"{cut}\n\nREJECT") is Decision.UNCLEAR


@pytest.mark.parametrize("mark", ["-- ", "--", "—"])
def test_a_signature_decides_nothing_and_is_no_note(mark):
    assert decided(f"{mark}\nIf in doubt:\nAPPROVE") is Decision.UNCLEAR
    reply = reading(message(f"APPROVE\n\n{mark}\nInes Roth\nWe do not reject anyone."))
    assert (reply.decision, reply.note) == (Decision.APPROVE, "")


def test_two_dashes_do_not_hide_a_condition():
    assert decided("APPROVE\n--\nbut only if Tom agrees") is Decision.UNCLEAR


@pytest.mark.parametrize(
    "line",
    ["Sent from my iPhone", "Get Outlook for iOS", "Von meinem iPhone gesendet",
     "Envoyé de mon iPhone", "Sent from Outlook for Android"],
)  # fmt: skip
def test_what_a_phone_adds_is_no_note(line):
    reply = reading(message(f"APPROVE\n\n{line}\n\n{ATTRIBUTION}\n{quoted(OURS)}"))
    assert (reply.decision, reply.note) == (Decision.APPROVE, "")


def test_words_that_follow_what_a_phone_adds_still_void():
    assert decided("APPROVE\n\nSent from my iPhone - not sure") is Decision.UNCLEAR
    assert decided("APPROVE\n\nSent from my iPhone\n\nnot before Friday") is Decision.UNCLEAR


@pytest.mark.parametrize(
    "line",
    [
        "CONFIDENTIALITY NOTICE: do not approve anything unless it was meant for you.",
        "This e-mail is confidential and only for you.",
        "If you are not the intended recipient, reject it.",
        "Diese E-Mail enthält vertrauliche Informationen, nicht weitergeben.",
        "Ce message est confidentiel, ne pas diffuser.",
    ],
)
def test_a_disclaimer_decides_nothing_and_voids_nothing(line):
    assert decided(f"APPROVE\n\n{line}\nDo not reply.") is Decision.APPROVE
    assert decided(f"{line}\n\nAPPROVE") is Decision.UNCLEAR


def test_the_overhang_of_a_rewrapped_quote_is_not_own():
    assert decided("> Answer this mail with the word\nAPPROVE\n> on the first line") is (
        Decision.UNCLEAR
    )
    assert decided("> Answer with the word\nREJECT if you disagree") is Decision.UNCLEAR


def test_an_answer_between_quotes_is_found_and_doubted_as_a_whole():
    text = f"{quoted('Will you?')}\n\nAPPROVE\n\n{quoted('Why?')}\n\nnot before Friday"
    assert decided(text) is Decision.UNCLEAR
    assert decided(text.replace("APPROVE", "REJECT")) is Decision.REJECT


def test_the_first_own_words_decide_even_where_later_ones_would():
    assert decided(f"One moment.\n\n{quoted(OURS)}\n\nAPPROVE") is Decision.UNCLEAR


PATHOLOGICAL = [
    ("On 1 ", "x"),
    ("On 1\n", ""),
    ("From: a\n", ""),
    ("> ", "x"),
    (" ", "x"),
    ("\xa0", "x"),
    ("-", "x"),
    ("- ", "x"),
    ("_", "x"),
    ("Sent from my iPhone ", "!"),
    ("this e-mail ", "!"),
    ("a@", "!"),
    ("<a@b> ", ":"),
    ("schrieb ", ":"),
    ("-----\t", "x"),
    ("a'", "!"),
    ("un-", "!"),
    ("\n", "x"),
    (" \n", "x"),
]


@pytest.mark.parametrize(("piece", "end"), PATHOLOGICAL)
@pytest.mark.parametrize("first", ["", "APPROVE\n"])
def test_time_grows_with_the_text_and_no_faster(piece, end, first):
    """Eight times the text, at most 32 times as long; what is quadratic takes 64 times."""

    def seconds(count: int) -> float:
        raw = message(first + piece * count + end)
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            reading(raw)
            best = min(best, time.perf_counter() - start)
        return best

    small = 6_000 // len(piece)
    assert seconds(8 * small) < 8 * 4 * seconds(small) + 0.05
