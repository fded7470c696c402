"""What a test that hangs was waiting for: a time-out shows the loop asleep, and not who waits."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from types import FrameType

import pytest

BEFORE_SECONDS = 10.0  # of the time-out of pytest-timeout, which ends the test


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    mark = item.get_closest_marker("timeout")
    limit = mark.args[0] if mark else item.config.getini("timeout")
    if not limit:
        return (yield)
    seconds = float(limit) - BEFORE_SECONDS
    timer = threading.Timer(seconds, _show_tasks, [threading.get_ident()])
    timer.daemon = True
    timer.start()
    try:
        return (yield)
    finally:
        timer.cancel()


def _show_tasks(thread: int) -> None:
    for loop in _loops(sys._current_frames().get(thread)):
        for task in asyncio.all_tasks(loop):
            task.print_stack(file=sys.stderr)


def _loops(frame: FrameType | None) -> Iterator[asyncio.AbstractEventLoop]:
    """The loops that run in a thread, found on its stack: only from within are they current."""
    while frame is not None:
        if isinstance(loop := frame.f_locals.get("self"), asyncio.AbstractEventLoop):
            yield loop
            return
        frame = frame.f_back
