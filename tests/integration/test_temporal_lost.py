"""Temporal itself is lost, and comes back with its database, while replies arrive."""

import secrets
from contextlib import AsyncExitStack

import pytest

from agent.tools.shop import Shop
from demo.model import ScriptedModel
from tests.integration.conftest import environment
from tests.integration.office import Mail, Office
from tests.integration.run import APPROVER
from tests.waiting import logged

pytestmark = pytest.mark.timeout(240)


async def test_replies_that_arrive_while_temporal_is_away_count_once_when_it_is_back(
    temporal_process, tmp_path
):
    Shop(tmp_path / "shop.sqlite3").prepare()
    agent = f"agent-{secrets.token_hex(4)}@demo.test"
    async with Mail(agent) as mail, ScriptedModel() as model, AsyncExitStack() as stack:
        async with temporal_process.running() as temporal:
            environ = environment(temporal, mail, agent, model.base_url, tmp_path, None)
            office = Office(temporal, mail, model, tmp_path, agent, environ)
            worker = await stack.enter_async_context(office.worker())
            yes, first = await office.asked()
            no, second = await office.asked()
            await yes.event("mail_sent")
            await no.event("mail_sent")
            await temporal_process.kill()
        await office.reply(first, "APPROVE")
        await logged(worker, "inbox not read, next try")
        await office.reply(second, "REJECT")
        async with temporal_process.running():
            assert (await yes.result()).startswith("Action completed successfully")
            assert (await no.result()).startswith("Action rejected")
            for run, effects in ((yes, 1), (no, 0)):
                assert len(run.effects()) == effects
                assert len(await run.requests(APPROVER)) == 1
                assert len(await run.letters(APPROVER, "Your decision was recorded")) == 1
                assert len(await run.events("vote")) == 1
            await office.inbox_empty()
            assert worker.process.returncode is None
            await stack.aclose()
