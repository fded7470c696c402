"""Logging in with a user name and password, by whichever command can say them."""

from collections.abc import Awaitable, Callable

from mail.errors import MailAuth, MailUnavailable
from mail.imap_answers import code
from mail.imap_protocol import Answer, Client, quoted, sasl_plain

# RFC 5530 §3: what a login may be refused for, other than the password.
_NOT_NOW = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "OVERQUOTA"})


def secrets_of(username: str, password: str) -> tuple[str, ...]:
    """The password in every form in which it is sent, and in which a server might repeat it."""
    if not password:
        return ()
    return sasl_plain(username, password).decode(), quoted(password)[1:-1], password


async def log_in(
    client: Client,
    step: Callable[[Awaitable[Answer]], Awaitable[Answer]],
    username: str,
    password: str,
) -> None:
    """Raises MailAuth if the server will not have them, MailUnavailable if not now. A password
    that cannot do is not even sent."""
    if any(letter in "\0\r\n" for letter in username + password):
        raise MailAuth("no IMAP server takes a user name or password of several lines")
    plain = client.has_capability("AUTH=PLAIN")
    disabled = client.has_capability("LOGINDISABLED")
    # RFC 3501 §9: a quoted string is ASCII; RFC 4616 §2: UTF-8.
    sayable = (username + password).isascii()
    if sayable and not disabled:
        answer = await step(client.login(username, password))
    elif plain:
        answer = await step(client.authenticate_plain(username, password))
    elif disabled:
        raise MailAuth("the IMAP server takes no password on this connection (LOGINDISABLED)")
    else:
        raise MailAuth("the IMAP server takes only ASCII in a user name and password")
    if answer.result != "OK":
        reason, _ = code(answer.text)
        if reason in _NOT_NOW:
            raise MailUnavailable(f"the IMAP server takes no login now: {reason}")
        raise MailAuth("the IMAP server refused the login")
