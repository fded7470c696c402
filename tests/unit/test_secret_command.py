"""Commands that print secrets, run for real: shared, asked again in time, and never waited for
without end."""

import asyncio
import os
import traceback

import pytest

from mail import secret_command
from mail.credentials import Certificate, Credential, Password, Token
from mail.errors import MailAuth, MailError, MailUnavailable
from mail.secret_command import SecretCommand
from mail.secret_source import with_credential
from tests.helper_command import HelperCommand
from tests.planted import ACCESS_TOKEN, PASSWORD, secrets_in
from tests.waiting import until

OTHER = "another-token-2"
TIME_LIMIT = 0.5


@pytest.fixture
def helper(tmp_path) -> HelperCommand:
    return HelperCommand(tmp_path)


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(secret_command, "COMMAND_SECONDS", TIME_LIMIT)


def token_command(command: str) -> SecretCommand:
    return SecretCommand("IMAP_TOKEN_COMMAND", command, "token")


def password_command(command: str) -> SecretCommand:
    return SecretCommand("IMAP_PASSWORD_COMMAND", command, "password")


async def fault_of(command: SecretCommand) -> MailError:
    with pytest.raises(MailError) as caught:
        async with asyncio.timeout(10):
            await command.credential()
    assert "\n" not in str(caught.value)
    assert secrets_in("".join(traceback.format_exception(caught.value))) == []
    return caught.value


async def test_the_shell_runs_it():
    assert await password_command("printf '%s' \"$((40 + 2))\" | cat").credential() == Password(
        "42"
    )
    assert await token_command("echo tok; echo more").credential() == Token("tok")


async def test_it_has_no_terminal_and_nothing_to_read():
    command = "cat; if (: < /dev/tty) 2> /dev/null; then echo terminal; else echo none; fi"
    assert await password_command(command).credential() == Password("none")


async def test_all_that_log_in_share_one_run(helper):
    helper.prints(ACCESS_TOKEN)
    command = token_command(f"sleep 0.2; {helper.command}")
    given = await asyncio.gather(*(command.credential() for _ in range(20)))
    assert set(given) == {Token(ACCESS_TOKEN)}
    assert await command.credential() == Token(ACCESS_TOKEN)
    assert helper.runs == 1


async def test_a_failed_run_is_shared_and_the_next_one_is_new(helper):
    command = token_command(f"sleep 0.2; {helper.command} && [ -e ready ]")
    helper.prints(ACCESS_TOKEN)
    results = await asyncio.gather(
        *(command.credential() for _ in range(5)), return_exceptions=True
    )
    assert {type(result) for result in results} == {MailUnavailable}
    assert helper.runs == 1
    await fault_of(command)
    assert helper.runs == 2


