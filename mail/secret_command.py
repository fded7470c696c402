"""Runs the commands that print passwords and access tokens, and keeps what they have printed.

The shell runs them, as mbsync, msmtp and mutt have it. All that log in share one run and its
result; a token is asked for anew before its end, anything after a server has refused it.
"""

import asyncio
import contextlib
import math
import os
import signal
import time
from collections.abc import Callable
from typing import Literal

from mail.credentials import Secret, forms_of
from mail.errors import MailAuth, MailUnavailable
from mail.printed import Printed, Unusable, complaint, first_line, password_of, token_of

COMMAND_SECONDS = 20.0
OUTPUT_LIMIT = 64 * 1024
_COMPLAINT_LIMIT = 4 * 1024
_READ = 4 * 1024
# POSIX: the shell cannot run it, or finds no such program. Trying again would change nothing.
_NO_COMMAND = (126, 127)


class SecretCommand:
    """One for each setting and process: connections come and go, what it has printed stays."""

    def __init__(
        self,
        setting: str,
        command: str,
        kind: Literal["password", "token"],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`setting` is what errors name: the command itself may hold secrets."""
        self._setting = setting
        self._command = command
        self._kind = kind
        self._clock = clock
        self._kept: Printed | None = None
        self._until = 0.0
        self._running: asyncio.Task[Secret] | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What it has printed last, in the forms that no log may hold."""
        return forms_of("", self._kept.credential) if self._kept else ()

    async def credential(self) -> Secret:
        """Raises MailUnavailable, or MailAuth where only a person can mend it."""
        if self._kept and self._clock() < self._until:
            return self._kept.credential
        if self._running is None:
            self._running = asyncio.create_task(self._run())
            self._running.add_done_callback(self._ended)
        # Whoever is called off does not call off the run, which others wait for.
        return await asyncio.shield(self._running)

    async def renewed(self, refused: Secret) -> Secret:
        """What it prints after a server has refused this one; that of another's run since, if
        there was one."""
        if self._kept and self._kept.credential == refused:
            self._until = -math.inf
        return await self.credential()

    def _ended(self, task: asyncio.Task[Secret]) -> None:
        self._running = None
        # Its failure is told by those who wait for it; there may be nobody any more.
        if not task.cancelled():
            task.exception()

    async def _run(self) -> Secret:
        output = await self._output()
        printed = password_of(output) if self._kind == "password" else token_of(output, time.time())
        if isinstance(printed, Unusable):
            fault = f"{self._setting}: {printed.reason}"
            raise MailAuth(fault) if printed.for_good else MailUnavailable(fault)
        self._kept, self._until = printed, self._clock() + printed.seconds
        return printed.credential

    async def _output(self) -> str:
        process = await self._started()
        assert process.stdout is not None and process.stderr is not None
        saying = asyncio.create_task(_last(process.stderr))
        try:
            async with asyncio.timeout(COMMAND_SECONDS):
                output = await _first(process.stdout)
                said = await saying
                code = await process.wait()
        except BaseException as error:
            await _end(process)
            if not isinstance(error, TimeoutError):
                raise
            silent = f"{self._setting}: no answer within {COMMAND_SECONDS:.0f} s"
            raise MailUnavailable(silent) from None
        finally:
            saying.cancel()
        if code:
            raise self._failure(code, said, output)
        return output

    async def _started(self) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        try:
            # A group of its own: what the shell has started ends with it. And no terminal, on
            # which it might ask for a passphrase that nobody types.
            return await asyncio.create_subprocess_shell(
                self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=pipe,
                stderr=pipe,
                start_new_session=True,
            )
        except OSError as error:
            fault = f"{self._setting}: no process can be started: {error.strerror}"
            raise MailUnavailable(fault) from None

    def _failure(self, code: int, said: bytes, output: str) -> MailAuth | MailUnavailable:
        # A line of several words is no secret, but may be all that it says.
        printed = [line] if " " not in (line := first_line(output)) and line else []
        words = complaint(said.decode("utf-8", "replace"), (*self.secrets, *printed))
        fault = f"{self._setting}: the command ended with {code}{words and f': {words}'}"
        return MailAuth(fault) if code in _NO_COMMAND else MailUnavailable(fault)


async def _first(stream: asyncio.StreamReader) -> str:
    """All of it that a password or token could stand in; the rest is read and dropped, lest the
    command wait for ever to be rid of it."""
    kept = bytearray()
    while data := await stream.read(_READ):
        kept += data[: OUTPUT_LIMIT - len(kept)]
    return kept.decode("utf-8", "surrogateescape")


async def _last(stream: asyncio.StreamReader) -> bytes:
    kept = b""
    while data := await stream.read(_READ):
        kept = (kept + data)[-_COMPLAINT_LIMIT:]
    return kept


async def _end(process: asyncio.subprocess.Process) -> None:
    """And all that it has started, which would hold our pipes open."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
