"""An SMTP server that takes everything and keeps nothing: it must not be what is measured."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext

HOST = "127.0.0.1"


class Sink:
    """Counts the messages that it was handed, and the connections they came by."""

    def __init__(self) -> None:
        self.messages = 0
        self.connections = 0
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # clients may leave without a word; that is no error of theirs
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                self.messages += 1
                writer.write(b"250 taken\r\n")
            elif verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                return
            else:
                writer.write(b"250 sink\r\n")


@asynccontextmanager
async def sink(certificate: Path | None = None, key: Path | None = None) -> AsyncIterator[Sink]:
    """Run one on loopback; with a certificate it speaks TLS from the start."""
    context = None
    if certificate and key:
        context = SSLContext(PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
    taking = Sink()
    server = await asyncio.start_server(taking.serve, HOST, 0, ssl=context, limit=2**20)
    taking.port = server.sockets[0].getsockname()[1]
    try:
        yield taking
    finally:
        server.close()
