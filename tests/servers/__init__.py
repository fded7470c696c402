"""Real mail servers for the tests that must hold on every one of them."""

import pytest

every_server = pytest.mark.parametrize(
    "imap", ["embedded", "greenmail", "dovecot"], indirect=True, scope="module"
)
