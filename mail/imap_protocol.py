"""aioimaplib's protocol, mended: it neither notices a lost connection nor survives long answers.

Verified against aioimaplib 2.0.3, which is why the dependency is pinned to 2.0.
"""

import asyncio
import re
import ssl
from collections.abc import Callable
from typing import Any

from aioimaplib import aioimaplib

quoted = aioimaplib.quoted

_GREETING = re.compile(rb"\* (OK|PREAUTH)\b", re.IGNORECASE)
_COUNT = re.compile(rb"\* (\d+) (EXISTS|EXPUNGE)")


class Protocol(aioimaplib.IMAP4ClientProtocol):  # type: ignore[misc]
    """Fails what waits when the connection is lost; reads lines in a loop, not by recursion."""

    lost = False
    leaving = False
    """Whether we have said LOGOUT: the BYE that answers it is no surprise."""
    farewell = ""
    """What the server said before it left us, or in place of a greeting."""
    arrivals = 0
    """How often the server has told of new mail, in whatever answer: it does not repeat itself."""
    _known = 0
    _greeted = False

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.closed = asyncio.Event()

    @property
    def fault(self) -> str:
        return f"it said {self.farewell!r}" if self.farewell else "it closed the connection"

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.lost = True
        self.closed.set()
        waiting = [self.pending_sync_command, *self.pending_async_commands.values()]
        for command in waiting:
            if command is not None:
                command._exception = aioimaplib.Abort(self.fault)
                command.close(b"connection lost", "KO")
        self.idle_queue.put_nowait(aioimaplib.STOP_WAIT_SERVER_PUSH)

    def _handle_line(self, line: bytes, current_cmd: Any) -> Any:
        connected = bool(line) and self.state == aioimaplib.CONNECTED
        if connected and self._greeted:
            # In one packet with the greeting, which aioimaplib has not taken in yet.
            return None
        self._greeted = self._greeted or connected
        # RFC 9051 §7.1.5: after BYE the server closes the connection, if not always at once.
        if (connected and not _GREETING.match(line)) or (
            line.startswith(b"* BYE") and not self.leaving
        ):
            self.farewell = line[:200].decode("ascii", "backslashreplace")
            self.transport.abort()
            return None
        return super()._handle_line(line, current_cmd)

    def _untagged_response(self, line: bytes) -> Any:
        if match := _COUNT.match(line):
            count, word = int(match[1]), match[2]
            if word == b"EXISTS":
                self.arrivals += count > self._known
                self._known = count
            else:
                self._known -= 1
        return super()._untagged_response(line)

    def _handle_responses(
        self,
        data: bytes,
        line_handler: Callable[[bytes, Any], Any],
        current_cmd: Any = None,
    ) -> None:
        command = current_cmd
        while True:
            if not data:
                if self.pending_sync_command is not None:
                    self.pending_sync_command.flush()
                if command is not None and command.wait_data():
                    raise aioimaplib.IncompleteRead(command)
                return
            if command is not None and command.wait_literal_data():
                data = command.append_literal_data(data)
                if command.wait_literal_data():
                    raise aioimaplib.IncompleteRead(command)
            line, separator, tail = data.partition(b"\r\n")
            if not separator:
                raise aioimaplib.IncompleteRead(command, data)
            handled = line_handler(line, command)
            literal = aioimaplib.literal_data_re.match(line)
            if literal:
                handled = handled or aioimaplib.Command("NIL", "unused")
                handled.begin_literal_data(int(literal.group("size")))
                command = handled
            else:
                command = handled if handled is not None and handled.wait_data() else None
            data = tail


class Client(aioimaplib.IMAP4):  # type: ignore[misc]
    """An IMAP4 client over the mended protocol; with an ssl_context TLS from the start."""

    def create_client(
        self,
        host: str,
        port: int,
        loop: asyncio.AbstractEventLoop | None,
        conn_lost_cb: Callable[[Exception | None], None] | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        running = loop or asyncio.get_running_loop()
        self.protocol = Protocol(running, conn_lost_cb)
        self._client_task = running.create_task(
            running.create_connection(lambda: self.protocol, host, port, ssl=ssl_context)
        )

    async def hello(self) -> None:
        """Connect and be greeted. Raises aioimaplib.Abort if the other side is no IMAP server, or
        has no time for us."""
        greeted = asyncio.ensure_future(self.wait_hello_from_server())
        closed = asyncio.ensure_future(self.protocol.closed.wait())
        try:
            await asyncio.wait({greeted, closed}, return_when=asyncio.FIRST_COMPLETED)
            if not greeted.done():
                raise aioimaplib.Abort(self.protocol.fault)
            await greeted
        finally:
            greeted.cancel()
            closed.cancel()

    @property
    def arrivals(self) -> int:
        return int(self.protocol.arrivals)

    @property
    def lost(self) -> bool:
        return bool(self.protocol.lost)

    def abort(self) -> None:
        self._client_task.cancel()
        transport = self.protocol.transport
        if transport is not None:
            transport.abort()
