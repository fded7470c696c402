"""Headers read by hand say what `email` says, on all mail that is at hand and on what is broken."""

import re
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mail.decoding import header_text
from mail.heads import HEADERS, split_head

CORPUS = sorted((Path(__file__).parents[1] / "data" / "replies").glob("*/*.eml"))
LINES = st.sampled_from(
    [
        b"From: ines@example.com",
        b"From ines Mon",
        b"Subject : late colon",
        b"Subject:",
        b"X-Folded: one",
        b" two",
        b"\tthree",
        b"   ",
        b'Content-Type: text/plain; charset="utf-8"; format=flowed',
        b"Content-Type: multipart/mixed; boundary=b; boundary=c",
        b'CONTENT-TYPE: Text/HTML ; Charset = "a\\"b"',
        b"Content-Type: text/plain; name*0=a; name*1=b.txt",
        b"Content-Type: text/plain; name*=utf-8''%e2%82%ac.txt",
        b"Content-Type: text/plain; charset*=x''%ff",
        b"Content-Type: text/plain;charset=utf-8;",
        b"Content-Type: text",
        b"Content-Disposition: attachment; filename=a.txt",
        b"Content-Disposition: INLINE",
        b"caf\xe9: no field",
        b"no field",
        b"Gr\xc3\xbc: x",
        b"X: gr\xfc\xdfe",
    ]
)


def by_email(head: bytes) -> Message:
    return BytesHeaderParser(policy=compat32).parsebytes(head)


def unfolded(value: str | None) -> str:
    return (value or "").replace("\n", "")


def assert_same(raw: bytes) -> None:
    head, body = split_head(raw)
    above = raw[: len(raw) - len(body)].replace(b"\r\n", b"\n")
    above = re.sub(rb"^([^\s:]+)[ \t]+:", rb"\1:", above, flags=re.MULTILINE)
    other = by_email(above)

    assert head.fields == tuple(
        (name.lower(), header_text(str(value)).strip()) for name, value in other.raw_items()
    )
    assert head.content_type == other.get_content_type()
    assert head.disposition == (other.get_content_disposition() or "")
    assert head.parameters["boundary"] == unfolded(other.get_boundary())
    assert head.file_name == unfolded(other.get_filename())
    # `email` gives no charset that is not ASCII.
    charset = unfolded(other.get_content_charset()) or head.parameters["charset"].lower()
    assert head.parameters["charset"].lower() == charset


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_headers_of_the_corpus_are_read_as_email_reads_them(path):
    assert_same(path.read_bytes())


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(LINES, max_size=8), st.sampled_from([b"\n", b"\r\n"]))
def test_broken_headers_are_read_as_email_reads_them(lines, end):
    assert_same(end.join([*lines, b"", b"body"]))


@pytest.mark.parametrize(
    "field",
    [
        "text/plain; charset=utf-8; format=flowed",
        'text/plain;\r\n charset=\r\n "utf-8"',
        'text/plain; charset="utf-8',
        "text/plain; charset=a; charset=b",
        "text/plain; charset*0=ut; charset*1=f-8",
        "text/plain; charset*=''utf-8",
        "text/plain; ; charset=utf-8",
        'text/plain; x="a;charset=b"; charset=utf-8',
        "text/plain; charset=utf-8; charset",
        "text/plain; CHARSET = UTF-8 ",
        "text/plain; charset=utf-8 (comment)",
    ],
)
def test_a_parameter_is_read_as_email_reads_it(field):
    assert_same(f"Content-Type: {field}\r\n\r\n".encode())


@pytest.mark.parametrize("field", ["text/HTML (as ever)", "text/html charset=utf-8", " text/html"])
def test_what_follows_the_type_is_no_part_of_it(field):
    head, _ = split_head(f"Content-Type: {field}; charset=utf-8\r\n\r\n".encode())
    assert (head.content_type, head.parameters["charset"]) == ("text/html", "utf-8")


def test_more_fields_than_are_read_are_told():
    assert not split_head(b"X: y\r\n" * HEADERS + b"\r\n")[0].cut
    assert split_head(b"X: y\r\n" * (HEADERS + 1) + b"\r\n")[0].cut
