"""Waiting through outages of Temporal: asked again, said once, given up on in the end."""

from types import SimpleNamespace
from typing import Any

import pytest
from temporalio.service import RPCError, RPCStatusCode

from agent import following, starting


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    """Time passes by what is slept; nothing is waited for."""
    clock = SimpleNamespace(now=1_000.0, pauses=[])

    async def sleep(seconds):
        clock.now += seconds
        clock.pauses.append(seconds)

    loop = SimpleNamespace(time=lambda: clock.now)
    parts = SimpleNamespace(sleep=sleep, get_running_loop=lambda: loop)
    monkeypatch.setattr(following, "asyncio", parts)
    return clock


def failing(times: int, status: RPCStatusCode = RPCStatusCode.UNAVAILABLE):
    left = [times]

    async def ask():
        left[0] -= 1
        if left[0] >= 0:
            raise RPCError("connection refused", status, b"")
        return "answer"

    return ask


async def test_an_outage_is_sat_out_with_ever_longer_pauses_and_one_line(capsys, no_pauses):
    assert await following.patiently(failing(6)) == "answer"
    assert no_pauses.pauses == [1, 2, 4, 8, 15, 15]
    (line,) = capsys.readouterr().err.splitlines()
    assert line == "Temporal does not answer (UNAVAILABLE): waiting until it does"


async def test_a_later_outage_is_one_of_its_own(capsys, no_pauses):
    refused = failing(2)

    async def ask():
        no_pauses.now += 3_600
        return await refused()

    assert await following.patiently(ask, patience_seconds=60) == "answer"
    assert len(capsys.readouterr().err.splitlines()) == 2


async def test_patience_has_an_end():
    with pytest.raises(RPCError):
        await following.patiently(failing(1_000), patience_seconds=600)


@pytest.mark.parametrize("status", [RPCStatusCode.NOT_FOUND, RPCStatusCode.UNAUTHENTICATED])
async def test_what_will_not_pass_is_not_waited_for(status, no_pauses):
    with pytest.raises(RPCError):
        await following.patiently(failing(1, status))
    assert no_pauses.pauses == []


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (RPCStatusCode.UNAVAILABLE, "start_workflow.py 'Cancel order 1042' --id key-1"),
        (RPCStatusCode.NOT_FOUND, ""),
    ],
)
async def test_whoever_gives_up_says_how_to_come_back_if_there_is_something(
    monkeypatch, capsys, status, said
):
    async def gone(client, handle):
        raise RPCError("gone", status, b"")

    monkeypatch.setattr(starting, "follow", gone)
    handle: Any = SimpleNamespace(id="human-in-the-loop-key-1")
    client: Any = None
    with pytest.raises(RPCError):
        await starting._wait(client, handle, "Cancel order 1042")
    assert said in capsys.readouterr().err


def test_a_long_request_is_not_printed_again(capsys):
    starting._say_how_to_come_back("human-in-the-loop-key-1", "x" * 300)
    said = capsys.readouterr().err
    assert "start_workflow.py - --id key-1, with the same request on standard input" in said
