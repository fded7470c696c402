"""Characters around and inside of words: what is made plain, what is named strange."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mail.characters import plain_word_text, strange


@pytest.mark.parametrize(
    "text",
    [
        "APPROVE",
        "ＡＰＰＲＯＶＥ",
        "\u200eAPPROVE\u200e",
        "\u202aAPPROVE\u202c",
        "\u2067APPROVE\u2069",
        "\u200fAPPROVE",
        "\ufeffAPPROVE",
        "APPROVE\u200b",
        "APPROVE\u00ad",
        "\u2060APPROVE\u2060\ufe0f",
    ],
)
def test_what_keyboards_and_programs_put_around_a_word_is_taken_off(text):
    assert plain_word_text(text) == "APPROVE"
    assert strange(plain_word_text(text)) == ""


@pytest.mark.parametrize("inside", ["\u200b", "\u200b\u200b", "\u00ad\u2060\u200e"])
def test_inside_of_a_word_nothing_is_taken_off(inside):
    assert plain_word_text(f"APP{inside}ROVE") == f"APP{inside}ROVE"


@pytest.mark.parametrize("blank", "\t\xa0\u2002\u2009\u202f\u3000")
def test_every_blank_is_one(blank):
    assert plain_word_text(f"APPROVE{blank}it") == "APPROVE it"


def test_full_width_letters_are_those_of_ascii_and_signs_stay():
    assert plain_word_text("ＡＰＰＲＯＶＥ！\nＲｅｊｅｃｔ：２０％") == "APPROVE！\nReject：20％"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("АPPROVE", "alphabets"),  # Cyrillic A
        ("APPRΟVE", "alphabets"),  # Greek O
        ("APPROVᎬ", "alphabets"),  # Cherokee E
        ("АРРROVE", "alphabets"),
        ("APP\u200bROVE", "invisible characters inside"),
        ("APP\u200b\u200bROVE", "invisible characters inside"),
        ("APP\u00adROVE", "invisible characters inside"),
        ("DIS\u2060APPROVE", "invisible characters inside"),
        ("APP\u3164ROVE", "invisible characters inside"),
        ("A\ufe0fPPROVE", "invisible characters inside"),
        ("не\u200bт", "invisible characters inside"),
        ("APPROVE\U000e006e\U000e006f", "invisible"),
        ("A\u0336P\u0336P\u0336R\u0336O\u0336V\u0336E\u0336", "marks over letters"),
        ("APPROVE\u0335", "marks over letters"),
        ("𝐀𝐏𝐏𝐑𝐎𝐕𝐄", "look like A to Z"),
        ("𝒜pprove", "look like A to Z"),
        ("Ⓐⓟⓟⓡⓞⓥⓔ", "look like A to Z"),
        ("ᴀᴘᴘʀᴏᴠᴇ", "look like A to Z"),
        ("\u202eEVORPPA", "turn the direction"),
        ("APPROVE \ufffd\ufffd", "cannot be read"),
        ("\ue000APPROVE", "cannot be read"),
        ("APP\x08ROVE", "control"),
        ("APPROVE\x85é", "control"),
    ],
)
def test_what_hides_or_pretends_is_named(text, reason):
    assert reason in strange(plain_word_text(text))


@pytest.mark.parametrize(
    "text",
    [
        "Ça va, créée à l’été – 1ª, 2º, µm, 20 °C, № 5, ™",
        "e\u0301te\u0301",  # as macOS writes é
        "Đồng ý, phê duyệt",
        "Одобряю 120 EUR",
        "Utvärdering OK的 同意",
        "می\u200cخواهم",  # a joiner that Persian needs
        "क्\u200dष",
        "👩\u200d💻 👍🏽 ❤️ 1️⃣ 🏴\U000e0067\U000e0062\U000e007f",
        "ﬁnance",
        "\u200fשלום APPROVE\u200f",
        "Ω and α are letters",
    ],
)
def test_ordinary_text_is_not_strange(text):
    assert strange(plain_word_text(text)) == ""
    assert strange(text) == ""


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(max_size=200))
def test_any_text_can_be_asked(text):
    plain = plain_word_text(text)
    assert plain_word_text(plain) == plain
    assert isinstance(strange(text), str)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(alphabet=st.characters(max_codepoint=0x1FFFF), min_size=1, max_size=3))
def test_nothing_put_into_the_word_leaves_it_the_word_unnoticed(inside):
    plain = plain_word_text(f"APP{inside}ROVE")
    assert plain != "APPROVE" or strange(plain)
