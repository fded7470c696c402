"""What plain text carries beside words: soft breaks, PGP armour, files inside the text."""

import pytest

from mail.armour import ENCRYPTED, opened
from mail.flowed import joined
from mail.inline_files import without_files

FLOWED = [
    ("one \ntwo\n", "one two\n"),
    ("one \n\ntwo", "one \n\ntwo"),
    ("one\ntwo", "one\ntwo"),
    (" >stuffed\n From x\n  two", ">stuffed\nFrom x\n two"),
    ("one \n-- \nInes \nRoth", "one \n-- \nInes Roth"),
    ("one \n> two \n> three\nfour", "one \n> two \n> three\nfour"),
    ("one ", "one "),
]


@pytest.mark.parametrize(("text", "shown"), FLOWED)
def test_lines_that_flow_are_one(text, shown):
    assert joined(text, deletes_space=False) == shown


def test_delsp_takes_the_blank_away():
    assert joined("経理にも送って \nください。", deletes_space=True) == "経理にも送ってください。"


SIGNATURE = (
    "-----BEGIN PGP SIGNATURE-----\nVersion: 1\n\niQEz==\n=ab12\n-----END PGP SIGNATURE-----"
)
SIGNED = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nAPPROVE\n- -- \nInes\n{SIGNATURE}\n"
KEY = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==\n-----END PGP PUBLIC KEY BLOCK-----\n"
MESSAGE = "-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----\n"


@pytest.mark.parametrize(
    ("text", "shown", "why"),
    [
        ("APPROVE\n", "APPROVE\n", ""),
        (SIGNED, "APPROVE\n-- \nInes\n", ""),
        (f"above\n{SIGNED}- below", "above\nAPPROVE\n-- \nInes\n- below", ""),
        (f"APPROVE\n{KEY}", "APPROVE\n", ""),
        (MESSAGE, "", ENCRYPTED),
        (f"APPROVE\n{MESSAGE}below", "APPROVE\nbelow", ENCRYPTED),
        ("APPROVE\n-----BEGIN PGP MESSAGE-----\nhQ", None, ENCRYPTED),
        (f"> {SIGNED.replace(chr(10), chr(10) + '> ')}", None, ""),
    ],
)
def test_armour_is_taken_off_and_what_is_encrypted_is_told(text, shown, why):
    assert opened(text) == (text if shown is None else shown, why)


@pytest.mark.parametrize(
    "text",
    [
        # Nobody's program writes words among the headers.
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\nAPPROVE\n\nx\n",
        "-----BEGIN PGP SIGNED MESSAGE-----\nAPPROVE",
        # Without its end a signature may be anything.
        "APPROVE\n-----BEGIN PGP SIGNATURE-----\n\nnot yet",
        "- -----BEGIN PGP SIGNED MESSAGE-----\n\nAPPROVE\n",
    ],
)
def test_armour_that_is_none_stays(text):
    assert opened(text) == (text, "")


def test_words_inside_a_signature_are_not_lost():
    hidden = SIGNATURE.replace("=ab12", "not before Monday, please")
    assert "not before Monday, please" in opened(f"APPROVE\n{hidden}\n")[0]


UU = "begin 644 a.txt\n'05!04D]610``\n`\nend"
YENC = "=ybegin line=128 size=7 name=a.bin\nkzz\n=yend size=7"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"APPROVE\n\n{UU}\nbelow", "APPROVE\n\n\nbelow"),
        (f"APPROVE\n{YENC}\nbelow {YENC}", f"APPROVE\n\nbelow {YENC}"),
        (f"{UU}\n{UU}", "\n"),
        ("begin 644 a.txt\nnot yet\nend", None),
        ("begin 644 a.txt\n'05!04D]610``\nwords", None),
        ("=ybegin line=128 name=a\nnot yet", None),
        ("let us begin 644 a", None),
    ],
)
def test_files_inside_a_text_are_left_out(text, shown):
    assert without_files(text) == (text if shown is None else shown)
