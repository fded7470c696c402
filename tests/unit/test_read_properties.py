"""Whatever mail program brings our mail back, whatever stands in it, and whoever typed around it:
our words decide nothing, a person's decision is found, and a note is theirs alone.

That no bytes raise is held by `test_read_hostile`.
"""

import unicodedata

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mail.compose import Outgoing
from mail.read import read
from mail.reply import Decision, Reply
from tests.unit.client_heads import LANGUAGES, Language
from tests.unit.client_styles import MARKED, STYLES, TORN, UNMARKED, Original, Style, Typed
from tests.unit.foreign_text import FOREIGN
from tests.unit.mail_samples import composers, parts

DECIDED = (Decision.APPROVE, Decision.REJECT)
BIDI = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def examples(count: int) -> settings:
    return settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


MAILS = st.builds(
    lambda text, which: composers(text)[which](),
    FOREIGN,
    # A request and a help mail, which people answer, as often as all others together.
    st.sampled_from([0, 1]) | st.integers(0, len(composers("")) - 1),
)
# What approvers get: the last three kinds go to who asked.
ANSWERED = st.builds(
    lambda text, which: composers(text)[which](), FOREIGN, st.integers(0, len(composers("")) - 4)
)
ANY_STYLE = st.sampled_from(STYLES) | st.sampled_from(TORN)
LANGUAGE = st.sampled_from(LANGUAGES)
FOUND_IN = st.sampled_from([one for one in LANGUAGES if one.code not in ("ja", "ko", "ru")])
SENT = st.booleans()
NOTHING = st.just("")
UNDECIDED = NOTHING | st.sampled_from(
    [
        "Hi,",
        "What is this?",
        "ok",
        "LGTM",
        "\U0001f44d",
        "Yes",
        "Thanks!",
        "I will approve tomorrow.",
        "approve if under 500",
        "Approve only 50%",
        "approve or reject?",
        "Legal approved this.",
        "Who is going to reject this?",
        "Please call me.\n\nInes",
        "Sent from my iPhone",
        "-- \nInes Roth",
        "\u200b",
    ]
)
# Letters that spell no decision in any language.
UNDECIDED |= st.text(
    "bcdfghkmqwxz0123456789 .,:;!?>|*_-\n\u00e4\u202e\u200b\U0001f600", max_size=60
)
NOTES = st.sampled_from(
    [
        "",
        "Checked with Rosa",
        "fine with me",
        "Please go ahead.\n\nThe team knows of it.",
        "Bitte sehr",
        "Bien joué",
    ]
)
WORDS = st.sampled_from(
    [
        ("APPROVE", Decision.APPROVE),
        ("Approved.", Decision.APPROVE),
        ("approve!", Decision.APPROVE),
        ("REJECT", Decision.REJECT),
        ("rejected", Decision.REJECT),
    ]
)


def original(mail: Outgoing) -> Original:
    return Original(*parts(mail))


def reading(mail: Outgoing, style: Style, typed: Typed, language: Language, sent: bool) -> Reply:
    raw = style.write(original(mail), typed, language)
    reply = read(raw, mail.raw if sent else None)
    assert isinstance(reply, Reply), reply
    return reply


def said(word: str, note: str) -> str:
    return f"{word}\n\n{note}" if note else word


@examples(200)
@given(MAILS, ANY_STYLE, LANGUAGE, SENT)
def test_our_mail_alone_decides_nothing(mail, style, language, sent):
    assert reading(mail, style, Typed(), language, sent).decision not in DECIDED


@examples(250)
@given(MAILS, ANY_STYLE, LANGUAGE, st.builds(Typed, UNDECIDED, UNDECIDED, UNDECIDED))
def test_our_mail_amid_undecided_words_decides_nothing(mail, style, language, typed):
    assert reading(mail, style, typed, language, False).decision not in DECIDED


@examples(200)
@given(ANSWERED, st.sampled_from(MARKED + UNMARKED), FOUND_IN, SENT, WORDS, NOTES)
def test_a_decision_above_our_mail_is_found_with_its_note(mail, style, language, sent, words, note):
    reply = reading(mail, style, Typed(said(words[0], note)), language, sent)
    assert (reply.decision, reply.note) == (words[1], note)


@examples(150)
@given(ANSWERED, st.sampled_from(MARKED), FOUND_IN, SENT, WORDS, NOTES)
def test_a_decision_below_our_marked_mail_is_found_with_its_note(
    mail, style, language, sent, words, note
):
    reply = reading(mail, style, Typed(below=said(words[0], note)), language, sent)
    assert (reply.decision, reply.note) == (words[1], note)


@examples(150)
@given(
    MAILS,
    st.sampled_from(STYLES),
    LANGUAGE,
    st.lists(st.text(max_size=20) | st.sampled_from(sorted(BIDI)), max_size=10).map("".join)
    | st.text(min_size=1).map(lambda text: text * (5_000 // len(text))),
)
def test_a_note_is_short_and_safe_to_print(mail, style, language, text):
    note = reading(mail, style, Typed(f"REJECT\n{text}"), language, False).note
    assert len(note) <= 4_000
    assert BIDI.isdisjoint(note)
    assert {char for char in note if unicodedata.category(char) in ("Cc", "Cs")} <= {"\n", "\t"}


@examples(150)
@given(ANSWERED, st.sampled_from(MARKED + UNMARKED), FOUND_IN, UNDECIDED)
def test_no_note_holds_a_line_of_our_own_mail(mail, style, language, text):
    plain, _ = parts(mail)
    ours = {line.strip() for line in plain.splitlines() if len(line.strip()) > 12}
    assume(ours.isdisjoint(map(str.strip, text.splitlines())))
    for word in ("REJECT\n", ""):
        note = reading(mail, style, Typed(word + text), language, True).note
        assert ours.isdisjoint(map(str.strip, note.splitlines()))
