"""Whose certificates are believed, on both protocols; ours, where a server wants one; and files
that are not what they should be."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP

from mail.errors import MailUnavailable
from mail.imap import ImapServer, ImapSession
from mail.smtp import SmtpServer, check
from mail.tls import Tls, TlsFault
from tests.certificates import Authority, server_context
from tests.imap_script import Script, serving
from tests.planted import PASSWORD

PROTOCOLS = ["IMAP", "SMTP", "STARTTLS"]


class Certificates:
    """Two authorities, what they have signed, and a client's certificate."""

    def __init__(self, directory: Path) -> None:
        self.ours = Authority(directory, "ours")
        self.others = Authority(directory, "others")
        self.good = self.ours.issue("good")
        self.expired = self.ours.issue("expired", days=-1)
        self.elsewhere = self.ours.issue("elsewhere", "DNS:mail.example.com")
        self.client = self.ours.issue("client")
        self.stranger = self.others.issue("stranger")
        self.directory = directory

    def file(self, name: str, *parts: Path) -> Path:
        whole = self.directory / name
        whole.write_text("".join(part.read_text() for part in parts))
        return whole


@pytest.fixture(scope="module")
def certificates(tmp_path_factory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("tls"))


@asynccontextmanager
async def served(protocol: str, context: ssl.SSLContext) -> AsyncIterator[int]:
    if protocol == "IMAP":
        async with serving(Script(), context) as port:
            yield port
        return
    at_once, later = (context, None) if protocol == "SMTP" else (None, context)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(object(), hostname="localhost", tls_context=later), "127.0.0.1", ssl=at_once
    )
    async with server:
        yield server.sockets[0].getsockname()[1]


async def reach(protocol: str, port: int, tls: Tls) -> None:
    if protocol == "IMAP":
        server = ImapServer("localhost", "agent", PASSWORD, port=port, tls=tls)
        async with await ImapSession.open(server):
            return
    security = "tls" if protocol == "SMTP" else "starttls"
    await check(SmtpServer("localhost", security, port, tls=tls))  # type: ignore[arg-type]


async def fault_of(protocol: str, context: ssl.SSLContext, tls: Tls) -> str:
    async with served(protocol, context) as port:
        with pytest.raises(MailUnavailable) as caught:
            await reach(protocol, port, tls)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def setting(protocol: str, name: str) -> str:
    return f"{'IMAP' if protocol == 'IMAP' else 'SMTP'}_{name}"


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_a_ca_of_ones_own_is_believed(certificates, protocol):
    both = certificates.file(
        "both.pem", certificates.others.certificate, certificates.ours.certificate
    )
    for ca in (certificates.ours.certificate, both):
        async with served(protocol, server_context(certificates.good)) as port:
            await reach(protocol, port, Tls(ca))


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_a_ca_that_did_not_sign_is_named_with_its_setting(certificates, protocol):
    context = server_context(certificates.good)
    for tls in (Tls(certificates.others.certificate), Tls()):
        fault = await fault_of(protocol, context, tls)
        assert "unable to get local issuer certificate" in fault
        assert f"; {setting(protocol, 'CA_FILE')} names the CAs" in fault


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_ones_own_ca_stands_in_place_of_the_systems(certificates, protocol, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ours.certificate))
    context = server_context(certificates.good)
    async with served(protocol, context) as port:
        await reach(protocol, port, Tls())
    await fault_of(protocol, context, Tls(certificates.others.certificate))


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_a_certificate_that_has_expired_is_said(certificates, protocol):
    context = server_context(certificates.expired)
    fault = await fault_of(protocol, context, Tls(certificates.ours.certificate))
    assert "certificate is not believed: certificate has expired;" in fault
    assert "CA_FILE" not in fault and fault.endswith("only a new certificate there can mend that")


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_a_certificate_for_another_name_is_said(certificates, protocol):
    context = server_context(certificates.elsewhere)
    fault = await fault_of(protocol, context, Tls(certificates.ours.certificate))
    assert "not valid for 'localhost'" in fault
    assert f"; {setting(protocol, 'HOST')} has to be the name" in fault


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("one_file", [True, False])
async def test_a_client_certificate_is_shown_where_one_is_wanted(certificates, protocol, one_file):
    whole = certificates.file("client-whole.pem", *certificates.client)
    files = (whole, None) if one_file else certificates.client
    context = server_context(certificates.good, clients=certificates.ours)
    async with served(protocol, context) as port:
        await reach(protocol, port, Tls(certificates.ours.certificate, *files))


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("client", ["none", "stranger"])
async def test_without_the_right_client_certificate_nobody_is_let_in(
    certificates, protocol, client
):
    files = certificates.stranger if client == "stranger" else (None, None)
    context = server_context(certificates.good, clients=certificates.ours)
    fault = await fault_of(protocol, context, Tls(certificates.ours.certificate, *files))
    assert fault.startswith(f"the {setting(protocol, 'x')[:4]} server ")
    print(fault)


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_a_renewed_client_certificate_is_taken_at_the_next_connection(certificates, protocol):
    files = certificates.file("renewed.pem", *certificates.stranger)
    tls = Tls(certificates.ours.certificate, files)
    context = server_context(certificates.good, clients=certificates.ours)
    await fault_of(protocol, context, tls)
    certificates.file("renewed.pem", *certificates.client)
    async with served(protocol, context) as port:
        await reach(protocol, port, tls)
        files.unlink()
        name = setting(protocol, "CLIENT_CERT_FILE")
        with pytest.raises(MailUnavailable, match=f"^{name}: .* cannot be read: No such file"):
            await reach(protocol, port, tls)


