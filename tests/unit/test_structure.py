"""Bytes to headers and text parts: encodings, charsets, attachments, bounds."""

import base64
import time
import tracemalloc

import pytest

from mail.structure import BYTES, DEPTH, HTML, PARTS, TEXT, parse
from tests.unit.incoming import message, multipart


def texts(raw: bytes) -> list[str]:
    return [part.text for part in parse(raw).parts]


def encoded(body: bytes, charset: str, encoding: str) -> bytes:
    head = f"Content-Type: text/plain; {charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return b"From: ines@example.com\r\n" + head.encode() + body


@pytest.mark.parametrize(
    ("body", "charset", "encoding"),
    [
        ("Grüße", "charset=utf-8", "8bit"),
        ("Grüße", "charset=iso-8859-1", "8bit"),
        ("Grüße", "charset=utf-16", "base64"),
        ("日本", "charset=shift_jis", "base64"),
        ("日本", "charset=iso-2022-jp", "7bit"),
        ("中文", "charset=gb18030", "quoted-printable"),
        ("Grüße", "charset=us-ascii", "8bit"),
        ("Grüße", "format=flowed", "8bit"),
    ],
)
def test_text_is_decoded(body, charset, encoding):
    name = charset.partition("charset=")[2].replace("us-ascii", "utf-8") or "utf-8"
    raw = body.encode(name)
    if encoding == "base64":
        raw = base64.encodebytes(raw)
    if encoding == "quoted-printable":
        raw = b"".join(b"=%02X" % byte for byte in raw)
    assert texts(encoded(raw, charset, encoding)) == [body]


@pytest.mark.parametrize(
    "charset",
    [
        "x-unknown",
        '"a\0b"',
        "idna",
        "rot13",
        "zlib",
        "utf-7",
        "unicode_escape",
        "punycode",
        "undefined",
        "=?utf-8?q?x?=",
        "",
    ],
)
def test_a_charset_that_is_none_is_read_as_utf_8(charset):
    raw = encoded("APPROVE é".encode(), f"charset={charset}", "8bit")
    assert texts(raw) == ["APPROVE é"]
    shifted = texts(encoded(b"+AEEAUABQAFIATwBWAEU-", f"charset={charset}", "8bit"))
    assert shifted == ["\ufffd" if charset == "utf-7" else "+AEEAUABQAFIATwBWAEU-"]


def test_wrong_bytes_of_a_known_charset_become_replacement_characters_or_latin_1():
    assert "\ufffd" in texts(encoded(b"\x81\xffAPPROVE\xff", "charset=shift_jis", "8bit"))[0]
    assert texts(encoded(b"Gr\xfc\xdfe", "charset=utf-8", "8bit")) == ["Grüße"]
    assert texts(encoded(b"Gr\xfc\xdfe", "charset=rot13", "8bit")) == ["Grüße"]


@pytest.mark.parametrize("body", [b"QVBQUk9WRQ", b"QVBQ\r\nUk9WRQ==", b"!QVBQUk9WRQ==\r\n-- \r\n"])
def test_broken_base64_is_decoded_as_far_as_it_goes(body):
    assert texts(encoded(body, "charset=utf-8", "base64")) == ["APPROVE"]


def test_pieces_of_base64_in_a_row_are_one_text():
    pieces = (
        base64.b64encode(b"APPROVE").decode()
        + "\r\n"
        + base64.b64encode(b"\nnot this one").decode()
    )
    raw = message(pieces, Content_Transfer_Encoding="base64")
    assert texts(raw) == ["APPROVE\nnot this one"]


