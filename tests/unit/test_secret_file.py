"""A password in a file is exchanged while the worker runs, as Kubernetes does it."""

import pytest

from agent.bounds import imap_of, smtp_of
from demo.mail_server import MailServer
from mail import smtp
from mail.credentials import Password
from mail.errors import MailAuth, MailUnavailable
from mail.imap import ImapServer, ImapSession
from mail.secret_file import SecretFile
from mail.secret_source import with_credential
from mail.smtp import SmtpServer
from tests.planted import PASSWORD
from tests.unit.agent_samples import settings

USER = "agent@demo.test"


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "password"
    path.write_text(f"{PASSWORD}\n")
    return path


async def test_after_a_refusal_the_file_is_read_once_more(path):
    tried = []

    async def attempt(credential):
        tried.append(credential.text)
        if credential.text == PASSWORD:
            path.write_text("new")  # the host and the file change at the same moment
            raise MailAuth("no")
        return credential.text

    assert await with_credential(None, SecretFile("IMAP_PASSWORD_FILE", path), attempt) == "new"
    assert tried == [PASSWORD, "new"]


async def test_the_same_password_is_not_tried_twice(path):
    tried = []

    async def attempt(credential):
        tried.append(credential.text)
        raise MailAuth("no")

    with pytest.raises(MailAuth):
        await with_credential(None, SecretFile("IMAP_PASSWORD_FILE", path), attempt)
    assert tried == [PASSWORD]


async def test_a_file_that_is_gone_is_waited_for(path):
    file = SecretFile("SMTP_PASSWORD_FILE", path)
    path.unlink()
    with pytest.raises(MailUnavailable) as caught:
        await file.credential()
    fault = f"SMTP_PASSWORD_FILE: {path} cannot be read: No such file or directory"
    assert str(caught.value) == fault
    path.write_text("back")
    assert await file.credential() == Password("back")


async def test_a_new_password_lets_in_without_a_restart(path):
    """On real servers, as the settings of a worker make the logins."""
    async with MailServer(password=PASSWORD) as server:
        given = settings(
            mail_from=USER,
            smtp_host=server.host,
            smtp_port=server.smtp_port,
            smtp_security="none",
            smtp_username=USER,
            smtp_password_file=path,
            imap_host=server.host,
            imap_port=server.imap_port,
            imap_security="none",
            imap_password_file=path,
        )
        sending, reading = smtp_of(given), imap_of(given)
        await _log_in(sending, reading)
        path.write_text("wrong")
        with pytest.raises(MailAuth):
            await smtp.check(sending)
        with pytest.raises(MailAuth):
            await ImapSession.open(reading)
        path.write_text(PASSWORD)
        await _log_in(sending, reading)
        assert given.imap_source is not None and PASSWORD in given.imap_source.secrets


async def _log_in(sending: SmtpServer, reading: ImapServer) -> None:
    await smtp.check(sending)
    async with await ImapSession.open(reading):
        pass