@pytest.fixture
def files(certificates) -> dict[str, Path]:
    directory = certificates.directory
    locked = directory / "locked.key"
    subprocess.run(
        [
            *("openssl", "pkey", "-aes256", "-passout", "pass:hello"),
            *("-in", str(certificates.client[1]), "-out", str(locked)),
        ],
        check=True,
    )
    (directory / "empty").touch()
    (directory / "text").write_text("no certificate\n")
    return {
        "ca": certificates.ours.certificate,
        "cert": certificates.client[0],
        "key": certificates.client[1],
        "other key": certificates.stranger[1],
        "locked key": locked,
        "empty": directory / "empty",
        "text": directory / "text",
        "directory": directory,
        "nothing": directory / "nothing",
    }


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (("nothing",), "SMTP_CA_FILE: {nothing} cannot be read: No such file or directory"),
        (("directory",), "SMTP_CA_FILE: {directory} cannot be read: Is a directory"),
        (("empty",), "SMTP_CA_FILE: {empty} holds no certificate in PEM"),
        (("text",), "SMTP_CA_FILE: {text} holds no certificate in PEM"),
        (("key",), "SMTP_CA_FILE: {key} holds no certificate in PEM"),
        (("ca", "nothing"), "SMTP_CLIENT_CERT_FILE: {nothing} cannot be read: No such file"),
        (("ca", "cert", "nothing"), "SMTP_CLIENT_KEY_FILE: {nothing} cannot be read: No such"),
        (("ca", "cert"), "SMTP_CLIENT_CERT_FILE: {cert} holds no certificate with its key in PEM"),
        (("ca", "text", "key"), "SMTP_CLIENT_CERT_FILE: {text} and {key} hold no certificate"),
        (("ca", "cert", "text"), "SMTP_CLIENT_CERT_FILE: {cert} and {text} hold no certificate"),
        (("ca", "cert", "other key"), "SMTP_CLIENT_KEY_FILE: the key does not fit the"),
        (("ca", "cert", "locked key"), "SMTP_CLIENT_KEY_FILE: the key has a passphrase"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_named_with_its_setting(files, given, fault):
    with pytest.raises(TlsFault) as caught:
        Tls(*(files[name] for name in given)).context("SMTP")
    assert str(caught.value).startswith(fault.format(**files))
    assert "\n" not in str(caught.value)
