"""Logging in with a user name and a password, token or certificate, by what can say them."""

from collections.abc import Awaitable
from typing import Protocol, TypeVar

from mail.credentials import (
    Certificate,
    Credential,
    Password,
    Token,
    refusal,
    sasl_plain,
    saying,
    unsayable,
)
from mail.errors import MailAuth, MailUnavailable
from mail.imap_answers import code
from mail.imap_protocol import Answer, Client

T = TypeVar("T")

_MECHANISMS = ("XOAUTH2", "OAUTHBEARER", "EXTERNAL")
# RFC 5530 §3: what a login may be refused for, other than the password.
_NOT_NOW = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "OVERQUOTA"})


class Step(Protocol):
    """One call within its deadline."""

    async def __call__(self, call: Awaitable[T], /) -> T: ...


async def log_in(client: Client, step: Step, username: str, credential: Credential) -> None:
    """Raises MailAuth if the server will not have them, MailUnavailable if not now. A password
    that cannot do is not even sent."""
    secret = "" if isinstance(credential, Certificate) else credential.text
    if any(letter in "\0\r\n" for letter in username + secret):
        raise MailAuth("no IMAP server takes a user name or password of several lines")
    if isinstance(credential, Password):
        answer, refused = await _say_password(client, step, username, credential.text), "login"
    else:
        answer, refused = await _say(client, step, username, credential)
    if answer.result != "OK":
        reason, _ = code(answer.text)
        if reason in _NOT_NOW:
            raise MailUnavailable(f"the IMAP server takes no login now: {reason}")
        raise MailAuth(f"the IMAP server refused the {refused}")


async def _say_password(client: Client, step: Step, username: str, password: str) -> Answer:
    plain = client.has_capability("AUTH=PLAIN")
    disabled = client.has_capability("LOGINDISABLED")
    # RFC 3501 §9: a quoted string is ASCII; RFC 4616 §2: UTF-8.
    sayable = (username + password).isascii()
    if sayable and not disabled:
        return await step(client.login(username, password))
    if plain:
        answer, _ = await step(client.authenticate("PLAIN", sasl_plain(username, password)))
        return answer
    if disabled:
        raise MailAuth("the IMAP server takes no password on this connection (LOGINDISABLED)")
    raise MailAuth("the IMAP server takes only ASCII in a user name and password")


async def _say(
    client: Client, step: Step, username: str, credential: Token | Certificate
) -> tuple[Answer, str]:
    offered = [name for name in _MECHANISMS if client.has_capability(f"AUTH={name}")]
    said = saying(offered, username, credential)
    if said is None:
        raise MailAuth(f"the IMAP server {unsayable(credential)}")
    answer, challenge = await step(
        client.authenticate(said.mechanism, said.response, said.farewell)
    )
    if isinstance(credential, Certificate):
        return answer, f"certificate for {username}"
    why = refusal(challenge)
    return answer, f"token: {why}" if why else "token"
