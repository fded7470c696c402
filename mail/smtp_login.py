"""Logging in to an SMTP server (RFC 4954) with a user name and a password, token or certificate."""

import re

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException

from mail.credentials import Certificate, Credential, Password, Token, refusal, saying, unsayable
from mail.errors import MailAuth

_GO_ON, _WELCOME = 334, 235
# RFC 5321 §4.2.4, RFC 4954 §6: the mechanism is not known after all, or not on such a connection.
_NOT_THIS_WAY = (500, 501, 502, 504, 538)
# RFC 5321 §4.5.3.1.4: of a command line, with its end. RFC 4954 §4: what does not fit in there is
# said when the server asks for it.
_LINE_OCTETS = 512
# RFC 2034: says far more than the code alone, and nothing that is secret.
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b", re.ASCII)


async def log_in(smtp: SMTP, username: str, credential: Credential) -> None:
    """Raises MailAuth if the server will not have them, and what aiosmtplib raises."""
    try:
        if isinstance(credential, Password):
            await _say_password(smtp, username, credential.text)
        else:
            await _say(smtp, username, credential)
    except SMTPAuthenticationError as error:
        if not 500 <= error.code < 600:
            raise
        what = f"certificate for {username}" if isinstance(credential, Certificate) else "login"
        # Without its cause, which holds the server's words as they came.
        raise MailAuth(f"the SMTP server refused the {what}: {code_of(error)}") from None


async def _say_password(smtp: SMTP, username: str, password: str) -> None:
    """Once: where accounts are locked after a few refusals, one by each mechanism is several. The
    next is only tried where the server does not have the one that it offers."""
    if smtp.is_ehlo_or_helo_needed:
        await smtp.ehlo()
    if not smtp.supports_extension("auth"):
        raise SMTPException("The SMTP AUTH extension is not supported by this server.")
    ways = {"plain": smtp.auth_plain, "login": smtp.auth_login, "cram-md5": smtp.auth_crammd5}
    offered = [way for name, way in ways.items() if name in smtp.server_auth_methods]
    if not offered:
        raise MailAuth(
            "the SMTP server takes no password: it offers none of PLAIN, LOGIN, CRAM-MD5"
        )
    *others, last = offered
    for way in others:
        try:
            await way(username, password)
        except SMTPAuthenticationError as error:
            if error.code not in _NOT_THIS_WAY:
                raise
        else:
            return
    await last(username, password)


def code_of(error: SMTPAuthenticationError) -> str:
    enhanced = _ENHANCED.match(error.message)
    return f"{error.code} {enhanced[0]}" if enhanced else str(error.code)


async def _say(smtp: SMTP, username: str, credential: Token | Certificate) -> None:
    if smtp.is_ehlo_or_helo_needed:
        await smtp.ehlo()
    said = saying({name.upper() for name in smtp.server_auth_methods}, username, credential)
    if said is None:
        raise MailAuth(f"the SMTP server {unsayable(credential)}")
    mechanism = said.mechanism.encode()
    line = b"AUTH %b %b\r\n" % (mechanism, said.response)
    if len(line) <= _LINE_OCTETS:
        answer = await smtp.execute_command(b"AUTH", mechanism, said.response)
    else:
        answer = await smtp.execute_command(b"AUTH", mechanism)
        if answer.code == _GO_ON:
            answer = await smtp.execute_command(said.response)
    why = ""
    if answer.code == _GO_ON:
        # Not to go on with: this tells why it refuses, and the end comes when we have said so.
        why = refusal(answer.message.encode("utf-8", "surrogateescape"))
        answer = await smtp.execute_command(said.farewell)
    if answer.code == _WELCOME:
        return
    error = SMTPAuthenticationError(answer.code, answer.message)
    if why and 500 <= answer.code < 600:
        raise MailAuth(f"the SMTP server refused the token: {code_of(error)}, {why}")
    raise error
