"""Takes away what has come of the probes, wherever it lies, also while an inbox worker moves it."""

import asyncio
from collections.abc import Sequence

from agent.doctor.place import Kind, Place, Sight
from agent.doctor.places import remove
from agent.doctor.probe import Probe
from agent.doctor.search import Search
from mail.errors import MailError
from mail.imap import ImapServer, ImapSession

SECONDS = 30.0
_PAUSE = 0.3
_QUIET = 2
"""Looks in a row that find nothing: a worker may just have taken it from one folder to another."""
_ON_ITS_WAY = 5.0


async def clean(
    server: ImapServer, places: Sequence[Place], probes: Sequence[Probe], *, awaited: bool
) -> str:
    """Return what is left and why; '' if nothing. `awaited`: whether one may be on its way."""
    try:
        async with asyncio.timeout(SECONDS), await ImapSession.open(server) as session:
            return await _clean(session, places, probes, awaited)
    except TimeoutError:
        return f"not done within {SECONDS:.0f} s"
    except MailError as error:
        return str(error)


async def _clean(
    session: ImapSession, places: Sequence[Place], probes: Sequence[Probe], awaited: bool
) -> str:
    loop = asyncio.get_running_loop()
    end = loop.time() + (_ON_ITS_WAY if awaited else 0.0)
    search, quiet, expunged = Search(session, places), 0, True
    while quiet < _QUIET or loop.time() < end:
        sights = [
            Sight(found.place, found.message.uid, b"")
            for probe in probes
            async for found in search.about(probe, Kind)
        ]
        if sights:
            quiet, end = 0, 0.0
            expunged = await remove(session, places, sights)
        else:
            quiet += 1
            await asyncio.sleep(_PAUSE)
    return "" if expunged else "the server only flags it as deleted (no UIDPLUS)"
