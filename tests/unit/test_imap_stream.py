"""What a server sends is the same however the network cuts it, and never fills the memory."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.imap_stream import LITERAL_LIMIT, RESPONSE_LIMIT, ResponseReader, StreamError

BODY = b"* BYE not really\r\nA1 OK nor this\r\n+ {5}\r\n)\r\n"
STREAM = (
    b"* OK hello {12}\r\n"
    b"\r\n* SEARCH 1 2\r\n"
    b"* 1 FETCH (UID 1 BODY[] {%d}\r\n%b INTERNALDATE {3}\r\nabc)\r\n"
    b"* 2 FETCH (BODY[] {0}\r\n UID 2 X ~{2}\r\n\r\n Y {1+}\r\n))\r\n"
    b"+ go on {4}\r\n"
    b"A1 OK FETCH done {7}\r\n"
) % (len(BODY), BODY)
RESPONSES = [
    (b"* OK hello {12}",),
    (b"* SEARCH 1 2",),
    (b"* 1 FETCH (UID 1 BODY[] ", BODY, b" INTERNALDATE ", b"abc", b")"),
    (b"* 2 FETCH (BODY[] ", b"", b" UID 2 X ", b"\r\n", b" Y ", b")", b")"),
    (b"+ go on {4}",),
    (b"A1 OK FETCH done {7}",),
]


def read(packets, keep=1000):
    reader = ResponseReader(keep)
    return [response.parts for packet in packets for response in reader.feed(packet)]


@given(st.lists(st.integers(1, len(STREAM) - 1), max_size=30))
def test_every_cut_reads_the_same(cuts):
    at = [0, *sorted(set(cuts)), len(STREAM)]
    assert read(STREAM[a:b] for a, b in zip(at, at[1:], strict=False)) == RESPONSES


def test_octet_by_octet_reads_the_same():
    assert read(bytes([octet]) for octet in STREAM) == RESPONSES


@given(st.lists(st.binary(max_size=60), max_size=6))
def test_any_octets_are_read_or_refused(packets):
    try:
        for parts in read(packets):
            assert len(parts) % 2 == 1
    except StreamError:
        pass


def test_of_a_literal_that_is_longer_than_was_asked_for_the_beginning_is_kept():
    stream = b"* 1 FETCH (BODY[] {9}\r\n123456789 UID 1)\r\n* SEARCH\r\n"
    cut = [(b"* 1 FETCH (BODY[] ", b"1234", b" UID 1)"), (b"* SEARCH",)]
    assert read([stream], keep=4) == cut
    assert read((bytes([octet]) for octet in stream), keep=4) == cut


def test_a_long_literal_is_skipped_and_not_kept():
    reader = ResponseReader(4)
    assert list(reader.feed(b"* 1 FETCH (BODY[] {100000000}\r\n")) == []
    for _ in range(100):
        assert list(reader.feed(bytes(1_000_000))) == []
    assert len(reader._buffer) + len(reader._literal) <= 4
    (response,) = reader.feed(b")\r\n")
    assert response.parts == (b"* 1 FETCH (BODY[] ", bytes(4), b")")


@pytest.mark.parametrize("size", [LITERAL_LIMIT + 1, 4 * 2**30, 10**14])
def test_a_literal_that_nobody_would_wait_for_is_refused_at_once(size):
    with pytest.raises(StreamError, match="literal"):
        read([b"* 1 FETCH (BODY[] {%d}\r\n" % size])


def test_a_line_without_end_is_refused():
    packet = b"x" * 1_000_000
    with pytest.raises(StreamError, match="no end"):
        read(packet for _ in range(RESPONSE_LIMIT // len(packet) + 2))


def test_literals_without_end_are_refused():
    packet = b"{1000}\r\n" + bytes(1000)
    with pytest.raises(StreamError, match="no end"):
        read([b"* 1 FETCH (X ", *(packet * 100 for _ in range(RESPONSE_LIMIT // 100_000))])
    with pytest.raises(StreamError, match="no end"):
        read([b"* 1 FETCH (X ", *(b"{0}\r\n" * 100_000 for _ in range(RESPONSE_LIMIT // 500_000))])


def test_a_long_line_in_many_packets_is_read_in_time():
    line = b"* SEARCH " + b"1234567 " * 500_000 + b"\r\n"
    start = time.process_time()
    (parts,) = read(line[at : at + 1460] for at in range(0, len(line), 1460))
    assert len(parts[0]) == len(line) - 2
    assert time.process_time() - start < 5