def test_headers_are_unfolded_and_repeated_ones_kept():
    raw = (
        b"From: a@example.com\r\nReferences: <1@x>\r\n <2@x>\r\n\t<3@x>\r\n"
        b"FROM : b@example.com\r\n\r\n"
    )
    found = parse(raw)
    assert found.get_all("from") == ["a@example.com", "b@example.com"]
    assert found.get_all("references") == ["<1@x> <2@x>\t<3@x>"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?utf-8?b?R3LDvMOfZQ==?= Ines", "Grüße Ines"),
        ("Grüße", "Grüße"),
        ("=?x-unknown?q?a?=", "a"),
        ("=?utf-8?b?====?=", ""),
        ("=?utf-8?b?A?=", "=?utf-8?b?A?="),
        ("=?rot13?q?a?=", "a"),
    ],
)
def test_encoded_words_are_decoded(value, shown):
    assert parse(message("", Subject=value)).text("subject").replace(" ", "") == shown.replace(
        " ", ""
    )


@pytest.mark.parametrize(
    "head",
    [
        "Content-Type: text/plain\r\nContent-Disposition: attachment",
        'Content-Type: text/plain\r\nContent-Disposition: inline; filename="a.txt"',
        'Content-Type: text/plain; name="a.txt"',
    ],
)
def test_an_attached_text_is_no_text(head):
    raw = multipart("mixed", ("text/plain", "Hm."), (head, "APPROVE"))
    assert [(part.attached, part.text) for part in parse(raw).parts] == [(False, "Hm."), (True, "")]


def test_alternatives_are_told_apart():
    inner = (
        "Content-Type: multipart/alternative; boundary=in",
        "--in\r\n\r\na\r\n--in\r\nContent-Type: text/html\r\n\r\nb\r\n--in--",
    )
    raw = multipart("mixed", inner, ("text/plain", "c"))
    assert [(part.alternative, part.text) for part in parse(raw).parts] == [
        (1, "a"),
        (1, "b"),
        (0, "c"),
    ]


def test_what_stands_around_the_parts_is_not_read():
    raw = message(
        "APPROVE\r\n--b\r\n\r\ntext\r\n--b--\r\nAPPROVE\r\n--b\r\n\r\nAPPROVE\r\n",
        Content_Type="multipart/mixed; boundary=b",
    )
    assert texts(raw) == ["text"]


@pytest.mark.parametrize("boundary", ["", "; boundary", '; boundary=""', "; boundary=other"])
def test_a_multipart_without_a_boundary_is_the_text_that_it_is(boundary):
    kind = f"multipart/mixed{boundary}"
    assert texts(message("APPROVE", Content_Type=kind)) == ["APPROVE"]
    parts = "This is a multi-part message.\r\n--b\r\n\r\ntext\r\n--b--\r\nbelow\r\n"
    assert texts(message(parts, Content_Type=kind)) == ["text"]


@pytest.mark.parametrize("line", ["x--b", "--bb", "--b x", " --b", "--b-", "--B"])
def test_what_only_looks_like_a_delimiter_divides_nothing(line):
    parts = f"--b\r\n\r\none\r\n{line}\r\ntwo\r\n--b \t\r\n\r\nthree\r\n--b--"
    raw = message(parts, Content_Type="multipart/mixed; boundary=b")
    assert texts(raw) == [f"one\n{line}\ntwo", "three"]


def test_messages_of_a_digest_are_somebody_elses():
    assert texts(multipart("digest", ("text/plain", "APPROVE"))) == []


def test_a_bare_cr_begins_no_header():
    found = parse(b"Subject: a\rFrom: eve@example.com\r\nFrom: ines@example.com\r\n\r\n")
    assert found.get_all("from") == ["ines@example.com"]


def test_a_line_that_is_no_header_begins_the_body():
    assert texts(b"From: a@example.com\r\nAPPROVE\r\nplease: now\r\n\r\nrest")[0].startswith(
        "APPROVE"
    )


@pytest.mark.parametrize("broken", ["\n", "\r\n"])
def test_line_ends_of_both_kinds_are_read(broken):
    raw = message("one\r\ntwo\r\n").replace(b"\r\n", broken.encode())
    assert texts(raw) == ["one\ntwo\n"]


