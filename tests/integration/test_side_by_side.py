"""Two agents with a mailbox each, on one mail server and one Temporal: neither reads or counts
what is the other's."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import NamedTuple

import pytest
import pytest_asyncio

from agent.tools.shop import Shop
from demo.model import ScriptedModel
from tests.integration.conftest import environment
from tests.integration.office import Mail, Office
from tests.integration.run import APPROVER
from tests.servers import every_server

pytestmark = [every_server, pytest.mark.asyncio(loop_scope="module")]


class Both(NamedTuple):
    one: Office
    other: Office


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def both(temporal, tmp_path_factory, imap) -> AsyncIterator[Both]:
    """Each with a queue, a secret and a worker of its own; they share the people."""
    agents = [f"agent-{secrets.token_hex(4)}@demo.test" for _ in range(2)]
    async with Mail(agents[0], imap, agents[1]) as mail, ScriptedModel() as model:
        offices = []
        for agent in agents:
            directory = tmp_path_factory.mktemp("office")
            Shop(directory / "shop.sqlite3").prepare()
            environ = environment(temporal, mail, agent, model.base_url, directory, imap)
            environ["APPROVAL_SECRET"] += agent
            offices.append(Office(temporal, mail, model, directory, agent, environ))
        async with offices[0].worker(), offices[1].worker():
            yield Both(*offices)


async def test_each_gets_its_own_replies_alone(both):
    asked = [(office, *await office.asked()) for office in both]
    for number, (office, _, letter) in enumerate(asked):
        await office.reply(letter, f"APPROVE\n\nbook it on cost centre 471{number}")
    for number, (office, run, _) in enumerate(asked):
        assert (await run.result()).startswith("Action completed successfully")
        assert len(run.effects()) == 1
        await office.in_folder("Processed", b"cost centre 471%d" % number)
    for number, office in enumerate(reversed(both)):
        for folder in ("INBOX", "Processed", "Unmatched", "Quarantine"):
            messages = await office.mail.messages(office.agent, folder)
            assert not any(b"cost centre 471%d" % number in raw for raw in messages)


@pytest.mark.parametrize("plus", [True, False])
async def test_a_reply_that_reaches_the_others_mailbox_counts_nowhere_and_is_kept(both, plus):
    run, letter = await both.one.asked()
    text = f"went astray {plus}"
    to = letter.reply_to.replace(both.one.agent.split("@")[0], both.other.agent.split("@")[0])
    astray = replace(letter, reply_to=to if plus else both.other.agent)
    await both.other.reply(astray, f"APPROVE\n\n{text}")
    await both.other.in_folder("Unmatched", text.encode())
    assert (await run.approval.query("status"))["status"] == "waiting"
    assert await run.events("vote") == []
    # Its mailbox knows no such token, and the approval's trail shows that somebody tried.
    assert [event["notice"] for event in await run.events("notice")] == ["refused"]
    await both.one.reply(letter, "REJECT")
    assert await run.outcome() == "rejected"
    assert run.effects() == []
    assert await run.letters(APPROVER, "could not be counted") == []
