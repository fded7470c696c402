"""A server that takes mail in and does not tell of it: the reader must not rely on being told."""

import asyncio

import pytest

from tests.imap_script import Script
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")

MAIL = b"From: stranger@demo.test\r\n\r\nnothing of yours\r\n"
FETCHED = (
    b'* 1 FETCH (UID 1 INTERNALDATE "24-Nov-2026 10:00:00 +0000" BODY[]<0> {%d}\r\n%b)\r\n'
    b"{tag} OK\r\n"
) % (len(MAIL), MAIL)


async def test_mail_whose_push_was_lost_is_found_soon_not_after_a_whole_idle(office):
    nothing, one = b"* SEARCH\r\n{tag} OK\r\n", b"* SEARCH 1\r\n{tag} OK\r\n"
    script = Script(
        SELECT=b"* 0 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n{tag} OK\r\n",
        SEARCH=[nothing, nothing, nothing, one, nothing],
        CREATE=b"{tag} NO\r\n",
        FETCH=FETCHED,
        MOVE=b"{tag} OK\r\n",
    )
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    async def moved() -> bool:
        return "MOVE" in script.heard

    async with server, office.worker(IMAP_HOST="127.0.0.1", IMAP_PORT=str(port)):
        await until(moved, "the message put away")
