"""The folders that a mail to the mailbox may come to lie in, and what is new in them.

Everything is looked for above the highest UID that was there before: neither servers' ideas of a
search by header fields are relied on, nor is anybody's older mail looked at.
"""

from collections.abc import AsyncIterator, Iterable, Sequence

from agent.doctor.place import Kind, Place, Sight
from agent.sorting import Folder
from mail.errors import MailRefused
from mail.imap import ImapSession
from mail.imap_answers import Listed, capabilities, folders_of, personal_prefix
from mail.imap_folders import INBOX

_JUNK = frozenset({"junk", "spam", "bulk", "bulk mail", "junk email", "junk e-mail"})
_SENT = frozenset({"sent", "sent items", "sent mail", "sent messages"})
_AT_ONCE = 100


async def places_of(session: ImapSession) -> list[Place]:
    """As the mailbox is now. Raises MailUnavailable."""
    there = await _capabilities(session)
    prefix = ""
    if "NAMESPACE" in there:
        told = await session.command("NAMESPACE", kind="NAMESPACE")
        prefix = personal_prefix(told.responses)
    # Some tell what a folder is for only if asked (RFC 6154 §5.2).
    asked = {"SPECIAL-USE", "LIST-EXTENDED"} <= there
    options = ("RETURN", "(SPECIAL-USE)") if asked else ()
    answer = await session.command("LIST", '""', '"*"', *options, kind="LIST")
    listed = [*folders_of(answer.responses)]
    await session.create_folders(Folder)
    named = [(INBOX, Kind.INBOX), *((str(folder), Kind.WORKERS) for folder in Folder)]
    named += [(folder, Kind.JUNK) for folder in _found(listed, r"\junk", _JUNK, prefix)]
    named += [(folder, Kind.SENT) for folder in _found(listed, r"\sent", _SENT, prefix)]
    # Gmail only takes the label INBOX from what is deleted there; the mail itself stays.
    if "X-GM-EXT-1" in there:
        named += [(folder, Kind.TRASH) for folder in _found(listed, r"\trash", frozenset(), prefix)]
    return [place for folder, kind in named if (place := await _place(session, folder, kind))]


async def news(
    session: ImapSession, places: Iterable[Place], fields: Sequence[str]
) -> AsyncIterator[Sight]:
    """What is new in these, with these header fields. Raises MailUnavailable."""
    for place in places:
        try:
            await session.select(place.folder)
        except MailRefused:
            continue  # it was taken away meanwhile
        uids = [uid for uid in await session.search() if uid > place.above]
        for start in range(0, len(uids), _AT_ONCE):
            heads = await session.fetch_headers(uids[start : start + _AT_ONCE], fields)
            for uid, head in heads.items():
                yield Sight(place, uid, head)


async def remove(session: ImapSession, places: Sequence[Place], sights: Sequence[Sight]) -> bool:
    """Delete messages for good, where there is a trash by way of it: look again, they lie there
    then. False if the server only lets them be flagged as deleted. Raises MailUnavailable."""
    expunges = "UIDPLUS" in await _capabilities(session)
    trash = next((place for place in places if place.kind is Kind.TRASH), None)
    for place in dict.fromkeys(sight.place for sight in sights):
        await session.select(place.folder)
        uids = [sight.uid for sight in sights if sight.place == place]
        if trash and place != trash:
            await session.move(uids, trash.folder)
        else:
            await _delete(session, uids, expunges)
    return expunges


async def _delete(session: ImapSession, uids: list[int], expunges: bool) -> None:
    named = ",".join(map(str, uids))
    await session.command("STORE", named, r"+FLAGS.SILENT (\Deleted)", uid=True)
    if expunges:
        # Never without UIDs: others' mail may be flagged, too.
        await session.command("EXPUNGE", named, uid=True)


async def _place(session: ImapSession, folder: str, kind: Kind) -> Place | None:
    try:
        await session.select(folder)
    except MailRefused:
        return None
    return Place(folder, kind, max(await session.search(), default=0))


async def _capabilities(session: ImapSession) -> set[str]:
    answer = await session.command("CAPABILITY", kind="CAPABILITY")
    return {word for response in answer.responses for word in capabilities(response)}


def _found(
    listed: Iterable[Listed], attribute: str, usual: frozenset[str], prefix: str
) -> list[str]:
    """By attribute (RFC 6154), else by a name that hosts use; without the namespace's prefix."""
    listed = [one for one in listed if one.name.startswith(prefix)]
    found = [one.name for one in listed if attribute in one.attributes]
    if not found:
        found = [one.name for one in listed if _last(one).casefold() in usual]
    return [name.removeprefix(prefix) for name in found]


def _last(one: Listed) -> str:
    return one.name.rpartition(one.delimiter)[2] if one.delimiter else one.name
