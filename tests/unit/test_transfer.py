"""Content-Transfer-Encoding as programs, relays and gateways break it."""

import base64
import binascii

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mail.transfer import decode_transfer

LIMIT = 1000


@pytest.mark.parametrize(
    ("body", "decoded"),
    [
        (b"APP=\r\nROVE", b"APPROVE"),
        (b"APP= \t\r\nROVE", b"APPROVE"),
        (b"APP=\r\r\nROVE", b"APPROVE"),
        (b"blanks \t \r\nend", b"blanks\nend"),
        (b"=c3=BC", b"\xc3\xbc"),
        (b"raw \xfc =3D", b"raw \xfc ="),
        (b"2=two =", b"2=two "),
        (b"APPROVE=\rnot yet\nx", b"APPROVEnot yet\nx"),
    ],
)
def test_quoted_printable_is_decoded_and_nothing_gets_lost(body, decoded):
    assert decode_transfer(body, "quoted-printable", LIMIT) == decoded


@pytest.mark.parametrize(
    ("body", "decoded"),
    [
        (b"QVBQUk9WRQ", b"APPROVE"),
        (b" Q V\nBQ\n\nU k9\tWRQ==\n", b"APPROVE"),
        (b"QVBQUk9WRQ==\n____\nlist\n", b"APPROVE\x96+-"),
        (b"APPROVE\n\nThanks, please copy finance.", b"APPROVE\n\nThanks, please copy finance."),
    ],
)
def test_base64_is_decoded_as_far_as_it_is_any(body, decoded):
    assert decode_transfer(body, "base64", LIMIT) == decoded


@pytest.mark.parametrize("name", ["x-uuencode", "uuencode", "X-UUE"])
def test_uuencode_is_decoded(name):
    body = b"begin 644 a\n" + binascii.b2a_uu(b"APPROVE\n") + b"`\nend\nbelow\n"
    assert decode_transfer(body, name, LIMIT) == b"APPROVE\n"
    assert decode_transfer(b"APPROVE", name, LIMIT) == b"APPROVE"


@pytest.mark.parametrize("name", ["Base64", ' "base64" ', "base-64", "BASE64 (as ever)", "base64;"])
def test_an_encoding_goes_by_many_names(name):
    assert decode_transfer(b"QVBQUk9WRQ==", name, LIMIT) == b"APPROVE"


@pytest.mark.parametrize("name", ["", "7bit", "8bit", "binary", "x-none", "utf-8"])
def test_what_is_no_encoding_stands_as_it_is(name):
    assert decode_transfer(b"APPROVE=\r\n", name, LIMIT) == b"APPROVE=\r\n"


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.binary(max_size=300), st.integers(0, 50))
def test_what_was_encoded_comes_back(raw, width):
    encoded = base64.b64encode(raw)
    broken = b"\r\n ".join(
        encoded[at : at + width + 1] for at in range(0, len(encoded), width + 1)
    ).rstrip(b"=")
    assert decode_transfer(broken, "base64", LIMIT) == raw
    escaped = b"=\r\n".join(b"=%02x" % byte for byte in raw)
    assert decode_transfer(escaped, "quoted-printable", LIMIT) == raw


@pytest.mark.parametrize("name", ["base64", "quoted-printable", "x-uuencode", "8bit"])
def test_no_more_is_decoded_than_is_looked_at(name):
    assert len(decode_transfer(b"A" * 100_000, name, LIMIT)) <= 3 * LIMIT + 3
    assert len(decode_transfer(b"A" * 100_000, name, LIMIT)) > LIMIT
