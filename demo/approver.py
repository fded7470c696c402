"""The approver of the demo: sees the mail, and answers it as a person's mail program would."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from demo.letter import Letter, write_reply
from demo.mail_program import MailProgram
from demo.terminal import ask
from demo.view import View

POLL_SECONDS = 0.5
# The worker notes that it has sent a mail a moment after that mail can be read.
READING_SECONDS = 0.3

Words = Callable[[Letter], Awaitable[str | None]]
"""What the approver writes to a letter; None leaves it unanswered."""


class Approver:
    """Shows every letter that comes, and answers those that ask for it."""

    def __init__(self, program: MailProgram, view: View, words: Words) -> None:
        self._program = program
        self._view = view
        self._words = words
        self._unread: deque[Letter] = deque()

    async def live(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(POLL_SECONDS)

    async def look(self, answering: bool = True) -> int:
        """Show what is new and return how many letters that were."""
        self._unread += await self._program.new_letters()
        shown = 0
        while self._unread:
            if answering:
                await asyncio.sleep(READING_SECONDS)
            letter = self._unread.popleft()
            self._view.letter(letter, self._program.account.address)
            shown += 1
            words = await self._words(letter) if answering else None
            if words is not None:
                await self.answer(letter, words)
        return shown

    async def answer(self, letter: Letter, words: str) -> None:
        author = self._program.account.address
        at = datetime.now(UTC)
        raw = write_reply(letter, author, words, at)
        await self._program.send(letter.reply_to, raw)
        # Its vote may have been counted by now, and comes after it all the same.
        self._view.stage(f"reply sent over SMTP as {author}: {words!r}", at)


def fixed_words(reply: str) -> Words:
    """Every request for approval gets the same answer; nothing else gets one."""

    async def words(letter: Letter) -> str | None:
        return reply if letter.asks else None

    return words


def typed_words(view: View, waiting: Callable[[], Awaitable[bool]]) -> Words:
    """Ask on the terminal for a request, and again after mail that left it undecided."""

    async def words(letter: Letter) -> str | None:
        undecided = await waiting()
        if not letter.asks and not undecided:
            return None
        view.release()
        return await ask(view.console)

    return words
