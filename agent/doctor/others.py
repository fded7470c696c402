"""Which servers' Authentication-Results stand on top of the mail that lies in the mailbox."""

from collections import Counter
from collections.abc import Sequence

from agent.doctor.place import Kind, Place
from agent.doctor.received import told_in
from mail.auth_results import FIELD
from mail.imap import ImapSession
from mail.structure import parse

_NEWEST = 50


async def servers_of_others(session: ImapSession, places: Sequence[Place]) -> dict[str, int]:
    """By name, how many of the newest messages; '' counts those without. One header field of each
    is looked at. Raises MailUnavailable."""
    counts: Counter[str] = Counter()
    for place in places:
        if place.kind not in (Kind.INBOX, Kind.WORKERS):
            continue
        await session.select(place.folder)
        uids = (await session.search())[-_NEWEST:]
        heads = await session.fetch_headers(uids, [FIELD]) if uids else {}
        for head in heads.values():
            told = told_in(parse(head))
            counts[told[0].server if told else ""] += 1
    return dict(counts)
