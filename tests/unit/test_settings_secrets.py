"""Secrets from files and commands, and the files of TLS: what a worker starts with, what not."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent import logs
from agent.bounds import imap_of, smtp_of
from agent.errors import ConfigurationError
from agent.settings import Settings, load_settings
from agent.settings_check import check_mailbox, check_settings
from tests.certificates import Authority
from tests.helper_command import HelperCommand
from tests.planted import ACCESS_TOKEN, APPROVAL_SECRET, MODEL_KEY, PASSWORD
from tests.unit.agent_samples import settings
from tests.unit.test_worker_start import ROOT, WHOLE

FILED = {
    "OPENAI_API_KEY": MODEL_KEY,
    "SMTP_PASSWORD": PASSWORD,
    "IMAP_PASSWORD": PASSWORD,
    "APPROVAL_SECRET": f"{APPROVAL_SECRET}, {'n' * 32}",
}
BASE = {"imap_host": "127.0.0.1", "imap_security": "none", "openai_api_key": "x"}


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def faults(role="all", **given) -> list[str]:
    try:
        check_settings(settings(**{**BASE, **given}), role)
    except ConfigurationError as error:
        return error.faults
    return []


def write(name: str, content: str | bytes) -> str:
    path = Path(name)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


# ---- files


@pytest.mark.parametrize("name", FILED)
@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_a_secret_may_stand_in_a_file(monkeypatch, name, ending):
    monkeypatch.setenv(f"{name}_FILE", write("secret", FILED[name] + ending))
    secret = getattr(load_settings(), name.lower())
    assert secret.get_secret_value() == FILED[name]
    assert FILED[name] not in repr(load_settings())


def test_a_file_may_be_named_in_env_file_too():
    write(".env", f"IMAP_PASSWORD_FILE={write('secret', PASSWORD)}\n")
    given = load_settings()
    assert imap_of(given.model_copy(update={"mail_from": "a@x.test"})).password == PASSWORD


def test_a_secret_in_a_file_has_the_same_form_as_any_other(monkeypatch):
    monkeypatch.setenv("APPROVAL_SECRET_FILE", write("secret", "short\n"))
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert caught.value.faults == ["APPROVAL_SECRET: a secret has 5 bytes, at least 32 are needed"]


@pytest.mark.parametrize("name", FILED)
def test_a_secret_and_its_file_are_one_too_many(monkeypatch, name):
    monkeypatch.setenv(f"{name}_FILE", write("secret", FILED[name]))
    monkeypatch.setenv(name, FILED[name])
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert caught.value.faults == [f"{name}: {name}_FILE is set, too: set only one of them"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "secret is empty"),
        ("\n", "secret is empty"),
        (f"{PASSWORD}\nmore\n", "secret has several lines: put the secret alone there"),
        (b"\xff", "secret is not UTF-8"),
        (None, "secret cannot be read: No such file or directory"),
    ],
)
@pytest.mark.parametrize(
    "name", ["openai_api_key", "smtp_password", "imap_password", "approval_secret"]
)
def test_a_file_that_gives_no_secret_is_named_where_it_is_needed(name, content, fault):
    if content is not None:
        write("secret", content)
    given = {"imap_password": "x", "smtp_username": "a", "smtp_password": "x"}
    found = faults(**{**given, name: None, f"{name}_file": "secret"})
    assert found == [f"{name.upper()}_FILE: {fault}"]


def test_who_does_not_need_a_secret_need_not_be_able_to_read_it():
    missing = {"imap_password_file": "nowhere", "imap_host": None}
    assert faults("agent", **missing) == []
    assert faults("inbox", openai_api_key=None, openai_api_key_file="x", imap_password="x") == []


# ---- one of them


@pytest.mark.parametrize(
    "given",
    [
        {"imap_password": "x"},
        {"imap_password_command": "cat secret"},
        {"imap_token_command": "oama access a"},
        {"imap_password": "x", "smtp_username": "a", "smtp_token_command": "true"},
        {"imap_password": "x", "smtp_username": "a", "smtp_password_command": "true"},
    ],
)
def test_each_way_to_log_in_is_one(given):
    assert faults(**given) == []


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"password": "x", "password_command": "true"}, "PASSWORD, {}_PASSWORD_COMMAND"),
        ({"password": "x", "token_command": "true"}, "PASSWORD, {}_TOKEN_COMMAND"),
        (
            {"password_command": "true", "token_command": "true"},
            "PASSWORD_COMMAND, {}_TOKEN_COMMAND",
        ),
        ({"password_file": "secret", "token_command": "true"}, "PASSWORD_FILE, {}_TOKEN_COMMAND"),
    ],
)
@pytest.mark.parametrize("host", ["smtp", "imap"])
def test_two_ways_to_log_in_are_one_too_many(host, given, named):
    write("secret", PASSWORD)
    ways = {f"{host}_{name}": value for name, value in given.items()}
    others = {"imap_password": "x"} if host == "smtp" else {}
    found = faults(**{**others, **ways, "smtp_username": "a" if host == "smtp" else None})
    assert found == [f"{host.upper()}_{named.format(host.upper())}: set only one of them"]


@pytest.mark.parametrize("host", ["smtp", "imap"])
def test_a_client_certificate_is_a_way_too(tmp_path, host):
    whole = tmp_path / "agent.pem"
    whole.write_text("".join(part.read_text() for part in Authority(tmp_path).issue("client")))
    ways: dict[str, object] = {f"{host}_client_cert_file": whole, f"{host}_security": "tls"}
    if host == "smtp":
        # Without a name it is shown, and nobody logs in: some servers take mail from it so.
        assert faults(imap_password="x", **ways) == []
        ways |= {"smtp_username": "a", "imap_password": "x"}
    assert faults(**ways) == []
    given = settings(**ways)
    server = imap_of(given) if host == "imap" else smtp_of(given)
    assert (server.password, server.source, server.tls.cert_file) == (None, None, whole)
    # Beside a secret it is one more proof, and in place of one that cannot be read it is none.
    assert faults(**ways, **{f"{host}_password_command": "true"}) == []
    (unread,) = faults(**{**ways, f"{host}_password_file": "nowhere"})
    assert unread.startswith(f"{host.upper()}_PASSWORD_FILE: nowhere cannot be read")


def test_without_any_way_into_the_mailbox_all_are_named():
    (found,) = faults()
    for name in ("IMAP_PASSWORD", "IMAP_PASSWORD_FILE", "IMAP_PASSWORD_COMMAND"):
        assert name in found
    assert "IMAP_TOKEN_COMMAND" in found and "IMAP_CLIENT_CERT_FILE" in found
    with pytest.raises(ConfigurationError, match="IMAP_TOKEN_COMMAND"):
        check_mailbox(settings(**BASE))


@pytest.mark.parametrize("way", ["smtp_password", "smtp_password_command", "smtp_token_command"])
def test_on_smtp_a_name_and_its_secret_belong_together(way):
    for given in ({way: "x"}, {"smtp_username": "a"}):
        (found,) = faults(imap_password="x", **given)
        assert found.startswith("SMTP_USERNAME and SMTP_PASSWORD")


@pytest.mark.parametrize("host", ["smtp", "imap"])
def test_a_token_goes_in_the_clear_to_this_machine_alone(host):
    given = {"imap_token_command": "true", "smtp_username": "a", "smtp_token_command": "true"}
    (found,) = faults(**given, **{f"{host}_host": "mail.x.test"})
    assert found.startswith(f"{host.upper()}_SECURITY: a login without TLS")


# ---- commands


def test_a_commands_text_is_not_printed():
    given = settings(imap_token_command=f"curl -d client_secret={PASSWORD}")
    assert PASSWORD not in repr(given) and PASSWORD not in repr((imap_of(given), smtp_of(given)))


async def test_what_a_command_prints_is_kept_for_all_who_log_in(tmp_path):
    helper = HelperCommand(tmp_path)
    helper.prints(ACCESS_TOKEN)
    given = settings(imap_token_command=helper.command, smtp_token_command=helper.command)
    for _ in range(3):
        for server in (imap_of(given), smtp_of(given)):
            assert server.source is not None
            assert (await server.source.credential()).text == ACCESS_TOKEN
    assert helper.runs == 2  # one a protocol: their tokens may have different scopes


async def test_no_line_of_the_log_holds_what_a_command_has_printed(tmp_path):
    helper = HelperCommand(tmp_path)
    given = settings(imap_token_command=helper.command, smtp_password_command="echo short")
    formatter = logs.Formatter((), lambda: logs.printed_secrets(given))
    record = logging.makeLogRecord({"msg": f"a short line with {ACCESS_TOKEN}"})
    helper.prints(ACCESS_TOKEN)
    for server in (imap_of(given), smtp_of(given)):
        assert server.source is not None
        await server.source.credential()
    assert formatter.format(record).endswith(": a short line with <secret>")


# ---- TLS


def test_files_of_tls_are_looked_at_before_anything_else(tmp_path):
    authority = Authority(tmp_path)
    certificate, key = authority.issue("client")
    other, _ = authority.issue("other")
    whole = {"imap_password": "x", "smtp_security": "tls", "imap_security": "tls"}
    good = {"ca_file": authority.certificate, "client_cert_file": certificate}
    for host in ("smtp", "imap"):
        name = host.upper()

        def found(host=host, **files: object) -> list[str]:
            return faults(**whole, **{f"{host}_{file}": path for file, path in files.items()})

        assert found(**good, client_key_file=key) == []
        assert found(ca_file="nowhere") == [
            f"{name}_CA_FILE: nowhere cannot be read: No such file or directory"
        ]
        (mismatch,) = found(client_cert_file=other, client_key_file=key)
        assert mismatch.startswith(f"{name}_CLIENT_KEY_FILE: the key does not fit")
        assert found(client_key_file=key) == [
            f"{name}_CLIENT_CERT_FILE is not set, but {name}_CLIENT_KEY_FILE is"
        ]


def test_files_of_tls_without_tls_are_a_contradiction(tmp_path):
    given = {"imap_password": "x", "imap_ca_file": "a", "imap_client_cert_file": "b"}
    named = "IMAP_CA_FILE, IMAP_CLIENT_CERT_FILE"
    assert faults(**given) == [f"{named}: of no use without TLS (IMAP_SECURITY=none)"]
    assert faults("agent", **given) == []


# ---- the process


def start(**given: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "worker.py")]
    whole = {**WHOLE, "APPROVAL_SECRET": APPROVAL_SECRET, **given}
    environ = {"PATH": os.environ["PATH"], **whole}
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60)


def test_a_worker_names_each_fault_in_a_line_and_ends_with_2():
    text = write("text", "no certificate\n")
    ended = start(
        IMAP_TOKEN_COMMAND="true",
        IMAP_CA_FILE=text,
        SMTP_USERNAME="agent",
        SMTP_PASSWORD_FILE="nowhere",
        OPENAI_API_KEY="",
        OPENAI_API_KEY_FILE=write("empty", ""),
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.splitlines() == [
        "error: IMAP_PASSWORD, IMAP_TOKEN_COMMAND: set only one of them",
        "error: IMAP_CA_FILE: text holds no certificate in PEM",
        "error: OPENAI_API_KEY_FILE: empty is empty",
        "error: SMTP_PASSWORD_FILE: nowhere cannot be read: No such file or directory",
    ]
