"""Every address of every From header, or '' for what two programs could read differently."""

import time

import pytest

from mail.senders import senders
from mail.structure import parse
from tests.unit.incoming import message


@pytest.mark.parametrize(
    "value",
    [
        "ines@example.com",
        "INES@Example.COM",
        "Ines Roth <ines@example.com>",
        '"Roth, Ines" <ines@example.com>',
        '"evil@example.org" <ines@example.com>',
        "evil@example.org <ines@example.com>",
        "Ines (evil@example.org, of course) <ines@example.com>",
        "=?utf-8?q?evil=40example.org?= <ines@example.com>",
        '"a \\" <evil@example.org>" <ines@example.com>',
        "ines@example.com (Ines)",
    ],
)
def test_the_one_address_is_found(value):
    assert senders([value]) == ("ines@example.com",)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Ines",
        "<>",
        "<ines@example.com",
        "<ines@example.com> evil@example.org",
        "<ines@example.com><evil@example.org>",
        "<evil@example.org <ines@example.com>>",
        "Team: ines@example.com;",
        "Team: Ines <ines@example.com>",
        'ines@example.com "unclosed',
        "ines@example.com (unclosed",
        "Team: Ines <ines@example.com>;",
        "<@evil.example,@b.example:ines@example.com>",
        '"ines"@example.com',
        "ines@[127.0.0.1]",
        "ines@example.com\x00",
        "ines @example.com",
        "inés@example.com",
        "ines@a@example.com",
        '"unclosed <ines@example.com>',
        "(unclosed <ines@example.com>",
        "a@[",
    ],
)
def test_what_is_not_exactly_one_address_is_nobody(value):
    assert all(address in ("", "evil.example") for address in senders([value]))
    assert senders([value])


def test_a_nul_does_not_join_two_halves_to_an_approver():
    raw = message("", From="in\0es@example.com")
    assert senders(parse(raw).get_all("from")) == ("",)


def test_every_address_of_every_header_counts():
    values = ["ines@example.com, Tom <tom@example.com>", "eve@example.com"]
    assert senders(values) == ("ines@example.com", "tom@example.com", "eve@example.com")
    assert senders(["ines@example.com,"]) == ("ines@example.com", "")
    assert senders([]) == ()


def test_international_domains_become_a_labels():
    assert senders(["Ines <ines@bücher.example>"]) == ("ines@xn--bcher-kva.example",)


def test_long_headers_take_linear_time():
    start = time.perf_counter()
    for value in ("a@b.example," * 700, "(" * 8_000, '"' * 8_000, "<" * 8_000, "\\" * 8_000):
        assert len(senders([value] * 10)) <= 50
    assert time.perf_counter() - start < 5
