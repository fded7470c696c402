"""Who may sign for whom: the address's own domain, or one above it in the same organization."""

import pytest

from mail.alignment import aligned
from mail.suffixes import organizational_domain


@pytest.mark.parametrize(
    ("signer", "address", "speaks"),
    [
        ("example.com", "ines@example.com", True),
        ("example.com", "ines@mail.example.com", True),
        ("mail.example.com", "ines@eu.mail.example.com", True),
        ("example.co.uk", "ines@mail.example.co.uk", True),
        # Below and beside: the key of a sender of newsletters.
        ("news.example.com", "ines@example.com", False),
        ("news.example.com", "ines@mail.example.com", False),
        # A suffix under which anybody registers.
        ("com", "ines@example.com", False),
        ("co.uk", "ines@example.co.uk", False),
        ("github.io", "ines@shop.github.io", False),
        # What only looks alike.
        ("ample.com", "ines@example.com", False),
        ("example.com", "ines@badexample.com", False),
        ("example.com.evil.test", "ines@example.com", False),
        ("xn--exmple-cua.com", "ines@example.com", False),
        ("evil.test", "ines@example.com", False),
        ("", "ines@example.com", False),
        ("example.com", "", False),
        ("", "", False),
        # Names that no list knows, as a company has them within.
        ("corp", "ines@corp", True),
        ("mail.corp", "ines@corp", False),
    ],
)
def test_who_speaks_for_an_address(signer, address, speaks):
    assert aligned(signer, address) is speaks


def test_the_last_sign_divides_an_address():
    assert aligned("example.com", "a@evil.test@example.com")
    assert not aligned("evil.test", "a@evil.test@example.com")


@pytest.mark.parametrize(
    ("domain", "organization"),
    [
        ("example.com", "example.com"),
        ("a.b.example.com", "example.com"),
        ("a.example.co.uk", "example.co.uk"),
        ("co.uk", "co.uk"),
        ("localhost", "localhost"),
    ],
)
def test_whose_a_domain_is(domain, organization):
    assert organizational_domain(domain) == organization
