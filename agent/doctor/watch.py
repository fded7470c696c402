"""Whether the server tells of new mail by itself (IDLE, RFC 2177), and how soon."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from mail.errors import MailError
from mail.imap import ImapServer, ImapSession

_RENEWED = 60.0
_STARTED = 0.2  # until then the server has taken the command on any usual line


class Watch:
    """Notes when a session on the inbox was told of something."""

    def __init__(self) -> None:
        self.can_idle = False
        self._told = asyncio.Event()
        self._told_at = 0.0
        self._sent_at: float | None = None

    def sending(self) -> None:
        """What was told before has nothing to do with it."""
        self._told.clear()

    def sent(self) -> None:
        self._sent_at = asyncio.get_running_loop().time()

    async def pushed(self, patience_seconds: float) -> float | None:
        """Seconds from when it was sent, 0 if sooner; None if nothing was told so long."""
        if not self.can_idle or self._sent_at is None:
            return None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience_seconds):
                await self._told.wait()
        return max(self._told_at - self._sent_at, 0.0) if self._told.is_set() else None

    async def _follow(self, session: ImapSession) -> None:
        # A connection that breaks tells nothing more; the other one shows what is wrong.
        with contextlib.suppress(MailError):
            while session.can_idle:
                await session.search()
                await session.idle(_RENEWED)
                self.can_idle = session.can_idle
                if not self._told.is_set():
                    self._told_at = asyncio.get_running_loop().time()
                    self._told.set()


@contextlib.asynccontextmanager
async def watching(server: ImapServer) -> AsyncIterator[Watch]:
    """Raises MailError if the session cannot be opened."""
    watch = Watch()
    async with await ImapSession.open(server) as session:
        watch.can_idle = session.can_idle
        following = asyncio.create_task(watch._follow(session))
        try:
            await asyncio.sleep(_STARTED if watch.can_idle else 0)
            yield watch
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
