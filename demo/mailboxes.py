"""The IMAP half of the embedded mail server: pymap's in-memory store, one user an address.

pymap is meant to be run as a program of its own; here its server runs inside our event loop, with a
readable port and no connection left behind.
"""

import asyncio
import contextlib
import uuid
from argparse import Namespace
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Protocol

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Identity, Login
from pymap.backend.dict.mailbox import MailboxData
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import FetchRequirement
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from demo.accounts import LOOPBACK


class MailStore(Protocol):
    """Where delivered mail goes, and is read over IMAP."""

    addresses: frozenset[str]

    @property
    def port(self) -> int: ...

    async def start(self, port: int) -> None: ...

    async def stop(self) -> None: ...

    async def append(self, address: str, raw: bytes, internal_date: datetime | None) -> None: ...

    async def messages(self, address: str, folder: str) -> list[bytes]: ...


class _Config(Config):
    @property
    def greeting(self) -> bytes:
        # pymap looks the machine's name up in the DNS for every connection.
        return b"Server ready"


class Mailboxes:
    """An IMAP server on loopback, and its mailboxes seen from inside."""

    def __init__(self, addresses: Iterable[str], password: str) -> None:
        self.addresses = frozenset(address.lower() for address in addresses)
        self._password = password
        self._server: asyncio.Server | None = None
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    @property
    def port(self) -> int:
        assert self._server is not None, "the IMAP server is not running"
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self, port: int) -> None:
        # The password is public: hashing it would only delay every login by half a second.
        config = _Config.from_args(
            _arguments(), hash_context=Cleartext(), cpu_subsystem=Subsystem.for_asyncio()
        )
        config.apply_context()
        self._login = Login(config)
        for address in self.addresses:
            user = UserMetadata(config, address, password=self._password)
            self._login.users_dict[address] = user
        self._imap = IMAPServer(self._login, config)
        self._server = await asyncio.start_server(self._serve, LOOPBACK, port)

    async def stop(self) -> None:
        if self._server is None:
            return
        self._server.close()
        tasks = dict(self._connections)
        for task, writer in tasks.items():
            # A client in IDLE would keep its connection, and us, for half an hour.
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def append(self, address: str, raw: bytes, internal_date: datetime | None) -> None:
        inbox = await self._folder(address, "INBOX")
        when = internal_date or datetime.now(UTC)
        await inbox.append(AppendMessage(raw, when, frozenset()), recent=True)

    async def messages(self, address: str, folder: str) -> list[bytes]:
        """The messages of a folder in order of arrival; a folder that is not there is empty."""
        try:
            mailbox = await self._folder(address, folder)
        except KeyError:
            return []
        return [
            bytes((await message.load_content(FetchRequirement.CONTENT)).get_body())
            async for message in mailbox.messages()
        ]

    async def _folder(self, address: str, folder: str) -> MailboxData:
        identity = Identity(address.lower(), self._login, None, frozenset())
        async with identity.new_session() as session:
            return await session.mailbox_set.get_mailbox(folder)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections[task] = writer
        try:
            peer = SocketInfo.get(writer, None, unique_id=uuid.uuid4().bytes)
            # Clients go away in the middle of a command; that is nobody's error.
            with contextlib.suppress(ConnectionError, EOFError):
                await self._imap(reader, writer, peer)
        finally:
            del self._connections[task]


def _arguments() -> Namespace:
    """What pymap's command line would have parsed; without TLS it allows a login in the clear."""
    return Namespace(
        host=LOOPBACK,
        port=0,
        debug=False,
        cert=None,
        key=None,
        tls=False,
        proxy_protocol=None,
        passlib_cfg=None,
        demo_data=False,
        demo_user="",
        demo_password="",
    )
