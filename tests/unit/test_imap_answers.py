"""Every form in which servers give the same answers, and what is none."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.imap_answers import (
    Fetched,
    code,
    fetched,
    internal_date,
    listed,
    personal_prefix,
    searched,
)
from mail.imap_stream import Response, ResponseReader, StreamError

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
RAW = b'Subject: (* \\ "\r\n\r\n* BYE\r\n'
DATE = b'INTERNALDATE "24-Nov-2026 10:00:00 +0000"'
BODY = b"BODY[]<0> {%d}\r\n%b" % (len(RAW), RAW)


def responses(stream: bytes) -> list[Response]:
    return list(ResponseReader(10_000).feed(stream))


def message(*items: bytes) -> dict[int, Fetched]:
    return fetched(responses(b"* 3 FETCH (" + b" ".join(items) + b")\r\n"), "BODY[]")


@pytest.mark.parametrize(
    "items",
    [
        (b"UID 5", DATE, BODY),
        (BODY, DATE, b"UID 5"),
        (b"uid 5", BODY, DATE.replace(b"INTERNALDATE", b"InternalDate")),
        (BODY.replace(b"<0>", b""), b"UID 5", DATE),
        (BODY.replace(b"}", b"+}"), b"UID 5", DATE),
        (BODY.replace(b"{", b"~{"), b"UID 5", DATE),
        (b"FLAGS (\\Seen $x)", b"MODSEQ (17)", b"UID 5", DATE, BODY, b"RFC822.SIZE 30"),
        (b'X-GM-LABELS ("\\\\Inbox" "a (b" "c\\"d")', b"UID 5", BODY, DATE),
        (b"FLAGS ([odd] a[b c]d)", b"UID 5", BODY, DATE),
        (b"UID 5 ", DATE, b" " + BODY),
        (b"UID 5", BODY, b"BODY[TEXT] {3}\r\nxyz", DATE),
        (b"UID 5", BODY, DATE, b"UID 6"),
    ],
)
def test_a_message_is_read_in_every_form(items):
    assert message(*items) == {5: Fetched(RAW, AT)}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'"Subject: x\\"\\\\"', b'Subject: x"\\'),
        (b'""', b""),
        (b"NIL", b""),
        (b"nil", b""),
        (b"{0}\r\n", b""),
    ],
)
def test_a_body_may_be_a_string_or_nothing(body, expected):
    assert message(b"UID 5", b"BODY[] " + body, DATE) == {5: Fetched(expected, AT)}


def test_one_message_may_be_told_of_in_parts_and_among_others():
    stream = (
        b"* 3 FETCH (FLAGS (\\Seen) UID 5)\r\n* 1 FETCH (FLAGS ())\r\n"
        b"* 3 FETCH (UID 5 %b)\r\n* 4 FETCH (UID 6 %b %b)\r\n* 9 EXISTS\r\n"
        b"* 3 FETCH (UID 5 %b)\r\n* 3 FETCH (UID 5 BODY[]<0> {1}\r\nx BODY[] {1}\r\ny)\r\n"
    ) % (DATE, DATE, BODY.replace(b"Subject", b"SUBJECT"), BODY)
    other = RAW.replace(b"Subject", b"SUBJECT")
    assert fetched(responses(stream), "BODY[]") == {5: Fetched(RAW, AT), 6: Fetched(other, AT)}


@pytest.mark.parametrize(
    "items",
    [
        (BODY, DATE),
        (b"UID 0", BODY, DATE),
        (b"UID x", BODY, DATE),
        (b"UID (5)", BODY, DATE),
        (b"UID 99999999999999", BODY, DATE),
        (b"UID 5", DATE),
        (b"UID 5", b"BODY[] (a b)", DATE),
        (b"UID 5", BODY, DATE, b"(("),
        (b"UID 5", BODY, DATE, b") ) ("),
        (b"UID 5", BODY, DATE, b'"'),
        (b"UID 5", b"BODY[HEADER] {1}\r\nx", DATE),
    ],
)
def test_what_tells_of_no_message_is_none(items):
    assert message(*items) == {}


def test_nesting_of_any_depth_is_survived():
    deep = b"BODYSTRUCTURE " + b"(" * 100_000 + b")" * 100_000
    assert message(b"UID 5", deep, BODY, DATE) == {5: Fetched(RAW, AT)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b" 1-Nov-2026 10:00:00 +0000", datetime(2026, 11, 1, 10, 0, tzinfo=UTC)),
        (b"1-NOV-2026 10:00:00 -0130", datetime(2026, 11, 1, 11, 30, tzinfo=UTC)),
        (b"01-nov-2026 00:30:00 +0100", datetime(2026, 10, 31, 23, 30, tzinfo=UTC)),
        (b"24-Okt-2026 10:00:00 +0000", None),
        (b"24-11-2026 10:00:00 +0000", None),
        (b"24-Nov-2026 10:00:00", None),
        (b"31-Feb-2026 10:00:00 +0000", None),
        (b"24-Nov-2026 23:59:60 +0000", None),
        (b"31-Dec-9999 23:59:59 -1200", None),
        (b"01-Jan-0001 00:00:00 +1400", None),
        (b"01-Jan-0000 00:00:00 +0000", None),
        (b"24-Nov-2026 10:00:00 +9999", None),
        ("24-Nov-2026 1٠:00:00 +0000".encode(), None),
        (b"", None),
        (None, None),
    ],
)
def test_a_date_is_read_or_unknown(text, expected):
    assert internal_date(text) == expected


def test_a_message_without_a_readable_date_is_a_message():
    unknown = {5: Fetched(RAW, None)}
    assert message(b"UID 5", BODY) == unknown
    assert message(b"UID 5", BODY, b"INTERNALDATE NIL") == unknown
    assert message(b"UID 5", BODY, b'INTERNALDATE "yesterday"') == unknown


@pytest.mark.parametrize(
    ("stream", "uids"),
    [
        (b"", []),
        (b"* SEARCH\r\n", []),
        (b"* SEARCH \r\n", []),
        (b"* SEARCH 3 1 2\r\n* SEARCH 2 9\r\n", [1, 2, 3, 9]),
        (b"* SEARCH 3 1 (MODSEQ 917)\r\n", [1, 3]),
        (b"* SEARCH 0 -1 x 3 " + b"9" * 5_000 + b"\r\n", [3]),
    ],
)
def test_what_was_found(stream, uids):
    assert searched(responses(stream)) == uids


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"[TRYCREATE] no such folder", ("TRYCREATE", "")),
        (b"[uidvalidity 7] x", ("UIDVALIDITY", "7")),
        (b"[COPYUID 7 1:2 3:4]", ("COPYUID", "7 1:2 3:4")),
        (b"done [READ-ONLY]", ("", "")),
        (b"[broken", ("", "")),
        (b"", ("", "")),
    ],
)
def test_the_code_of_a_status(text, expected):
    assert code(text) == expected


@pytest.mark.parametrize(
    ("line", "prefix"),
    [
        (b'* NAMESPACE (("" "/")) NIL NIL', ""),
        (b'* NAMESPACE (("INBOX." ".")) (("user." ".")) (("" "."))', "INBOX."),
        (b'* namespace (("INBOX/" "/" "X" ("a" "b")) ("#mh/" "/")) nil nil', "INBOX/"),
        (b'* NAMESPACE (("" NIL)) NIL NIL', ""),
        (b'* NAMESPACE NIL NIL (("Public." "."))', ""),
        (b"* NAMESPACE () NIL NIL", ""),
        (b"* NAMESPACE", ""),
        (b'* NAMESPACE (("B\xc3\xa4r." ".")) NIL NIL', ""),
        (b'* NAMESPACE (("a\tb." ".")) NIL NIL', ""),
    ],
)
def test_the_namespace_of_ones_own(line, prefix):
    assert personal_prefix(responses(line + b"\r\n")) == prefix


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b'* LIST (\\HasNoChildren) "." INBOX.Processed', [(".", True)]),
        (b'* LIST (\\Marked) "/" "Pro\\"cessed"', [("/", True)]),
        (b'* LIST (\\noselect) "/" Processed', [("/", False)]),
        (b'* LIST (\\NonExistent \\Subscribed) "/" Processed', [("/", False)]),
        (b"* LIST () NIL Processed", [("", True)]),
        (b'* LIST () "/" {9}\r\nProcessed', [("/", True)]),
        (b'* LIST (\\Noselect) "\\\\" ""', [("\\", False)]),
        (b"* LIST", []),
        (b"* LIST )(", []),
    ],
)
def test_what_is_listed(line, expected):
    assert list(listed(responses(line + b"\r\n"))) == expected


@given(st.lists(st.sampled_from([*b'()[]"\\{}~ <>5UIDBODYNL\r\n', *DATE]), max_size=80))
def test_no_answer_breaks_the_reading(octets):
    stream = b"* 1 FETCH (UID 5 " + bytes(octets) + b"\r\n"
    try:
        found = responses(stream)
    except StreamError:
        return
    fetched(found, "BODY[]")
    searched(found)
    personal_prefix(found)
    list(listed(found))
