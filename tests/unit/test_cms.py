"""S/MIME: the content of signed data, whatever its lengths, and nothing of anything else."""

from base64 import b64encode
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mail.armour import ENCRYPTED
from mail.cms import UNREADABLE, Content, content_of
from mail.structure import parse
from tests.unit.incoming import message, multipart, reading

DATA, SIGNED, ENVELOPED, COMPRESSED = (
    bytes.fromhex(f"06{len(oid) // 2:02x}{oid}")
    for oid in (
        "2a864886f70d010701",
        "2a864886f70d010702",
        "2a864886f70d010703",
        "2a864886f70d0109100109",
    )
)
VERSION = b"\x02\x01\x01"
WORDS = b"Content-Type: text/plain\r\n\r\nAPPROVE\r\n"
END = b"\0\0"


def definite(tag: int, inside: bytes) -> bytes:
    size = len(inside)
    if size < 0x80:
        return bytes((tag, size)) + inside
    return bytes((tag, 0x82)) + size.to_bytes(2, "big") + inside


def left_open(tag: int, inside: bytes) -> bytes:
    return bytes((tag, 0x80)) + inside + END


def pieces(raw: bytes, size: int = 5) -> bytes:
    return b"".join(definite(4, raw[at : at + size]) for at in range(0, len(raw), size))


def signed(
    octets: bytes,
    around: Callable[[int, bytes], bytes] = definite,
    kind: bytes = SIGNED,
    holds: bytes = DATA,
) -> bytes:
    algorithms = around(0x31, around(0x30, b"\x05\0"))
    content = around(0x30, holds + around(0xA0, octets))
    return around(0x30, kind + around(0xA0, around(0x30, VERSION + algorithms + content)))


@pytest.mark.parametrize("around", [definite, left_open])
@pytest.mark.parametrize(
    "octets",
    [
        definite(4, WORDS),
        definite(0x24, pieces(WORDS)),
        left_open(0x24, pieces(WORDS)),
        definite(0x24, pieces(WORDS, 1)),
    ],
)
def test_the_content_is_found_in_der_and_ber(octets, around):
    assert content_of(signed(octets, around)) == Content(WORDS)


def test_what_is_encrypted_is_told():
    assert content_of(signed(definite(4, WORDS), kind=ENVELOPED)) == Content(None, ENCRYPTED)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x30",
        b"APPROVE",
        b"\x30\x80" * 1000,
        b"\x30\x88" + b"\xff" * 20,
        signed(definite(4, WORDS), kind=COMPRESSED),
        signed(definite(4, WORDS), holds=SIGNED),
        signed(definite(4, WORDS))[:20],
        signed(definite(0x30, WORDS)),
        signed(definite(0x24, WORDS)),
        definite(0x30, SIGNED),
    ],
)
def test_what_is_no_signed_text_is_told(raw):
    assert content_of(raw) == Content(None, UNREADABLE)


def test_what_is_cut_off_is_read_as_far_as_it_goes():
    whole = signed(definite(4, WORDS), left_open)
    cut = whole[: whole.index(b"OVE")]
    assert content_of(cut) == Content(WORDS[: WORDS.index(b"OVE")])


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.binary(max_size=80), st.integers(0, 80))
def test_any_bytes_inside_of_it_raise_nothing(raw, at):
    whole = signed(left_open(0x24, pieces(WORDS)), left_open)
    content_of(raw)
    content_of(whole[:at] + raw + whole[at:])
    content_of(whole[:at] + raw)


def test_what_somebody_else_has_signed_is_no_text_of_this_message():
    shell = b64encode(signed(definite(4, WORDS))).decode()
    fields = "Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64"
    attached = (fields, shell)
    found = parse(multipart("mixed", ("text/plain", "Look at this."), attached))
    assert [part.text for part in found.parts] == ["Look at this.", ""]


def test_a_shell_in_a_shell_ends_at_the_depth_that_is_read():
    inside = b"Content-Type: text/plain\r\n\r\nAPPROVE"
    for _ in range(30):
        shell = signed(definite(4, inside))
        inside = b"Content-Type: application/pkcs7-mime\r\n\r\n" + shell
    reply = reading(b"From: ines@example.com\r\n" + inside)
    assert reply.decision == "unclear"
    assert reading(message("APPROVE")).decision == "approve"
