"""Who shares a sweep of the inbox with whom."""

import asyncio

import pytest

from agent.shared_sweep import SharedSweep


class Inbox:
    """A sweep that lasts until it is let go, and may fail once; counts how many began."""

    def __init__(self) -> None:
        self.begun = 0
        self.running = 0
        self.go = asyncio.Event()
        self.error: Exception | None = None

    async def sweep(self) -> None:
        self.begun += 1
        self.running += 1
        assert self.running == 1, "two sweeps at once"
        await self.go.wait()
        self.running -= 1
        error, self.error = self.error, None
        if error is not None:
            raise error


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_callers_at_the_same_time_share_one_sweep():
    inbox = Inbox()
    inbox.go.set()
    shared = SharedSweep(inbox.sweep)
    await asyncio.gather(*(shared.join() for _ in range(50)))
    assert inbox.begun == 1


async def test_a_sweep_that_has_begun_is_not_enough_for_a_later_caller():
    inbox = Inbox()
    shared = SharedSweep(inbox.sweep)
    first = asyncio.create_task(shared.join())
    await settle()
    later = [asyncio.create_task(shared.join()) for _ in range(20)]
    await settle()
    assert inbox.begun == 1
    assert not any(task.done() for task in [first, *later])
    inbox.go.set()
    await asyncio.gather(first, *later)
    assert inbox.begun == 2


async def test_one_after_the_other_means_a_sweep_each():
    inbox = Inbox()
    inbox.go.set()
    shared = SharedSweep(inbox.sweep)
    await shared.join()
    await shared.join()
    assert inbox.begun == 2


async def test_a_failed_sweep_fails_for_all_who_shared_it_and_not_for_the_next():
    inbox = Inbox()
    inbox.go.set()
    inbox.error = ConnectionError("gone")
    shared = SharedSweep(inbox.sweep)
    results = await asyncio.gather(shared.join(), shared.join(), return_exceptions=True)
    assert [type(result) for result in results] == [ConnectionError, ConnectionError]
    await shared.join()
    assert inbox.begun == 2


async def test_a_failed_sweep_does_not_fail_those_who_wait_for_the_next():
    inbox = Inbox()
    inbox.error = ConnectionError("gone")
    shared = SharedSweep(inbox.sweep)
    first = asyncio.create_task(shared.join())
    await settle()
    second = asyncio.create_task(shared.join())
    await settle()
    inbox.go.set()
    with pytest.raises(ConnectionError):
        await first
    await second
    assert inbox.begun == 2


async def test_a_caller_who_gives_up_does_not_take_the_sweep_from_the_others():
    inbox = Inbox()
    shared = SharedSweep(inbox.sweep)
    impatient, patient = (asyncio.create_task(shared.join()) for _ in range(2))
    await settle()
    impatient.cancel()
    await settle()
    inbox.go.set()
    await patient
    assert impatient.cancelled()
    assert inbox.begun == 1
