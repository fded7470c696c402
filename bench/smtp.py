"""A connection a message, as the worker does it, beside one that is kept: does keeping it pay?"""

import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

from aiosmtplib import SMTP

from bench.report import Row
from bench.sink import HOST, Sink, sink
from mail.message import Outgoing
from mail.smtp import SmtpServer, send
from tests.servers.store import ImapProcess

_MESSAGE = Outgoing(
    envelope_sender="agent@bench.test",
    recipient="voter@bench.test",
    message_id="<1@bench.test>",
    raw=b"Subject: Approval needed\r\n\r\n" + b"A line of a letter.\r\n" * 400,
)


async def smtp(secure: ImapProcess, count: int) -> list[Row]:
    """Plain, and with TLS by the certificate of `secure`."""
    certificate = secure.certificate
    assert certificate is not None
    async with sink() as plain, sink(certificate, certificate.with_name("key.pem")) as tls:
        return [
            await _row("plain", plain, count, None),
            await _row("TLS", tls, count, certificate),
        ]


async def _row(name: str, taking: Sink, count: int, certificate: Path | None) -> Row:
    host = "localhost" if certificate else HOST
    server = SmtpServer(host, "tls" if certificate else "none", taking.port)
    kept = SMTP(
        hostname=host,
        port=taking.port,
        use_tls=certificate is not None,
        start_tls=False,
        cert_bundle=str(certificate) if certificate else None,
    )

    async def anew() -> None:
        await send(server, _MESSAGE)

    async def again() -> None:
        await kept.sendmail(_MESSAGE.envelope_sender, [_MESSAGE.recipient], _MESSAGE.raw)

    async with kept, _trusting(certificate):
        times: dict[str, list[float]] = {"new": [], "kept": []}
        for number in range(2 * count):
            side, way = (("new", anew), ("kept", again))[number % 2]
            times[side].append(await _timed(way))
    new, reused = median(times["new"]), median(times["kept"])
    return Row(
        what=f"one mail over SMTP, {name}: new connection, kept connection",
        server="sink",
        ours=f"{1000 * new:.1f} ms",
        bare=f"{1000 * reused:.1f} ms",
        ratio=new / reused,
        goal="to decide by",
        met=None,
        details=dict(times),
    )


@asynccontextmanager
async def _trusting(certificate: Path | None) -> AsyncIterator[None]:
    """The worker goes by the system's certificates, which OpenSSL lets a variable name."""
    before = os.environ.get("SSL_CERT_FILE")
    if certificate:
        os.environ["SSL_CERT_FILE"] = str(certificate)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("SSL_CERT_FILE", None)
        else:
            os.environ["SSL_CERT_FILE"] = before


async def _timed(way: Callable[[], Awaitable[None]]) -> float:
    start = time.perf_counter()
    await way()
    return time.perf_counter() - start
