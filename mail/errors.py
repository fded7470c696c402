"""Every failure of mail servers that callers tell apart.

MailError
  x MailRejected      the server refuses this message or recipient for good (5xx)
  x MailAuth          it does not accept our credentials; only a person can mend that
  x MailUnavailable   not now: unreachable, 4xx, timed out; worth another try
    x MailRefused     the IMAP server said no to one command; the session goes on
"""


class MailError(Exception):
    """Base of all; its text is one line and holds no address but the one concerned."""


class MailRejected(MailError):
    """Not retryable for this recipient; others may still be asked."""


class MailAuth(MailError):
    """Retryable, slowly: a password may be mended while we wait."""


class MailUnavailable(MailError):
    """Retryable."""


class MailRefused(MailUnavailable):
    """Retryable; nothing else of the session is in doubt."""