async def test_who_is_called_off_does_not_call_off_the_others(helper):
    helper.prints(ACCESS_TOKEN)
    command = token_command(f"sleep 0.2; {helper.command}")
    first, second = (asyncio.create_task(command.credential()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == Token(ACCESS_TOKEN)
    assert first.cancelled() and helper.runs == 1


async def test_a_token_is_asked_for_again_before_its_end_and_a_password_is_not(helper):
    helper.prints(f'{{"access_token": "{ACCESS_TOKEN}", "expires_in": 3600}}', OTHER)
    clock = [100.0]
    command = SecretCommand("X", helper.command, "token", lambda: clock[0])
    assert await command.credential() == Token(ACCESS_TOKEN)
    clock[0] += 3_539
    assert await command.credential() == Token(ACCESS_TOKEN)
    clock[0] += 2
    assert await command.credential() == Token(OTHER)
    assert helper.runs == 2

    helper.prints(PASSWORD)
    password = SecretCommand("X", helper.command, "password", lambda: clock[0])
    await password.credential()
    clock[0] += 10 * 365 * 86_400
    assert await password.credential() == Password(PASSWORD)
    assert helper.runs == 3


@pytest.mark.parametrize("command", ["exit 3", "echo tok; exit 3", "(exit 3)"])
async def test_a_command_that_fails_is_worth_another_try(command):
    fault = await fault_of(token_command(command))
    assert (type(fault), str(fault)) == (
        MailUnavailable,
        "IMAP_TOKEN_COMMAND: the command ended with 3",
    )


async def test_what_it_complains_of_is_told_without_a_secret(helper):
    helper.prints(PASSWORD)
    command = password_command(
        f"{helper.command}; echo first >&2; echo 'no route with {PASSWORD} to host' >&2; exit 1"
    )
    fault = await fault_of(command)
    said = "IMAP_PASSWORD_COMMAND: the command ended with 1: no route with <secret> to host"
    assert str(fault) == said


async def test_nor_one_that_it_has_printed_before(helper):
    helper.prints("tok-1234", "")
    command = token_command(
        f"{helper.command}; [ -s $n ] || {{ echo revoked: tok-1234 >&2; exit 1; }}"
    )
    used = await command.credential()
    with pytest.raises(MailUnavailable, match="ended with 1: revoked: <secret>$"):
        await command.renewed(used)


async def test_a_command_that_is_not_there_is_for_people_to_mend(tmp_path):
    fault = await fault_of(token_command("no-such-helper --token"))
    assert type(fault) is MailAuth
    assert "ended with 127" in str(fault) and "no-such-helper: not found" in str(fault)
    (tmp_path / "plain").touch()
    assert type(await fault_of(token_command(str(tmp_path / "plain")))) is MailAuth


@pytest.mark.parametrize("command", ["true", "echo", "printf '\\n%s' x"])
async def test_a_command_that_prints_nothing_is_worth_another_try(command):
    for made in (token_command, password_command):
        fault = await fault_of(made(command))
        assert type(fault) is MailUnavailable
        assert str(fault).endswith("_COMMAND: it printed nothing")


async def test_a_consent_that_was_taken_back_is_for_people_to_mend():
    fault = await fault_of(token_command("""echo '{"error": "invalid_grant"}'"""))
    assert type(fault) is MailAuth
    assert str(fault) == "IMAP_TOKEN_COMMAND: it was answered invalid_grant"


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "hanging",
    [
        "sleep 60",
        "echo tok; exec sleep 60",
        # In the background, and the output is open for as long.
        "echo tok; sleep 60 &",
        "trap '' TERM; sleep 60; echo",
    ],
)
async def test_a_command_that_hangs_is_ended_with_all_that_it_has_started(tmp_path, hanging):
    pid = tmp_path / "pid"
    fault = await fault_of(token_command(f"echo $$ > '{pid}'; {hanging}"))
    assert type(fault) is MailUnavailable
    assert "no answer within" in str(fault)
    await ended(int(pid.read_text()))


async def test_a_command_is_ended_where_the_worker_leaves(tmp_path):
    pid = tmp_path / "pid"
    command = token_command(f"echo $$ > '{pid}'; sleep 60; echo")
    asking = asyncio.create_task(command.credential())

    async def started() -> bool:
        return pid.exists() and bool(pid.read_text())

    await until(started, "the command's process")
    assert command._running is not None
    command._running.cancel()
    await asyncio.wait([asking])
    await ended(int(pid.read_text()))


async def test_output_without_end_takes_no_memory_and_no_more_than_its_time(impatient):
    fault = await fault_of(token_command("while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done"))
    assert "no answer within" in str(fault)


async def test_what_comes_beyond_any_secret_is_dropped():
    command = password_command(
        "echo pass; head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2"
    )
    assert await command.credential() == Password("pass")


async def test_the_command_itself_is_not_told():
    fault = await fault_of(token_command(f"exit 3 # {PASSWORD}"))
    assert PASSWORD not in str(fault)


def attempts(*refused: str):
    """A server that lets in whoever does not come with one of these."""
    tried: list[str] = []

    async def attempt(credential: Credential) -> str:
        assert not isinstance(credential, Certificate)
        tried.append(credential.text)
        if credential.text in refused:
            raise MailAuth("no")
        return credential.text

    return tried, attempt


async def test_after_a_refusal_the_command_is_asked_once_more(helper):
    helper.prints(ACCESS_TOKEN, OTHER)
    command = token_command(helper.command)
    tried, attempt = attempts(ACCESS_TOKEN)
    assert await with_credential(None, command, attempt) == OTHER
    assert tried == [ACCESS_TOKEN, OTHER]
    assert await with_credential(None, command, attempt) == OTHER
    assert helper.runs == 2


async def test_a_second_refusal_is_final(helper):
    helper.prints("a", "b", "c")
    tried, attempt = attempts("a", "b", "c")
    with pytest.raises(MailAuth):
        await with_credential(None, token_command(helper.command), attempt)
    assert tried == ["a", "b"]


async def test_the_same_is_not_tried_twice(helper):
    helper.prints(PASSWORD)
    tried, attempt = attempts(PASSWORD)
    with pytest.raises(MailAuth):
        await with_credential(None, password_command(helper.command), attempt)
    assert (tried, helper.runs) == ([PASSWORD], 2)


async def test_what_others_have_asked_for_since_is_taken_without_another_run(helper):
    helper.prints(ACCESS_TOKEN, OTHER)
    command = token_command(helper.command)
    used = await command.credential()
    assert await command.renewed(used) == await command.renewed(used) == Token(OTHER)
    assert helper.runs == 2


async def test_a_fixed_password_is_tried_once():
    tried, attempt = attempts(PASSWORD)
    with pytest.raises(MailAuth):
        await with_credential(PASSWORD, None, attempt)
    assert tried == [PASSWORD]


async def ended(pid: int) -> None:
    """The whole group: its number is that of the shell."""

    async def gone() -> bool:
        try:
            os.killpg(pid, 0)
        except ProcessLookupError:
            return True
        return False

    await until(gone, "the end of the command")
