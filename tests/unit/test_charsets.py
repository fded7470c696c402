"""Texts under every label that mail gives them, true or not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mail.charset_labels import codec_of
from mail.charsets import UNREAD, decode_charset


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("gb2312", "gb18030"),
        ("GB_2312-80", "gb18030"),
        ("x-gbk", "gb18030"),
        ("cp936", "gb18030"),
        ("windows-936", "gb18030"),
        ("ks_c_5601-1987", "cp949"),
        ("EUC-KR", "cp949"),
        ("windows-949", "cp949"),
        ("x-sjis", "cp932"),
        ("windows-31j", "cp932"),
        ("Shift_JIS", "cp932"),
        ("csISO2022JP", "iso-2022-jp"),
        ("cp50221", "iso-2022-jp"),
        ("Big5-HKSCS", "big5hkscs"),
        ("x-x-big5", "big5hkscs"),
        ("koi8-u", "koi8-u"),
        ("iso-8859-8-i", "iso8859-8"),
        ("ISO_8859-1:1987", "cp1252"),
        ("iso88592", "iso8859-2"),
        ("windows-874", "cp874"),
        ("TIS-620", "cp874"),
        ("win-1251", "cp1251"),
        ("x-cp1250", "cp1250"),
        ("windows-28592", "iso8859-2"),
        ("x-mac-cyrillic", "mac-cyrillic"),
        ("macintosh", "mac-roman"),
        ("utf8mb4", "utf-8"),
        ("utf_8", "utf-8"),
        ('"utf-8; format=flowed"', "utf-8"),
        ("'utf-8'", "utf-8"),
        ("unicode-1-1-utf-7", "utf-7"),
        ("cp65000", "utf-7"),
        ("x-unknown", ""),
        ("default", ""),
        ("us-ascii", ""),
        ("rot13", ""),
        ("idna", ""),
        ("os.path", ""),
        ("", ""),
    ],
)
def test_a_label_names_the_codec_that_mail_means_by_it(label, codec):
    assert codec_of(label) == codec


TEXTS = {
    "Für März gebucht, „Käthe“ – ja": "cp1252",
    "« Été créée à Orléans »": "latin-1",
    "No habrá más de 1.200 €": "iso8859-15",
    "请抄送财务，谢谢": "gb18030",
    "経理にも送ってください①": "cp932",
    "감사합니다": "cp949",
    "не раньше среды": "koi8-r",
    "όχι πριν την Τετάρτη": "iso8859-7",
    "תודה רבה": "iso8859-8",
}


@pytest.mark.parametrize("label", ["us-ascii", "iso-8859-1", "x-unknown", "", "windows-1252"])
@pytest.mark.parametrize("text", TEXTS)
def test_utf_8_is_read_under_any_western_label(text, label):
    assert decode_charset(text.encode(), label) == text


@pytest.mark.parametrize("label", ["gb2312", "shift_jis", "euc-kr", "big5", "koi8-r", "cp1251"])
@pytest.mark.parametrize("text", [text for text in TEXTS if len(text) > 6])
def test_utf_8_is_read_under_the_label_of_another_script(text, label):
    assert decode_charset(text.encode(), label) == text


@pytest.mark.parametrize(("text", "codec"), TEXTS.items())
def test_a_true_label_is_believed(text, codec):
    assert decode_charset(text.encode(codec), codec) == text


@pytest.mark.parametrize("text", ["联通", "联系"])
def test_two_chinese_letters_that_are_valid_utf_8_by_chance_stay_chinese(text):
    assert decode_charset(text.encode("gb18030"), "gb2312") == text


@pytest.mark.parametrize("label", ["utf-8", "us-ascii", "x-unknown", ""])
@pytest.mark.parametrize(("text", "codec"), TEXTS.items())
def test_under_no_true_label_western_text_is_read_and_other_text_is_told_unread(text, codec, label):
    read = decode_charset(text.encode(codec), label)
    if codec in ("cp1252", "latin-1"):
        assert read == text
    elif codec != "iso8859-15":
        assert UNREAD in read


@pytest.mark.parametrize("text", ["不要超过五百", "не раньше", "не"])
def test_another_script_under_the_name_of_latin_1_is_told_unread(text):
    codec = "cp1251" if text.startswith("н") else "gb18030"
    assert UNREAD in decode_charset(text.encode(codec), "iso-8859-1")


def test_a_line_in_another_charset_spoils_no_other():
    raw = "APPROVE, für März\n".encode() + "Geschäftsführer: Jörg\n".encode("latin-1")
    assert decode_charset(raw, "utf-8") == "APPROVE, für März\nGeschäftsführer: Jörg\n"


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("label", ["utf-8", "utf-16", "iso-8859-1", ""])
def test_a_byte_order_mark_outweighs_the_label(codec, label):
    assert decode_charset("Für März".encode(codec), label) == "Für März"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_without_a_mark_the_order_of_bytes_is_told_by_their_zeros(codec):
    label = codec[:6]
    assert decode_charset("APPROVE für März".encode(codec), label) == "APPROVE für März"
    assert decode_charset(b"APPROVE", label) == "APPROVE"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"\x1b$B-!-j\x1b(B ok", "①㈱ ok"),
        (b"\x1b$B-!\nok", "①\nok"),
        (b"\x1b(I123\x1b(B", "ｱｲｳ"),
        (b"\x1b$B-", UNREAD),
        (b"\x1b(Jok", "ok"),
        (b"\x1bzok", f"{UNREAD}zok"),
    ],
)
def test_iso_2022_jp_is_read_as_windows_writes_it(raw, text):
    assert decode_charset(raw, "iso-2022-jp") == text


def test_japanese_and_korean_shifts_are_known_without_a_label():
    assert decode_charset("漢字".encode("iso2022_jp"), "us-ascii") == "漢字"
    assert decode_charset("감사".encode("iso2022_kr"), "") == "감사"


def test_shifted_letters_of_utf_7_are_neither_read_nor_lost():
    assert decode_charset(b"APPROVE +AOA- ok +-", "utf-7") == f"APPROVE {UNREAD} ok +-"
    assert decode_charset(b"+AOA-", "utf-8") == "+AOA-"


@settings(max_examples=500, deadline=None, derandomize=True)
@given(
    st.binary(max_size=80),
    st.sampled_from(sorted({codec_of(c) for c in ("utf-7", "hz", "iso-2022-kr", *TEXTS.values())}))
    | st.sampled_from(["utf-16", "utf-32", "iso-2022-jp", "cp037", "johab", "euc-jp", "cp1255"])
    | st.text(max_size=12),
)
def test_any_bytes_under_any_label_become_text(raw, label):
    decode_charset(raw, label).encode("utf-8")
