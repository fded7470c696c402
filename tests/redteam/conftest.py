"""The stage of the red team: one mail company on each of two IMAP servers."""

from tests.integration.conftest import dovecot_server, greenmail_server

__all__ = ["dovecot_server", "greenmail_server"]
