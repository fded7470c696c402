"""Whom we believe to be a mail server, and how we prove to it who we are, below any login.

A CA of one's own is believed in place of the system's: who names one wants no certificate of
somebody else's for the same host to do. A file with several certificates names several.
"""

import asyncio
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mail.errors import MailUnavailable

Host = Literal["SMTP", "IMAP"]

# X509_V_ERR_… of OpenSSL: no way up to a CA that is believed, and a certificate for another name.
_UNKNOWN_CA = frozenset({2, 18, 19, 20, 21})
_OTHER_NAME = frozenset({62, 64})


@dataclass(frozen=True, slots=True)
class Tls:
    """Files in PEM, read again at every connection: certificates are renewed while we run."""

    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None
    """None if the key stands in the certificate's file."""

    def context(self, host: Host) -> ssl.SSLContext:
        """Raises TlsFault with the setting that has to be mended."""
        context = _believing(self.ca_file, host)
        if self.cert_file is not None:
            _load_certificate(context, self.cert_file, self.key_file, host)
        return context


class TlsFault(Exception):
    """A file that is not what it should be; its text begins with the name of the setting."""


async def context_of(tls: Tls, security: str, host: Host) -> ssl.SSLContext | None:
    """For one connection. Raises MailUnavailable: what was good at the start is being renewed."""
    if security == "none":
        return None
    try:
        return await asyncio.to_thread(tls.context, host)
    except TlsFault as error:
        raise MailUnavailable(str(error)) from None


def certificate_fault(error: BaseException | None, host: Host) -> str:
    """Why a server's certificate was not believed, and what mends it; empty of other errors."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__
    if error is None:
        return ""
    why = f"its certificate is not believed: {error.verify_message.rstrip('.')}"
    if error.verify_code in _UNKNOWN_CA:
        return f"{why}; {host}_CA_FILE names the CAs that are believed in place of the system's"
    if error.verify_code in _OTHER_NAME:
        return f"{why}; {host}_HOST has to be the name that is in the certificate"
    return f"{why}; only a new certificate there can mend that"


def _believing(ca_file: Path | None, host: Host) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except ssl.SSLError:
        raise TlsFault(f"{host}_CA_FILE: {ca_file} holds no certificate in PEM") from None
    except OSError as error:
        raise TlsFault(f"{host}_CA_FILE: {ca_file} cannot be read: {error.strerror}") from None


def _load_certificate(
    context: ssl.SSLContext, cert_file: Path, key_file: Path | None, host: Host
) -> None:
    for name, path in (("CERT", cert_file), ("KEY", key_file)):
        try:
            if path is not None:
                path.open("rb").close()
        except OSError as error:
            reason = f"{path} cannot be read: {error.strerror}"
            raise TlsFault(f"{host}_CLIENT_{name}_FILE: {reason}") from None
    try:
        context.load_cert_chain(cert_file, key_file, password=_no_passphrase)
    except _Locked:
        raise TlsFault(
            f"{host}_CLIENT_KEY_FILE: the key has a passphrase, which nobody types: take it off"
        ) from None
    except ssl.SSLError as error:
        raise TlsFault(_certificate_words(error, cert_file, key_file, host)) from None


def _certificate_words(
    error: ssl.SSLError, cert_file: Path, key_file: Path | None, host: Host
) -> str:
    if error.reason == "KEY_VALUES_MISMATCH":
        return f"{host}_CLIENT_KEY_FILE: the key does not fit the certificate in {cert_file}"
    what = f"{cert_file} and {key_file} hold" if key_file else f"{cert_file} holds"
    return f"{host}_CLIENT_CERT_FILE: {what} no certificate with its key in PEM"


class _Locked(Exception):
    pass


def _no_passphrase() -> str:
    """Without it OpenSSL asks on the terminal, and a worker would wait there at its start."""
    raise _Locked
