"""A mailbox and a Temporal in memory, which keep a log of what was done in which order."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.service import RPCError, RPCStatusCode

from agent.bookmark import Bookmark
from agent.jobs import Cursor
from agent.signals import Signals
from agent.sorting import Rules, Sorted
from agent.sweep import Sweeper, Swept
from mail.errors import MailRefused, MailUnavailable
from mail.identity import Keyring, reply_token
from mail.imap import Message
from mail.proof import Trust
from mail.prover import Prover
from mail.trust import Auth
from mail.vocabulary import DEFAULT, Vocabulary
from tests.signing import Zone
from tests.unit.agent_samples import APPROVER, DIGEST, MAILBOX, REQUEST_ID, SECRET

KEYS = Keyring.from_secrets([SECRET])
ARRIVED = datetime(2026, 11, 23, 7, 1, tzinfo=UTC)


def vote(words: str, request_id: str = REQUEST_ID, sender: str = APPROVER) -> bytes:
    token = reply_token(KEYS, request_id, sender, DIGEST)
    to = MAILBOX.replace("@", f"+{request_id.lower()}.{token}@")
    head = f"From: {sender}\r\nTo: {to}\r\nMessage-ID: <{words[:3]}{request_id}@x>\r\n"
    return f"{head}Subject: Re: [{request_id}]\r\n\r\n{words}\r\n".encode()


def stray(number: int) -> bytes:
    return f"From: s{number}@demo.test\r\nTo: {MAILBOX}\r\nSubject: Sale\r\n\r\nBuy\r\n".encode()


def report(number: int) -> bytes:
    head = f"From: mailer-daemon@x{number}.test\r\nTo: {MAILBOX}\r\n"
    return f"{head}Content-Type: multipart/report; boundary=b\r\n\r\n--b--\r\n".encode()


class Died(BaseException):
    """The process is gone."""


class Recorded(Bookmark):
    """What would outlive the process stands in `kept`; while `down` nothing can be recorded."""

    down = False

    def __init__(self, cursor: Cursor | None = None) -> None:
        super().__init__(cursor)
        self.kept = self.cursor

    async def record(self) -> None:
        if self.down:
            raise RPCError("unavailable", RPCStatusCode.UNAVAILABLE, b"")
        self.kept = self.cursor


@dataclass
class Mailbox:
    """An IMAP session, the approvals behind Temporal, and the late answers."""

    uidvalidity: int = 7
    inbox: dict[int, bytes] = field(default_factory=dict)
    folders: dict[str, list[int]] = field(default_factory=dict)
    log: list[tuple[str, Any]] = field(default_factory=list)
    down: bool = False
    closed: bool = False
    answers: bool = True
    told: tuple[str, ...] = ()
    breaks_at: int | None = None
    has_given: bool = False
    full: str = ""
    """A folder that takes nothing more."""
    auth: Auth = Auth.OFF
    zone: Zone = field(default_factory=Zone)

    def put(self, *raws: bytes) -> list[int]:
        first = max(self.inbox, default=0) + 1
        uids = list(range(first, first + len(raws)))
        self.inbox.update(zip(uids, raws, strict=True))
        return uids

    def done(self, what: str) -> list[Any]:
        return [value for kind, value in self.log if kind == what]

    def sweeper(self, leave: bool = False, vocabulary: Vocabulary = DEFAULT) -> Sweeper:
        client: Any = self
        late: Any = self
        rules = Rules(KEYS, {}, MAILBOX, self.auth, vocabulary=vocabulary)
        prover = Prover(Trust(), self.zone)
        return Sweeper(Signals(client, late), rules, prover, leave)

    async def swept(self, sweeper: Sweeper, bookmark: Bookmark | None = None) -> Swept:
        session: Any = self
        self.has_given = False
        return await sweeper.sweep(session, bookmark or Bookmark())

    # ---- ImapSession

    async def search(self) -> list[int]:
        return sorted(self.inbox)

    async def fetch_headers(self, uids: Iterable[int], names: Iterable[str]) -> dict[int, bytes]:
        return {uid: self.inbox[uid].partition(b"\r\n\r\n")[0] + b"\r\n\r\n" for uid in uids}

    async def sizes(self, uids: Iterable[int]) -> dict[int, int]:
        return {uid: len(self.inbox[uid]) for uid in uids if uid in self.inbox}

    async def fetch(self, uids: Iterable[int]) -> dict[int, Message]:
        found = {}
        for uid in uids:
            self.log.append(("fetch", uid))
            if uid == self.breaks_at:
                raise MailUnavailable("the IMAP server closed the connection")
            if uid in self.inbox:
                found[uid] = Message(uid, self.inbox[uid], ARRIVED + timedelta(seconds=uid))
        self.has_given = self.has_given or bool(found)
        return found

    async def move(self, uids: list[int], folder: str) -> None:
        if folder == self.full:
            raise MailRefused("the IMAP server refused MOVE: over quota")
        for uid in uids:
            self.log.append(("move", uid))
            del self.inbox[uid]
            self.folders.setdefault(folder, []).append(uid)

    # ---- Client and WorkflowHandle

    def get_workflow_handle(self, workflow_id: str) -> "Mailbox":
        return self

    async def signal(self, name: str, message: Any) -> None:
        if self.down:
            raise RPCError("unavailable", RPCStatusCode.UNAVAILABLE, b"")
        if self.closed:
            raise RPCError("closed", RPCStatusCode.NOT_FOUND, b"")
        self.log.append(("signal", message))

    # ---- LateAnswers

    async def answer(self, message: Sorted) -> bool:
        return self.answers
