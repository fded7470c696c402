"""What a worker writes into its log, whoever has something to say: libraries, errors, settings."""

import asyncio
import logging
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError
from temporalio.exceptions import ApplicationError

from agent.logs import Formatter, secrets_of
from agent.models import ApprovalDecision
from mail.errors import MailUnavailable
from tests.planted import APPROVAL_SECRET, MODEL_KEY, NOTE, PASSWORD
from tests.unit.agent_samples import settings

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "ar-7k2m9qxd4t.abcdefghijklmnopqrstuvwxyz23"
SECRETS = {
    "smtp_password": PASSWORD,
    "openai_api_key": MODEL_KEY,
    "approval_secret": f"{'n' * 32}, {APPROVAL_SECRET}",
}
WRITING = """
import logging
from agent import logs
from tests.unit.agent_samples import settings
logs.set_up(settings(log_level="{level}"))
for name in ("worker", "agent.late", "mail.x", "temporalio.activity", "temporalio.workflow",
             "temporalio.worker._activity", "openai._base_client", "httpx2", "httpcore2.http11",
             "asyncio", "some.library"):
    for level in (10, 20, 30, 40):
        logging.getLogger(name).log(level, "x")
"""


def written(name: str, *said: object, error: BaseException | None = None) -> str:
    failed = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(name, logging.ERROR, "", 0, said[0], said[1:], failed)
    return Formatter(secrets_of(settings(**SECRETS))).format(record)


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    try:
        raise error from cause
    except Exception as caught:
        return caught


@pytest.mark.parametrize(
    ("level", "ours", "theirs"), [("DEBUG", 10, 20), ("INFO", 20, 20), ("ERROR", 40, 40)]
)
def test_libraries_say_nothing_below_info_and_those_that_tell_bodies_less(level, ours, theirs):
    command = [sys.executable, "-c", WRITING.format(level=level)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    heard: dict[str, int] = {}
    for line in done.stderr.splitlines():
        name = line.split()[3].rstrip(":")
        heard.setdefault(name, logging.getLevelNamesMapping()[line.split()[2]])
    said_by_us = ("worker", "agent.late", "mail.x", "temporalio.activity", "temporalio.workflow")
    http = ("openai._base_client", "httpx2", "httpcore2.http11")
    assert heard == {
        **dict.fromkeys(said_by_us, ours),
        **dict.fromkeys(("temporalio.worker._activity", "some.library"), theirs),
        **dict.fromkeys(http, max(theirs, 30)),
        "asyncio": 40,
    }


def test_no_line_holds_a_secret_of_the_settings_or_a_token():
    line = written("some.library", "%s %s %s to agent+%s@x", *SECRETS.values(), TOKEN)
    assert line.endswith("<secret> <secret> <secret> to agent+ar-7k2m9qxd4t.<token>@x")
    alone = written("x", "%s", APPROVAL_SECRET)
    assert alone.endswith("x: <secret>")


def test_a_short_password_does_not_make_the_log_unreadable():
    assert secrets_of(settings(smtp_password="demo", openai_api_key="none")) == (APPROVAL_SECRET,)


def test_an_error_is_told_by_its_names_and_places_and_not_by_its_words():
    cause = raised(KeyError(NOTE))
    group = ExceptionGroup(NOTE, [raised(OSError(NOTE))])
    for error in (ValueError(NOTE), group, ApplicationError(NOTE, type="ModelRefused")):
        line = written("temporalio.activity", "it failed", error=raised(error, cause))
        assert NOTE not in line
        for told in ("it failed", "KeyError", type(error).__name__, "test_logs.py", "in raised"):
            assert told in line
    assert "(ModelRefused)" in line
    assert "OSError" in written("x", "it failed", error=raised(group))


def test_an_error_that_caused_itself_is_told_once():
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert written("x", "it failed", error=first).count("ValueError") == 1


def test_what_a_mail_server_has_said_is_told_with_the_error():
    line = written("x", "it failed", error=raised(MailUnavailable("451 Later, says\r\nthe server")))
    assert line.endswith("mail.errors.MailUnavailable: 451 Later, says the server")


async def test_a_task_that_nobody_awaits_is_told_without_what_it_failed_with(caplog):
    async def fails():
        raise ValueError(NOTE)

    task = asyncio.ensure_future(fails())
    await asyncio.wait([task])
    context = {"message": "Task exception was never retrieved", "future": task}
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(Formatter().format(record))  # type: ignore[method-assign]
    logging.getLogger("asyncio").addHandler(handler)
    try:
        asyncio.get_running_loop().default_exception_handler(context)
    finally:
        logging.getLogger("asyncio").removeHandler(handler)
    assert len(lines) == 1 and "never retrieved" in lines[0] and NOTE not in lines[0]
    assert isinstance(task.exception(), ValueError)


def test_what_does_not_fit_a_message_is_not_repeated():
    wrong = {"request_id": "x", "approved": NOTE, "reviewer_notes": [NOTE]}
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(ApprovalDecision).validate_python(wrong)
    assert "approved" in str(caught.value)
    assert NOTE not in str(caught.value)
