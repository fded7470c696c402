"""An IMAP session that waits, and is called off."""

import asyncio

import pytest

from tests.imap_script import Script, session
from tests.waiting import until


async def test_a_wait_that_is_called_off_ends_even_where_a_push_comes_at_that_moment():
    script = Script(IDLE=b"+ idling\r\n")
    async with session(script) as imap:
        await imap.search()
        pushed = imap._client.protocol.pushed
        waiting = asyncio.create_task(imap.idle(30))

        async def waits():
            return bool(pushed._waiters)

        await until(waits, "a session that waits")
        pushed.set()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
