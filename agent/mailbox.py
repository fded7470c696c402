"""The agent's mailbox as its operator sees it: what waits there, and what was put aside."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from agent.errors import ConfigurationError
from agent.sorting import Folder
from mail.carriers import without_tokens
from mail.errors import MailRefused
from mail.glance import FIELDS, glance
from mail.imap import ImapServer, ImapSession
from mail.imap_folders import INBOX

PUT_ASIDE = (Folder.UNMATCHED, Folder.QUARANTINE)
_COUNTED = 1_000  # the newest, by sender: enough to know a flood by
_AT_ONCE = 100
_LISTED = 20


async def look(server: ImapServer) -> dict[str, Any]:
    """`{backlog, folders: {name: {messages, senders: [{sender, messages}], newest: [{uid, sender,
    subject}]}}}`. Marks nothing as seen. Raises MailError."""
    async with await ImapSession.open(server) as session:
        backlog = len(await session.search())
        folders = {str(folder): await _put_aside(session, folder) for folder in PUT_ASIDE}
    return {"backlog": backlog, "folders": folders}


async def retry(server: ImapServer, folder: Folder, uids: Sequence[int]) -> None:
    """Move messages back into the inbox, where they are read like new ones; the time at which they
    arrived stays theirs. Raises ConfigurationError for one that is not there, MailError."""
    async with await ImapSession.open(server) as session:
        there = await _uids(session, folder)
        absent = [uid for uid in uids if uid not in there]
        if absent:
            raise ConfigurationError([f"--retry: there is no {uid} in {folder}" for uid in absent])
        await session.move([*uids], INBOX)


async def _put_aside(session: ImapSession, folder: Folder) -> dict[str, Any]:
    uids = await _uids(session, folder)
    newest = uids[-_COUNTED:]
    heads: dict[int, bytes] = {}
    for start in range(0, len(newest), _AT_ONCE):
        heads |= await session.fetch_headers(newest[start : start + _AT_ONCE], FIELDS)
    # Tokens stand in the thread's fields alone, but anybody may write one into these.
    seen = {uid: [*map(without_tokens, glance(heads.get(uid, b"")))] for uid in newest}
    counts = Counter(sender for sender, _ in seen.values())
    return {
        "messages": len(uids),
        "senders": [{"sender": s, "messages": n} for s, n in counts.most_common(_LISTED)],
        "newest": [
            {"uid": uid, "sender": seen[uid][0], "subject": seen[uid][1]}
            for uid in reversed(newest[-_LISTED:])
        ],
    }


async def _uids(session: ImapSession, folder: Folder) -> list[int]:
    """None where there is no such folder, and cannot be."""
    await session.create_folders([folder])
    try:
        await session.select(folder)
    except MailRefused:
        return []
    return await session.search()