def test_no_more_than_the_caps_is_kept():
    assert len(texts(message("x" * 2 * BYTES))[0]) == TEXT
    assert parse(message("x" * 2 * TEXT)).parts[0].cut
    assert not parse(message("x" * TEXT)).parts[0].cut
    many = multipart("mixed", *[("text/plain", "x")] * (2 * PARTS))
    assert len(parse(many).parts) == PARTS
    fields = b"".join(b"X-%d: y\r\n" % number for number in range(2_000))
    assert len(parse(fields + b"\r\n").headers) == 500
    assert len(parse(message("", Subject="x" * 100_000)).text("subject")) == 8 * 1024


@pytest.mark.parametrize(
    ("encoding", "first", "nothing", "last"),
    [
        ("quoted-printable", b"APPROVE\n", b"=\n", b"\nlast"),
        ("base64", b"QVBQUk9WRQo=", b"\n", b"bGFzdA=="),
        ("uuencode", b"begin 644 a\n(05!04D]610H\n", b"\n", b"$;&%S=`\n"),
    ],
)
def test_what_stands_behind_nothing_is_read_or_told(encoding, first, nothing, last):
    (part,) = parse(encoded(first + nothing * 200_000 + last, "charset=utf-8", encoding)).parts
    assert part.text.startswith("APPROVE")
    assert part.text.endswith("last") or part.cut


def test_a_long_run_of_letters_under_the_label_of_base64_takes_linear_time():
    start = time.process_time()
    parse(encoded(b"AAAA" + b"a" * 500_000 + b".", "charset=utf-8", "base64"))
    assert time.process_time() - start < 1


@pytest.mark.parametrize(("kind", "most"), [("text/plain", TEXT), ("text/html", HTML)])
def test_many_texts_are_no_more_than_one_of_the_longest(kind, most):
    found = parse(multipart("mixed", *[(kind, "x" * 20_000)] * 30))
    assert sum(len(part.text) for part in found.parts) == most
    assert found.cut
    assert not parse(multipart("mixed", *[(kind, "x" * 20_000)] * 3)).cut


def test_headers_without_an_end_in_sight_leave_no_text():
    first = b"From: a@example.com\r\n"
    for line in (b"X: APPROVE\r\n", b"Long-Name-Of-A-Field: x\r\n", b"Xy: APPROVE 16\n"):
        assert texts(first + line * 30_000) == [""]


def test_a_line_break_in_a_wide_charset_is_one():
    body = "eins\r\nzwei ഊ\r\n".encode("utf-16-le")
    assert texts(encoded(body, "charset=utf-16le", "8bit")) == ["eins\nzwei ഊ\n"]


def test_a_text_deeper_than_the_cap_is_not_read():
    def nested(levels: int) -> bytes:
        head = "".join(
            f"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"
            for level in range(levels)
        )
        return f"From: a@example.com\r\n{head}\r\nAPPROVE".encode()

    assert texts(nested(DEPTH)) == ["APPROVE"]
    assert texts(nested(DEPTH + 1)) == []
    assert texts(nested(5_000)) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@example.com\nContent-Type: multipart/mixed; boundary=b\n\n"
        + b"--b\n\nx\n" * 10**6,
        b"From: a@example.com\n\n" + b"a\n" * 10**7,
        b"From: a@example.com\n" * 10**6,
        b"From: " + b"(" * 10**7 + b"\n\n",
        b"From: a@example.com\nContent-Type: text/plain" + b';"' * 10**6 + b"\n\nx",
        b"From: a@example.com\nReferences: a" + b"\n a" * 10**6 + b"\n\nx",
        b'From: a@example.com\nContent-Type: multipart/mixed; boundary="-"\n\n' + b"-" * 10**7,
    ],
    ids=["parts", "lines", "headers", "parentheses", "parameters", "folds", "dashes"],
)
def test_the_worst_message_takes_bounded_time_and_memory(raw):
    tracemalloc.start()
    start = time.perf_counter()
    parse(raw)
    seconds = time.perf_counter() - start
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # A tenth of that on a quiet machine without tracing; `email` alone takes minutes for the first.
    assert seconds < 5
    assert peak < 50 * 1024 * 1024
