"""`python -m agent doctor` in an office, and what it leaves there."""

import json
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from agent.doctor.configuration import load
from agent.doctor.examination import examine, exit_code
from agent.doctor.show import Silent
from agent.doctor.steps import Wishes, steps_of
from agent.tools.shop import Shop
from demo.model import ScriptedModel
from tests.integration.conftest import environment
from tests.integration.office import APPROVER2, REQUESTER, STRANGER, Finished, Office
from tests.integration.relay import Relay
from tests.integration.run import APPROVER
from tests.planted import secrets_in

AGENT = "agent@demo.test"
FOLDERS = ("INBOX", "Processed", "Unmatched", "Quarantine")
Row = dict[str, Any]


async def doctor(office: Office, *options: str, **changes: str) -> Finished:
    """The command, as a process."""
    return await office.run("-m", "agent", "doctor", *options, **changes)


def by_check(finished: Finished) -> dict[str, Row]:
    return _by_check(json.loads(finished.out))


async def rows(
    office: Office, *, code=0, send=True, wait=60.0, role="all", **changes
) -> dict[str, Row]:
    """The same without a process of its own, by check: what is found ends with `code`."""
    with _environ({**office.environ, **changes}, office):
        known = load(role)
        steps = steps_of(known, Wishes(role, send, wait, lambda text: None))
        findings = await examine(steps, known.wrong, Silent(), debug=True)
    found = [finding.as_json() for finding in findings]
    assert exit_code(findings) == code, found
    # Before anything is masked.
    assert not secrets_in(json.dumps(found))
    return _by_check(found)


def _by_check(found: list[Row]) -> dict[str, Row]:
    assert all(row["detail"] for row in found)
    assert all(row["advice"] for row in found if row["state"] in ("failed", "warning"))
    assert all("\n" not in row["detail"] + row["advice"] for row in found)
    names = [row["check"] for row in found]
    assert len(set(names)) == len(names), "two findings of one check"
    return {row["check"]: row for row in found}


@contextmanager
def _environ(environ: Mapping[str, str], office: Office) -> Iterator[None]:
    before, here = dict(os.environ), os.getcwd()
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(office.directory)
    try:
        yield
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)


def states(found: dict[str, Row], state: str) -> set[str]:
    return {check for check, row in found.items() if row["state"] == state}


@asynccontextmanager
async def relaying(temporal, directory, *changes) -> AsyncIterator[Office]:
    async with Relay(AGENT, *changes) as mail, ScriptedModel() as model:
        environ = environment(temporal, mail, AGENT, model.base_url, directory, None)
        Shop(directory / "shop.sqlite3").prepare()
        yield Office(temporal, mail, model, directory, AGENT, environ)


async def only(office, check, *, code=1, **changes):
    """The one finding that failed."""
    found = await rows(office, code=code, **changes)
    assert states(found, "failed") == {check}
    return found[check]


async def all_mail(office: Office) -> list[bytes]:
    """Whatever lies in any mailbox."""
    people = [APPROVER, APPROVER2, REQUESTER, STRANGER]
    mail = [await office.mail.messages(office.agent, folder) for folder in FOLDERS]
    mail += [await office.mail.messages(person) for person in people]
    return [raw for messages in mail for raw in messages]
