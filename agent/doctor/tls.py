"""What TLS a mail server speaks, seen on a connection of its own that ends there."""

import asyncio
import contextlib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime

from agent.doctor.finding import Finding, ok, warning

SECONDS = 10.0
SOON_DAYS = 14
_LONGEST_ANSWER = 100  # lines


@dataclass(frozen=True, slots=True)
class Tls:
    version: str
    ends_at: datetime
    """When the server's certificate does."""


async def look(host: str, port: int, context: ssl.SSLContext, *, starttls: bool = False) -> Tls:
    """`starttls`: after the command of SMTP (RFC 3207). Raises OSError, TimeoutError."""
    async with asyncio.timeout(SECONDS):
        reader, writer = await asyncio.open_connection(
            host, port, ssl=None if starttls else context
        )
        try:
            if starttls:
                await _begin(reader, writer)
                await writer.start_tls(context, server_hostname=host)
            found = writer.get_extra_info("ssl_object")
            ends = ssl.cert_time_to_seconds(str(found.getpeercert()["notAfter"]))
            return Tls(str(found.version()), datetime.fromtimestamp(ends, UTC))
        finally:
            writer.transport.abort()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def _begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _answered(reader)
    for command in (b"EHLO [127.0.0.1]", b"STARTTLS"):
        writer.write(command + b"\r\n")
        await writer.drain()
        await _answered(reader)


async def _answered(reader: asyncio.StreamReader) -> None:
    for _ in range(_LONGEST_ANSWER):
        line = await reader.readline()
        if line[:1] != b"2":
            break
        if line[3:4] != b"-":
            return
    raise ConnectionError("no TLS was offered")


def finding_of(check: str, tls: Tls, now: datetime) -> Finding:
    left = (tls.ends_at - now).days
    detail = f"{tls.version.replace('TLSv', 'TLS ')}, certificate valid for {left} days"
    if left < SOON_DAYS:
        return warning(check, detail, "renew the server's certificate: then no mail goes at all")
    return ok(check, detail)
