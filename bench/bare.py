"""The bare protocol: FETCH, find the request id, signal. What a straight program would do, with
nothing kept, checked or put away. Run as a process of its own, like the worker it stands beside.

`python -m bench.bare drain` or `follow`; says `ready`, and then begins at a line on its input.
"""

import asyncio
import json
import os
import re
import ssl
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

CONCURRENT = 32  # as `agent.signals` has it
_IDLE_SECONDS = 300.0
_LITERAL = re.compile(rb"\{(\d+)\}\r\n$")
_CARRIER = re.compile(rb"^To: [^+\r]*\+(ar-[0-9a-z]{10})\.([a-z2-7]{28})@", re.MULTILINE)
_MESSAGE_ID = re.compile(rb"^Message-ID: (<[^>]*>)", re.MULTILINE)
_FROM = re.compile(rb"^From: (\S+)", re.MULTILINE)


class BareImap:
    """As much IMAP as it takes: one command at a time, no deadline, nothing reconnects."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._number = 0

    @classmethod
    async def open(cls, environ: Mapping[str, str]) -> "BareImap":
        context = None
        if environ["IMAP_SECURITY"] == "tls":
            context = ssl.create_default_context(cafile=environ["SSL_CERT_FILE"])
        host, port = environ["IMAP_HOST"], int(environ["IMAP_PORT"])
        reader, writer = await asyncio.open_connection(host, port, ssl=context, limit=2**22)
        imap = cls(reader, writer)
        await reader.readline()
        await imap.command(f'LOGIN "{environ["IMAP_USERNAME"]}" "{environ["IMAP_PASSWORD"]}"')
        await imap.command("SELECT INBOX")
        return imap

    async def command(self, text: str) -> list[bytes]:
        """The lines and literals of its answer."""
        tag = self._send(text)
        answer: list[bytes] = []
        while True:
            line = await self._reader.readline()
            if line.startswith(tag):
                assert b" OK" in line, line
                return answer
            answer.append(line)
            if literal := _LITERAL.search(line):
                answer.append(await self._reader.readexactly(int(literal[1])))

    async def uids(self) -> list[int]:
        found = b" ".join(await self.command("UID SEARCH UNDELETED"))
        return [int(word) for word in found.split() if word.isdigit()]

    async def fetch(self, uid: int) -> bytes:
        """The first literal of the answer."""
        answer = await self.command(f"UID FETCH {uid} (UID INTERNALDATE BODY.PEEK[])")
        at = next(n for n, line in enumerate(answer) if _LITERAL.search(line))
        return answer[at + 1]

    async def idle(self) -> None:
        """Until new mail is told of, at most so long as the worker would."""
        tag = self._send("IDLE")
        try:
            async with asyncio.timeout(_IDLE_SECONDS):
                while b" EXISTS" not in await self._reader.readline():
                    pass
        except TimeoutError:
            pass  # nothing came: IDLE is begun anew
        self._writer.write(b"DONE\r\n")
        while not (await self._reader.readline()).startswith(tag):
            pass

    def _send(self, text: str) -> bytes:
        self._number += 1
        tag = f"b{self._number}"
        self._writer.write(f"{tag} {text}\r\n".encode())
        return tag.encode()


class Bare:
    """Signals what it fetches, so many at a time."""

    def __init__(self, imap: BareImap, client: Client) -> None:
        self._imap = imap
        self._client = client
        self._gate = asyncio.Semaphore(CONCURRENT)
        self._last = 0

    async def drain(self) -> int:
        """Every message not seen before; return their number."""
        fresh = [uid for uid in await self._imap.uids() if uid > self._last]
        async with asyncio.TaskGroup() as tasks:
            for uid in fresh:
                raw = await self._imap.fetch(uid)
                await self._gate.acquire()
                tasks.create_task(self._signal(uid, raw))
                self._last = uid
        return len(fresh)

    async def follow(self) -> None:
        while True:
            await self.drain()
            await self._imap.idle()

    async def _signal(self, uid: int, raw: bytes) -> None:
        try:
            request_id, decision = _decision(uid, raw)
            handle = self._client.get_workflow_handle(f"approval-{request_id}")
            await handle.signal("approval_decision", decision)
        finally:
            self._gate.release()


def _decision(uid: int, raw: bytes) -> tuple[str, dict[str, Any]]:
    carrier, message_id, author = _CARRIER.search(raw), _MESSAGE_ID.search(raw), _FROM.search(raw)
    assert carrier and message_id and author
    request_id, now = carrier[1].decode().upper(), datetime.now(UTC).isoformat()
    return request_id, {
        "request_id": request_id,
        "approved": True,
        "decided_at": now,
        "received_at": now,
        "approver": author[1].decode(),
        "uid": uid,
        "message_id": message_id[1].decode(),
        "content_hash": sha256(raw).hexdigest(),
        "claim": carrier[2][2:10].decode(),
        "authentication": "off",
    }


async def _main(mode: str) -> None:
    client = await Client.connect(
        os.environ["TEMPORAL_ADDRESS"],
        namespace=os.environ["TEMPORAL_NAMESPACE"],
        data_converter=pydantic_data_converter,
    )
    imap = await BareImap.open(os.environ)
    bare = Bare(imap, client)
    print("ready", flush=True)
    if mode == "follow":
        await bare.follow()
    await asyncio.to_thread(sys.stdin.readline)
    start = time.time()
    count = await bare.drain()
    print(json.dumps({"count": count, "start": start, "end": time.time()}), flush=True)
    # Long enough for the SDK's threads to let go before the interpreter does.
    await asyncio.sleep(0.2)


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1]))
