"""The demo's watch: every event once, and up to when all of them are known."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.service import RPCError, RPCStatusCode

from demo.watch import PATIENCE, Watch


def event(number, kind, **fields):
    return {"n": number, "at": "2026-11-23T07:00:00Z", "kind": kind, **fields}


class Workflows:
    """Answers `audit_trail` of some workflows as a client would."""

    def __init__(self, **trails):
        self.trails = {name.replace("_", "-"): events for name, events in trails.items()}
        self.id = ""

    def get_workflow_handle(self, workflow_id):
        other = Workflows()
        other.trails, other.id = self.trails, workflow_id
        return other

    async def query(self, name, after, rpc_timeout):
        await asyncio.sleep(0)
        found = self.trails.get(self.id, RPCStatusCode.NOT_FOUND)
        if isinstance(found, RPCStatusCode):
            raise RPCError("no", found, b"")
        return {"events": [e for e in found if e["n"] > after], "next": None}


def watch(workflows):
    told: list[tuple[str, int]] = []
    known: list[datetime] = []
    watching = Watch(workflows, "run", lambda label, e: told.append((label, e["n"])), known.append)
    return watching, told, known


async def test_an_approval_is_followed_as_soon_as_it_is_named():
    started = event(1, "approval_started", request_id="AR-1")
    workflows = Workflows(run=[started], approval_AR_1=[event(1, "requested")])
    watching, told, _ = watch(workflows)
    await watching.poll()
    assert told == [("agent", 1), ("AR-1", 1)]
    workflows.trails["run"].append(event(2, "ended"))
    await watching.poll()
    assert told[2:] == [("agent", 2)]


async def test_two_polls_at_once_tell_an_event_once():
    watching, told, _ = watch(Workflows(run=[event(1, "started")]))
    await asyncio.gather(watching.poll(), watching.poll())
    assert told == [("agent", 1)]


@pytest.mark.parametrize(
    ("answer", "patience"),
    [
        ([], timedelta()),
        (RPCStatusCode.NOT_FOUND, timedelta()),
        (RPCStatusCode.DEADLINE_EXCEEDED, PATIENCE),
    ],
    ids=["all known", "not started yet", "no answer"],
)
async def test_what_happened_before_a_poll_is_known_unless_somebody_did_not_answer(
    answer, patience
):
    watching, _, known = watch(Workflows(run=answer))
    before = datetime.now(UTC)
    await watching.poll()
    assert before - patience <= known[-1] <= datetime.now(UTC) - patience
