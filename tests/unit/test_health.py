"""What is said of a worker by the age of its file, and when the worker touches it."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from temporalio.service import RPCError, RPCStatusCode

from agent.errors import ConfigurationError
from agent.health import STALE_SECONDS, pulse_of
from agent.pulse import BEAT_SECONDS, Pulse
from tests.waiting import until

ROOT = Path(__file__).parents[2]
NOW = 1_800_000_000.0


def touched(path: Path, at: float) -> Path:
    path.touch()
    os.utime(path, (at, at))
    return path


@pytest.mark.parametrize(
    ("age", "alive"),
    [(0, True), (STALE_SECONDS, True), (STALE_SECONDS + 1, False), (-STALE_SECONDS - 1, False)],
)
def test_a_worker_is_alive_whose_file_was_touched_lately(tmp_path, age, alive):
    said = pulse_of(touched(tmp_path / "alive", NOW - age), NOW)
    assert said[0] is alive
    assert said[1].startswith("alive:") is alive


def test_without_a_file_no_worker_is_alive(tmp_path):
    alive, words = pulse_of(tmp_path / "alive", NOW)
    assert not alive
    assert "no worker is alive here" in words


def test_one_late_answer_is_no_death():
    assert 2 * BEAT_SECONDS < STALE_SECONDS


def asked(module: str, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={"PATH": os.defpath, **environ},
        capture_output=True,
        text=True,
    )


def test_both_commands_say_the_same_in_one_line(tmp_path):
    path = tmp_path / "alive"
    for code in (1, 0):
        probe = asked("agent.health", str(path))
        command = asked("agent", "health", HEALTH_FILE=str(path))
        assert probe.returncode == command.returncode == code, command.stderr
        assert len(probe.stdout.splitlines()) == len(command.stdout.splitlines()) == 1
        path.touch()


def test_wrong_usage_is_never_taken_for_health():
    assert asked("agent.health").returncode == 1
    unset = asked("agent", "health")
    assert (unset.returncode, unset.stderr) == (2, "error: HEALTH_FILE is not set\n")


def test_a_probe_loads_nothing_that_takes_time():
    heavy = "('agent', 'asyncio', 'pydantic', 'temporalio')"
    listing = f"import sys, agent.health; print(*(n for n in sys.modules if n.startswith({heavy})))"
    command = [sys.executable, "-c", listing]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ended.stdout.split() == ["agent", "agent.health"]


class Temporal:
    """Answers about task queues, or not."""

    namespace = "default"

    def __init__(self) -> None:
        self.error: RPCError | None = None
        self.asked = 0

    @property
    def workflow_service(self) -> Any:
        return SimpleNamespace(describe_task_queue=self._describe)

    async def _describe(self, request: Any, **options: Any) -> None:
        assert request.task_queue.name == "a-queue"
        self.asked += 1
        if self.error:
            raise self.error


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr("agent.pulse.BEAT_SECONDS", 0.01)


@pytest.mark.usefixtures("quick")
async def test_it_beats_while_temporal_answers_and_only_then(tmp_path):
    path, temporal = tmp_path / "alive", Temporal()
    client: Any = temporal
    pulse = Pulse(path)
    pulse.start(client, "a-queue")
    try:
        await until(lambda: asyncio.to_thread(path.exists), "a first beat")
        temporal.error = RPCError("gone", RPCStatusCode.UNAVAILABLE, b"")
        count = temporal.asked
        await until(lambda: asyncio.sleep(0, temporal.asked > count + 1), "two more questions")
        touched(path, NOW)
        count = temporal.asked
        await until(lambda: asyncio.sleep(0, temporal.asked > count + 2), "three more questions")
        assert path.stat().st_mtime == NOW
        temporal.error = None
        await until(lambda: asyncio.sleep(0, path.stat().st_mtime != NOW), "a beat again")
    finally:
        pulse.stop()
    assert not path.exists()


def test_the_file_of_a_worker_before_is_no_sign_of_this_one(tmp_path):
    path = tmp_path / "alive"
    path.touch()
    Pulse(path)
    assert not path.exists()


def test_a_file_that_cannot_be_is_a_fault_of_the_settings(tmp_path):
    with pytest.raises(ConfigurationError, match="HEALTH_FILE: .*No such file or directory"):
        Pulse(tmp_path / "nowhere" / "alive")
