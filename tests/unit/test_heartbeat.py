"""Whoever waits for somebody else's server shows that it is alive; who is lost is soon missed."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment

from agent import options
from agent.activities.heartbeat import BEAT_SECONDS
from agent.activities.notify import NotifyActivities
from agent.activities.propose import ProposeActivities, make_client
from agent.jobs import AnswerInput, AnswerKind, NotifyInput, ProposeInput, TellInput
from agent.tools.registry import Registry, collect
from agent.tools.shop import Shop
from tests.unit.agent_samples import APPROVER, ASKED, REQUESTER, request, settings
from tests.unit.smtp_server import ScriptedSmtp

ASKING = NotifyInput(request=request(), approver=APPROVER, stage=0)
ANSWERING = AnswerInput(
    request=request(), stage=0, to=APPROVER, kind=AnswerKind.HELP, key="1", at=ASKED
)
TELLING = TellInput(workflow_id="w", to=REQUESTER, user_request="x", result="y", at=ASKED)


async def beats(activity, job) -> None:
    """Runs it until it has beaten thrice; the server that it waits for never answers."""
    environment, beaten = ActivityEnvironment(), asyncio.Semaphore(0)
    environment.on_heartbeat = lambda *_: beaten.release()
    running = asyncio.create_task(environment.run(activity, job))
    async with asyncio.timeout(10):
        for _ in range(3):
            await beaten.acquire()
    assert not running.done()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr("agent.activities.heartbeat.BEAT_SECONDS", 0.01)


@pytest.mark.parametrize(
    ("name", "job"), [("notify", ASKING), ("answer", ANSWERING), ("tell", TELLING)]
)
async def test_mail_that_a_server_does_not_take_beats_meanwhile(name, job):
    async with ScriptedSmtp({"DATA": None}) as server:
        await beats(getattr(NotifyActivities(settings(smtp_port=server.port)), name), job)


async def test_a_model_that_thinks_is_waited_for_with_beats():
    registry = Registry(collect(Shop(Path("never-opened"))))
    # Whatever accepts a connection and says nothing: this one would, to a client of its own kind.
    async with (
        ScriptedSmtp({"CONNECT": None}) as server,
        make_client("key", f"http://127.0.0.1:{server.port}/v1") as client,
    ):
        activity = ProposeActivities(client, "demo", registry).propose
        await beats(activity, ProposeInput(user_request="x"))


@pytest.mark.parametrize("name", ["PROPOSE", "NOTIFY", "ANSWER", "TELL"])
def test_a_lost_worker_is_missed_long_before_its_step_would_end(name):
    given = getattr(options, name)
    silence, beat = given["heartbeat_timeout"], timedelta(seconds=BEAT_SECONDS)
    assert 3 * beat <= silence < given["start_to_close_timeout"] / 4
