"""Which words, signs and amounts beside an approval void it, and which void nothing."""

import pytest

from mail.doubt import find_aside_doubt, find_doubt

CONDITIONS = (
    "as long as Tom agrees|so long as Tom agrees|in case Tom agrees|given that Tom agrees"
    "|contingent on it|following Tom's sign-off|with Tom's sign off|upon receipt|it needs Tom"
    "|Tom must agree|it has to be Tom|I'd have to see it|as\nlong\nas it is small"
)
RESTRICTIONS = (
    "up to three|make it small|exclude Tom|skip that order|leave out that order|minus shipping"
    "|on staging|amount: fifty|max 3 of them|half of it|at most three"
)
DELAYS = (
    "pause|postpone it|delay it|defer it|halt|next week|next\nmonth|on Friday|Monday is better"
    "|am Montag|freitags, also Freitag|lundi|el lunes|miércoles|too early|beforehand|at the weekend"
)
TAKE_BACKS = (
    "scratch that|strike that|nvm|nevermind|forget it|I rescind it|recall it|by accident"
    "|accidentally|nay|negative|bad idea|fraud|suspicious|a scam|stop!|we were hacked"
)
QUESTIONS = (
    "Is this right|is it right|is that right|are you sure|are they sure|can you look|could you look"
    "|explain it|please clarify|check with Tom|ask Tom|ask him|see my comments|comments inline"
    "|see attached|Thanks. Is this right"
)
LANGUAGES = (
    "maximal drei|höchstens drei|solange Tom zustimmt|halt|nach Rücksprache|außer montags|dès lors"
    "|pourvu que|siempre que|máximo tres|purché|al massimo|maximaal drie|zolang|så länge|högst tre"
    "|o ile|maksymalnie|ekki|nuk|nē"
)
DECISIONS = "REJECT|I have rejected it|Dana disapproved|Tom will approve it|abgelehnt"
AMOUNTS = "50 EUR|EUR 50|50EUR|EUR50|€50|50 €|50.00 euros|$1,200|1.200,50 Kč|5k|kr 500|50%"
SIGNS = "🙅|🤔|😡|⏸|😬|👎|🙅‍♀️|❌|🛑|🤷|⚠️|⏳"


@pytest.mark.parametrize(
    "note",
    "|".join(
        (CONDITIONS, RESTRICTIONS, DELAYS, TAKE_BACKS, DECISIONS, QUESTIONS, LANGUAGES)
        + (AMOUNTS, SIGNS)
    ).split("|"),
)
def test_a_note_that_may_take_back_is_doubtful(note):
    assert find_doubt(note)
    assert find_doubt(f"Hello\n{note}\nInes")


@pytest.mark.parametrize(
    "note",
    [
        "",
        "Thanks, Ines",
        "Max",
        "Jen",
        "Ines, rue de Lyon, 75001",
        "As agreed with Tom this morning",
        "On 2 June I wrote: 2 parcels arrived.",
        "On Monday I wrote: 2 parcels arrived.",
        "We spoke last Friday",
        "100% fine with me",
        "order 1042, 3 pieces",
        "I looked it up. To Tom: it is long. As said, fine",
        "All there is. This is fine.",
        "see https://links.test/?url=https%3A%2F%2Fa.test%2Fnot-if&reserved=0",
        "see www.acme.test/no or <https://acme.test/only?x=y>",
        "write to not-if@acme.test",
        "👍 ✅ 🎉",
    ],
)
def test_a_harmless_note_is_not(note):
    assert find_doubt(note) == ""


@pytest.mark.parametrize(
    "note",
    ["https://acme.test/x?", "https://acme.test/x not this one", "Have you seen www.acme.test?",
     "tom@acme.test only", "https://acme.test/x\u200bnot"],
)  # fmt: skip
def test_a_link_hides_nothing_behind_it(note):
    assert find_doubt(note)


@pytest.mark.parametrize(
    "line",
    ["REJECT", "Ann disapproved it", "stop", "hold it", "refund 50 EUR instead", "cancel",
     "I revoke it", "abgelehnt", "Stopp", "not before June", "can't", "don’t", "please postpone",
     "in case Tom agrees", "solo uno, nunca", "jamais", "inte", "nie", "нет", "🙅"],
)  # fmt: skip
def test_a_signature_or_an_attribution_is_searched_for_plain_words(line):
    assert find_aside_doubt(line)
    assert find_aside_doubt(f"On Mon, May 4, 2026 at 8:00 AM {line}, Tom <tom@acme.test> wrote:")


def test_a_question_in_a_signature_is_one():
    assert find_aside_doubt("What of 1043?")
    assert find_aside_doubt("Ren?e Roth") == ""


@pytest.mark.parametrize(
    "line",
    [
        "Ines Roth, Test Engineer",
        "First Level, Back Office",
        "ACME Limited, Company No. 1234",
        "May Change, Fraud Prevention",
        "Mo-Fr 9 bis 17",
        "Rue de Max 5",
        "Stammkapital: 25.000 EUR",
        "SAS au capital de 10 000 €",
        "田中太郎",
        "On Sat, May 2, 2026 at 8:00 AM Approve <not-if@shop.test> wrote:",
        "On Mon, Nov 23, 2026, 08:00 T. Hold Only <a@shop.test> wrote:",
        "Am 23.11.26 um 08:00 schrieb Shop agent:",
        "https://acme.test/only?x",
    ],
)
def test_titles_names_and_dates_are_no_doubt(line):
    assert find_aside_doubt(line) == ""


@pytest.mark.parametrize("code", ["AR-7K2M9QXD4T", "AR-5KR40CH61A", f"AR-7K2M9QXD4T/{'4k' * 14}"])
def test_our_own_codes_name_no_amount(code):
    assert find_doubt(f"Fine with {code}.") == ""
    assert find_aside_doubt(f"reference: {code}") == ""
    assert find_doubt(f"Fine with {code}, 7k at most")
