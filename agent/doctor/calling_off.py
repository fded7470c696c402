"""Being called off: Ctrl-C and SIGTERM end the command once it has cleaned up."""

import asyncio
import signal


def listen() -> None:
    """Both signals cancel the present task, once: a second time would break off the cleaning."""
    task = asyncio.current_task()
    assert task is not None
    heard = asyncio.Event()

    def call_off() -> None:
        if not heard.is_set():
            heard.set()
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, call_off)


def raise_if_called_off() -> None:
    """For where a library may have swallowed it: before Python 3.12 `asyncio.wait_for` does, if its
    result comes at the same moment."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
