"""Where workflow code runs: a thread for each activation, and of one workflow one at a time.

An activation that takes more than two seconds (a busy or throttled machine, a long garbage
collection) is given up by the SDK, and the workflow is to be evicted and replayed. Its
`asyncio.wait_for` cancels the future by which it means to wait for the activation's end, so the
eviction begins beside the code that still runs, leaves tasks behind, and is tried again for ever:
the workflow is stuck in that worker, unseen, and the worker cannot shut down
(temporalio 1.35, `worker/_workflow.py`, `_handle_cache_eviction`).
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from weakref import WeakKeyDictionary

_THREADS = 500  # as many as the SDK would allow


class SerialExecutor(ThreadPoolExecutor):
    """A `workflow_task_executor` in which an eviction waits until the activation before it ends.

    What is submitted is a bound method of the workflow that it activates.
    """

    def __init__(self) -> None:
        super().__init__(_THREADS, thread_name_prefix="temporal_workflow_")
        self._busy: WeakKeyDictionary[object, threading.Lock] = WeakKeyDictionary()

    def submit(self, activate: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        busy = self._busy.setdefault(activate.__self__, threading.Lock())  # type: ignore[attr-defined]

        def alone() -> Any:
            with busy:
                return activate(*args, **kwargs)

        return super().submit(alone)
