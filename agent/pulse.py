"""A worker's pulse: it touches HEALTH_FILE as long as it is alive, for `agent.health` to look at.

Alive is a worker whose event loop runs, and whom Temporal answers about its own task queue: what
hangs, is cut off or has lost its permission touches nothing. A mail server that is away is none of
its faults, and nothing that a restart would mend.
"""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

from agent.errors import ConfigurationError

log = logging.getLogger(__name__)

BEAT_SECONDS = 20.0
ANSWER = timedelta(seconds=10)


class Pulse:
    """Without a path it does nothing."""

    def __init__(self, path: Path | None) -> None:
        """Raises ConfigurationError where such a file cannot be."""
        self._path = path
        self._beating: asyncio.Task[None] | None = None
        if path is None:
            return
        try:
            # That of a worker before us says nothing about us; and so we know that we may write.
            path.touch()
            path.unlink()
        except OSError as error:
            fault = f"HEALTH_FILE: {path} cannot be written: {error.strerror}"
            raise ConfigurationError([fault]) from error

    def start(self, client: Client, queue: str) -> None:
        """From the moment on when Temporal has been reached, whatever the start still waits for."""
        if self._path is not None:
            self._beating = asyncio.create_task(self._beat(self._path, client, queue))

    def stop(self) -> None:
        if self._beating is not None:
            self._beating.cancel()
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    async def _beat(self, path: Path, client: Client, queue: str) -> None:
        request = DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
        while True:
            try:
                await client.workflow_service.describe_task_queue(request, timeout=ANSWER)
                _touch(path)
            except RPCError as error:
                log.warning("HEALTH_FILE stays as it is: Temporal says %s", error.status.name)
            except OSError as error:
                log.warning("HEALTH_FILE stays as it is: %s", error.strerror)
            await asyncio.sleep(BEAT_SECONDS)


def _touch(path: Path) -> None:
    """Here and now: a thread might have to wait for tools that hang."""
    path.touch()
