"""Whatever a message is made of, eight times of it takes eight times as long, not sixty-four.

A table of what parsers choke on, for every rule of the reader: headers, boundaries, encodings,
charsets, armour, quotes, signatures, HTML, style sheets, subjects, addresses, S/MIME. The same
with pieces that nobody thought of.
"""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mail import look, sheet
from mail.read import read

HEAD = b"From: Ines <ines@example.com>\nMessage-ID: <1@example.com>\n"
PLAIN, HTML, QP, BASE64, FLOWED, MIXED = (
    HEAD + fields + b"\n\n"
    for fields in (
        b"Content-Type: text/plain; charset=utf-8",
        b"Content-Type: text/html; charset=utf-8",
        b"Content-Transfer-Encoding: quoted-printable",
        b"Content-Transfer-Encoding: base64",
        b"Content-Type: text/plain; format=flowed; delsp=yes",
        b"Content-Type: multipart/mixed; boundary=b",
    )
)
SMIME = HEAD + b"Content-Type: application/pkcs7-mime\n\n"
SIGNED = bytes.fromhex("308006092a864886f70d010702a0803080020101")


def under(charset: bytes) -> bytes:
    return HEAD + b"Content-Type: text/plain; charset=" + charset + b"\n\n"


# (what comes first, what is repeated, what comes last)
PATHOLOGICAL = {
    "fields": (HEAD, b"X: y\n", b"\nx"),
    "blank-fields": (HEAD, b"X:\n", b"\nx"),
    "folds": (HEAD + b"Subject: x", b"\n x", b"\n\nx"),
    "blank-folds": (HEAD + b"Subject: x", b"\n ", b"\n\nx"),
    "field-name": (HEAD, b"X", b"\n\nx"),
    "no-field": (HEAD, b"X ", b":\n\nx"),
    "from-lines": (HEAD, b"From x\n", b"\nx"),
    "crs": (HEAD + b"X: ", b"\r", b"\n\nx"),
    "subject-words": (HEAD + b"Subject: ", b"=?utf-8?q?a?= ", b"\n\nx"),
    "subject-half-words": (HEAD + b"Subject: ", b"=?utf-8?q?a ", b"\n\nx"),
    "subject-marks": (HEAD + b"Subject: ", b"=?", b"\n\nx"),
    "subject-res": (HEAD + b"Subject: ", b"Re: [", b"\n\nx"),
    "subject-blanks": (HEAD + b"Subject: a", b" ", b"b\n\nx"),
    "to": (HEAD + b"To: ", b"a@b, ", b"\n\nx"),
    "to-comments": (HEAD + b"To: ", b"(", b"\n\nx"),
    "to-quotes": (HEAD + b"To: ", b'"\\"', b"\n\nx"),
    "to-plus": (HEAD + b"To: a", b"+AR-7K2M9QXD4T.", b"@b\n\nx"),
    "from-angles": (b"From: ", b"<a@", b"\n\nx"),
    "from-points": (b"From: ", b"a.", b"@b\n\nx"),
    "froms": (b"", b"From: a@example.com\n", b"\nx"),
    "references": (HEAD + b"References: ", b"<AR-7K2M9QXD4T.a> ", b"\n\nx"),
    "auto-submitted": (HEAD, b"Auto-Submitted: no\n", b"\nx"),
    "parameters": (HEAD + b"Content-Type: text/plain", b"; a=b", b"\n\nx"),
    "semicolons": (HEAD + b"Content-Type: text/plain", b";", b"\n\nx"),
    "parameter-quotes": (HEAD + b"Content-Type: text/plain; a=", b'"\\', b"\n\nx"),
    "parameter-pieces": (HEAD + b"Content-Type: text/plain", b"; a*0*=b", b"\n\nx"),
    "parameter-blanks": (HEAD + b"Content-Type: text/plain;", b" ", b"x\n\nx"),
    "parts": (MIXED, b"--b\n\nx\n", b""),
    "close-delimiters": (MIXED, b"--b--\n", b""),
    "delimiters-almost": (MIXED, b"--b-\n", b""),
    "delimiter-blanks": (MIXED + b"--b", b" ", b"x"),
    "dashes": (MIXED, b"-", b""),
    "no-boundary": (HEAD + b"Content-Type: multipart/mixed\n\n", b"--", b""),
    "no-boundary-lines": (HEAD + b"Content-Type: multipart/mixed\n\n", b"--a b\n", b""),
    "nested": (HEAD, b"Content-Type: multipart/mixed; boundary=b\n\n--b\n", b"\nx"),
    "attached-messages": (MIXED, b"--b\nContent-Type: message/rfc822\n\nA: b\n\nx\n", b""),
    "reports": (MIXED, b"--b\nContent-Type: message/delivery-status\n\nAction: failed\n", b""),
    "report-lines": (
        MIXED + b"--b\nContent-Type: message/delivery-status\n\n",
        b"Final-Recipient: rfc822; a@b\n",
        b"",
    ),
    "qp-soft": (QP, b"=\n", b"x"),
    "qp-soft-blanks": (QP, b"= ", b"x"),
    "qp-equals": (QP, b"=", b"x"),
    "qp-crs": (QP, b"=\r", b"x"),
    "qp-blanks": (QP + b"a", b" \t", b"x"),
    "base64-padding": (BASE64, b"=", b"x"),
    "base64-pieces": (BASE64, b"QQ==", b"x"),
    "base64-blanks": (BASE64, b"= ", b"x"),
    "base64-prose": (BASE64 + b"\0", b"Aa ", b"!"),
    "uuencode": (HEAD + b"Content-Transfer-Encoding: uuencode\n\nbegin 644 a\n", b"!\n", b""),
    "uuencoded-lines": (PLAIN + b"begin 644 a\n", b"!\n", b""),
    "uuencoded-begins": (PLAIN, b"begin 644 a\n!\n", b""),
    "yenc-begins": (PLAIN, b"=ybegin name=a\n", b""),
    "yenc-files": (PLAIN, b"=ybegin name=a\n=yend\n", b""),
    "flowed": (FLOWED, b"x \n", b""),
    "flowed-marks": (FLOWED, b">", b" \nx"),
    "flowed-blanks": (FLOWED, b" ", b"\nx"),
    "utf-7": (under(b"utf-7"), b"+A", b"!"),
    "utf-7-pluses": (under(b"utf-7"), b"+", b"!"),
    "iso-2022-jp": (under(b"iso-2022-jp"), b"\x1b$B\x1b(B", b"x"),
    "iso-2022-jp-escapes": (under(b"us-ascii"), b"\x1b", b"$Bx"),
    "iso-2022-jp-pairs": (under(b"iso-2022-jp") + b"\x1b$B", b"-!", b"\xff"),
    "iso-2022-kr": (under(b"iso-2022-kr"), b"\x0e\x0f", b"x"),
    "hz": (under(b"hz"), b"~{", b"x"),
    "gb2312": (under(b"gb2312"), b"\xc1\xaa", b"\xff"),
    "latin-lines": (under(b"utf-8"), b"\xe9\n", b""),
    "latin-words": (under(b"utf-8"), b"\xe9a ", b""),
    "latin-run": (under(b"iso-8859-1"), b"\xe9", b"a"),
    "latin-signs": (under(b"iso-8859-1"), b"\xab\xbb", b"a"),
    "utf-16": (under(b"utf-16"), b"\0a", b"\0"),
    "nuls": (PLAIN, b"\0", b"x"),
    "lone-crs": (PLAIN + b"\n", b"\r", b"x"),
    "armour": (PLAIN, b"-----BEGIN PGP SIGNED MESSAGE-----\n", b""),
    "armour-headers": (PLAIN, b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: x\n", b""),
    "armour-signatures": (
        PLAIN,
        b"-----BEGIN PGP SIGNATURE-----\n",
        b"-----END PGP SIGNATURE-----",
    ),
    "armour-keys": (PLAIN, b"-----BEGIN PGP MESSAGE-----\n", b"-----END PGP MESSAGE-----"),
    "der-open": (SMIME, b"\x30\x80", b""),
    "der-algorithms": (SMIME + SIGNED, b"\x31\x80", b""),
    "der-pieces": (
        SMIME + SIGNED + bytes.fromhex("3100308006092a864886f70d010701a0802480"),
        b"\x04\0",
        b"",
    ),
    "html-nested": (HTML, b"<div>", b"x"),
    "html-quotes": (HTML, b"<blockquote>", b"x"),
    "html-indents": (HTML, b"<blockquote style='margin-left:40px'>x", b""),
    "html-fonts": (HTML, b"<font>", b"x"),
    "html-half-tags": (HTML, b"<a ", b"x"),
    "html-attributes": (HTML + b"<p ", b"a=b ", b">x"),
    "html-classes": (HTML + b"<p class='", b"a ", b"'>x"),
    "html-comments": (HTML, b"<!--", b"x"),
    "html-entities": (HTML, b"&amp", b"x"),
    "html-ampersands": (HTML, b"&", b"x"),
    "html-tables": (HTML, b"<table><tr><td>", b"x"),
    "html-breaks": (HTML, b"<br>", b"x"),
    "html-pictures": (HTML, b"<img alt=x>", b"x"),
    "html-meta": (HEAD + b"Content-Type: text/html\n\n", b"<meta ", b"charset"),
    "html-styles": (HTML, b"<style>p{color:red}</style>", b"<p>x"),
    "css-rules": (HTML + b"<style>", b"p{color:red}", b"</style><p>x"),
    "css-selectors": (HTML + b"<style>", b"p ", b"{color:red}</style><p>x"),
    "css-commas": (HTML + b"<style>", b"p,", b"p{color:red}</style><p>x"),
    "css-braces": (HTML + b"<style>", b"{", b"</style><p>x"),
    "css-comments": (HTML + b"<style>", b"/*", b"</style><p>x"),
    "css-media": (HTML + b"<style>", b"@media x{", b"</style><p>x"),
    "css-strings": (HTML + b"<style>", b'"\\', b"</style><p>x"),
    "css-declarations": (HTML + b"<p style='", b"color:red;", b"'>x"),
    "css-colours": (HTML + b"<p style='color:rgb(", b"1,", b")'>x"),
    "css-used": (HTML + b"<style>p{color:#fff}</style>", b"<p class=a>", b"x"),
}


def _seconds(raw: bytes) -> float:
    """Of a message that comes for the first time: what is remembered of it is forgotten."""
    best = float("inf")
    for _ in range(3):
        for remembers in (*vars(look).values(), *vars(sheet).values()):
            if hasattr(remembers, "cache_clear"):
                remembers.cache_clear()
        start = time.process_time()
        read(raw)
        best = min(best, time.process_time() - start)
    return best


def assert_linear(first: bytes, piece: bytes, last: bytes, size: int = 6_000) -> None:
    """Eight times the pieces, at most 32 times as long; what is quadratic takes 64 times."""
    few = max(1, size // len(piece))
    small = _seconds(first + piece * few + last)
    assert _seconds(first + piece * 8 * few + last) < 8 * 4 * small + 0.05


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_time_grows_with_the_message_and_no_faster(name):
    assert_linear(*PATHOLOGICAL[name])


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    first=st.sampled_from([PLAIN, HTML, FLOWED, MIXED, QP, HEAD, HEAD + b"Subject: "]),
    pieces=st.lists(
        st.sampled_from([first[-12:] + piece for first, piece, _ in PATHOLOGICAL.values()])
        | st.binary(min_size=1, max_size=4),
        min_size=1,
        max_size=3,
    ),
    last=st.binary(max_size=3),
)
def test_time_grows_no_faster_whatever_is_repeated(first, pieces, last):
    assert_linear(first, b"".join(pieces), last, size=3_000)


BIG = 25 * 1024 * 1024
WORST = {
    "parts": MIXED + b"--b\nContent-Type: text/html\n\n<p>x\n" * 10_000,
    "large-parts": MIXED + (b"--b\n\n" + b"x" * 2_600 + b"\n") * 10_000,
    "html": HTML + b"<p style='color:red'>x " * (BIG // 23),
    "nested-quotes": HTML + b"<blockquote>x" * (BIG // 13),
    "lines": PLAIN + b"x\n" * (BIG // 2),
    "quotes": PLAIN + b"> x\nOn 1 Mon wrote:\n" * (BIG // 20),
    "base64": BASE64 + b"QQ==" * (BIG // 4),
    "smime": SMIME + SIGNED + b"\x31\x80" * (BIG // 2),
    "fields": b"X: y\n" * (BIG // 5),
}


@pytest.mark.parametrize("name", WORST)
def test_the_worst_message_takes_no_longer_than_its_first_mebibyte(name):
    start = time.process_time()
    read(WORST[name])
    # A tenth of that on a quiet machine; what goes through all of it takes minutes.
    assert time.process_time() - start < 10
