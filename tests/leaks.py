"""After every test: whether what it wrote holds a secret, a token or a body of those planted.

Looked at are the records of all loggers, as a worker at LOG_LEVEL=DEBUG would write them; the logs
of the processes that a test has started; and its own output, unless the test shows mail on
purpose and says why: `@pytest.mark.shows_mail("reason")`. Nothing excuses a log.
"""

import logging
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from agent import logs
from tests.planted import SECRETS, planted_in, secrets_in

MARKER = "shows_mail"
# Of the mail servers that share the process with a test: what they say of mail is theirs.
_SERVERS = ("mail.log", "mail.debug", "pymap")
_SERVER_LOGS = {"server.log", "temporal.log", "dovecot.log"}


class Records(logging.Handler):
    """Looks into every record at once and keeps only what was found, never the text."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._found: dict[str, None] = {}
        self._written = logs.Formatter()

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(_SERVERS):
            return
        # Before the worker's formatter has cut tokens out: that is the last line of defence.
        text = logs.said(record)
        if record.exc_info:
            text += self._written.formatException(record.exc_info)
        for name in planted_in(text):
            self._found[f"{name} (logger {record.name}, {record.levelname})"] = None

    def take(self) -> list[str]:
        found, self._found = list(self._found), {}
        return found


class Files:
    """Logs of processes: every `.log` that a test opens for one to write into, by whatever means,
    so that none can be forgotten."""

    def __init__(self) -> None:
        self._read: dict[Path, int] = {}

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open" or not isinstance(arguments[0], str):
            return
        path, mode = arguments[0], arguments[1] or ""
        if path.endswith(".log") and mode[:1] in ("w", "a") and _ours(path):
            log = Path(path).absolute()
            # One that is begun anew is read anew.
            self._read[log] = 0 if mode[0] == "w" else self._read.get(log, 0)

    def take(self) -> list[str]:
        found = []
        for path, start in list(self._read.items()):
            new = _from(path, start)
            # A line may not be whole yet: it is looked at again.
            self._read[path] = start + new.rfind(b"\n") + 1
            found += [f"{name} ({path.name})" for name in planted_in(new.decode(errors="replace"))]
        return found


def _ours(path: str) -> bool:
    return os.path.basename(path) not in _SERVER_LOGS


def _from(path: Path, start: int) -> bytes:
    try:
        if path.stat().st_size == start:
            return b""
        with path.open("rb") as log:
            log.seek(start)
            return log.read()
    except FileNotFoundError:
        return b""


class Leaks:
    """The hook: a test that passed and wrote what it may not has failed."""

    def __init__(self) -> None:
        self.records = Records()
        self.files = Files()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        report: pytest.TestReport = yield
        found = [*self.records.take(), *self.files.take(), *_printed(report, _look(item))]
        if found and not report.failed:
            report.outcome = "failed"
            report.longrepr = f"written where anybody may read it: {', '.join(found)}"
        return report


def _look(item: pytest.Item) -> Callable[[str], Iterable[str]]:
    marker = item.get_closest_marker(MARKER)
    if marker is None or not marker.args:  # whoever gives no reason has none
        return planted_in
    return lambda text: [name for name in secrets_in(text) if name in SECRETS]


def _printed(report: pytest.TestReport, look: Callable[[str], Iterable[str]]) -> list[str]:
    return [
        f"{name} ({title})"
        for title, text in report.sections
        if title.startswith("Captured std") and title.endswith(report.when or "")
        for name in look(text)
    ]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{MARKER}(reason): prints tokens or bodies on purpose")
    leaks = Leaks()
    config.pluginmanager.register(leaks, "leaks")
    sys.addaudithook(leaks.files)
    # As a worker does before anything else.
    logs.hold_back()
    root = logging.getLogger()
    root.addHandler(leaks.records)
    root.setLevel(logging.DEBUG)
