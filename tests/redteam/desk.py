"""One agent with a mailbox on a real IMAP server, its workers in this process, its DNS ours."""

import asyncio
import re
import secrets
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from temporalio.client import Client, WorkflowHandle
from temporalio.common import MetricMeter
from temporalio.worker import Worker

from agent.activations import SerialExecutor
from agent.activities.assess import AssessActivities
from agent.activities.notify import NotifyActivities
from agent.activities.watch_inbox import InboxActivities
from agent.approval import ApprovalWorkflow
from agent.canonical import action_digest, request_id_from
from agent.inbox import InboxWorkflow
from agent.jobs import Cursor
from agent.metrics import Metrics
from agent.service import GRACE
from agent.settings import Settings
from agent.tools.registry import Registry, collect
from agent.tools.shop import Shop
from demo.letter import Letter, read_letter
from demo.mail_server import MailServer
from tests.redteam.people import (
    BOB,
    CAROL,
    CORP,
    DAVE,
    LIST,
    NEW_SECRET,
    OLD_SECRET,
    REVOKED,
    ROBERT,
    SERVER,
    SIGNERS,
    TESTED,
)
from tests.redteam.scene import About
from tests.servers.store import ImapProcess
from tests.signing import Zone, key_record
from tests.waiting import until

PASSWORD = "open-sesame-4711"
ARGUMENTS = {"order_id": 1042, "amount": "120.00", "currency": "EUR"}
DESKS: Mapping[str, Mapping[str, str]] = {
    "dns": {},
    "told": {"mail_authserv_id": SERVER, "mail_arc_sealers": LIST},
    "exchange": {"mail_authserv_id": "exchange-online"},
    "sealed": {"mail_arc_sealers": LIST},
}
"""The ways in which a sender is proven: signatures verified here, as our server says, as Exchange
Online says, and with the seals of a list server besides."""


class Post(MailServer):
    """Takes mail for anybody, and shows what came for whom."""

    def __init__(self) -> None:
        super().__init__([BOB])
        self.taken: defaultdict[str, list[Letter]] = defaultdict(list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.content
        letter = read_letter(raw if isinstance(raw, bytes) else str(raw or "").encode())
        for recipient in envelope.rcpt_tos:
            self.taken[recipient].append(letter)
        return "250 2.0.0 Delivered"

    def letters(self, request_id: str) -> dict[str, list[Letter]]:
        """Who got what about one approval."""
        about = {
            who: [letter for letter in letters if f"[{request_id}]" in letter.subject]
            for who, letters in self.taken.items()
        }
        return {who: letters for who, letters in about.items() if letters}


class Counts(MetricMeter):
    """Counters by name and labels, as Prometheus would be told."""

    def __init__(self) -> None:
        self.sums: Counter[tuple[str, str]] = Counter()

    def create_counter(self, name: str, *_: Any, **__: Any) -> Any:
        return _Sum(self.sums, name)

    def create_histogram_float(self, name: str, *_: Any, **__: Any) -> Any:
        return MetricMeter.noop.create_histogram_float(name)

    def create_gauge_float(self, name: str, *_: Any, **__: Any) -> Any:
        return MetricMeter.noop.create_gauge_float(name)

    def create_gauge(self, name: str, *_: Any, **__: Any) -> Any:
        return MetricMeter.noop.create_gauge(name)

    def create_histogram(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError

    create_histogram_timedelta = create_histogram
    with_additional_attributes = create_histogram


@dataclass
class _Sum:
    sums: Counter[tuple[str, str]]
    name: str

    def add(self, value: int, labels: Mapping[str, str]) -> None:
        self.sums[self.name, " ".join(labels.values())] += value


@dataclass
class Desk:
    client: Client
    post: Post
    imap: ImapProcess
    settings: Settings
    zone: Zone
    counts: Counts = field(default_factory=Counts)
    started: list[WorkflowHandle[Any, Any]] = field(default_factory=list)

    async def ask(
        self, approvers: Iterable[str], require: str = "any", requested_by: str = ""
    ) -> About:
        """An approval that waits: its request mail is with everybody asked."""
        request_id = request_id_from(secrets.randbits(50))
        about = About(request_id, action_digest(request_id, "refund_order", ARGUMENTS))
        request = {
            "request_id": request_id,
            "action": {
                "action_type": "refund_order",
                "description": "Refund",
                "arguments": ARGUMENTS,
            },
            "timeout_seconds": 3600,
            "requested_by": requested_by or None,
            "policy": {"stages": [{"approvers": list(approvers), "require": require}]},
        }
        handle: WorkflowHandle[Any, Any] = await self.client.start_workflow(
            "ApprovalWorkflow",
            request,
            id=f"approval-{request_id}",
            task_queue=self.settings.temporal_task_queue,
        )
        self.started.append(handle)

        async def asked() -> bool:
            status = await handle.query("status")
            sent = [e for e in await self.events(request_id) if e["kind"] == "mail_sent"]
            return bool(sent) and len(sent) == len(status["approvers"])

        await until(asked, f"the request mail of {request_id}")
        return about

    def handle(self, request_id: str) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle(f"approval-{request_id}")

    async def events(self, request_id: str) -> list[dict[str, Any]]:
        trail = await self.handle(request_id).query("audit_trail", 0)
        events: list[dict[str, Any]] = trail["events"]
        return events

    async def status(self, request_id: str) -> dict[str, Any]:
        status: dict[str, Any] = await self.handle(request_id).query("status")
        return status

    async def put(self, raws: Iterable[bytes]) -> None:
        await asyncio.to_thread(self._put, list(raws))

    async def emptied(self) -> None:
        """Once all is put away: Temporal has taken it, then."""

        async def empty() -> bool:
            return not await asyncio.to_thread(self.bodies, "INBOX")

        await until(empty, f"an empty inbox of {self.settings.mailbox}", 90)

    def bodies(self, folder: str) -> list[bytes]:
        with self.imap.login(self.settings.mailbox, PASSWORD) as imap:
            if imap.select(folder, readonly=True)[0] != "OK":
                return []
            _, found = imap.uid("FETCH", "1:*", "(BODY.PEEK[])")
            return [bytes(part[1]) for part in found if isinstance(part, tuple)]

    def _put(self, raws: list[bytes]) -> None:
        with self.imap.login(self.settings.mailbox, PASSWORD) as imap:
            for raw in raws:
                # Now by the server's own clock: GreenMail takes the hour of noon for midnight.
                answer, said = imap.append("INBOX", "", "", raw)
                assert answer == "OK", said

    def move_back(self, folder: str, mark: bytes) -> int:
        """By hand, in a mail program: what holds `mark`; how many there were."""
        with self.imap.login(self.settings.mailbox, PASSWORD) as imap:
            imap.select(folder)
            _, found = imap.uid("FETCH", "1:*", "(BODY.PEEK[])")
            wanted = [part[0] for part in found if isinstance(part, tuple) and mark in part[1]]
            uids = [uid.decode() for head in wanted for uid in re.findall(rb"UID (\d+)", head)]
            for uid in uids:
                imap.uid("COPY", uid, "INBOX")
                imap.uid("STORE", uid, "+FLAGS", r"(\Deleted)")
            imap.expunge()
            return len(uids)


@asynccontextmanager
async def desk(
    client: Client, post: Post, imap: ImapProcess, home: Path, **changes: str
) -> AsyncIterator[Desk]:
    name = f"agent-{secrets.token_hex(4)}"
    given: dict[str, Any] = {
        "mail_from": f"Agent <{name}@{CORP}>",
        "temporal_task_queue": f"red-{name}",
        "mail_auth": "required",
        "approvers": f"{BOB}, {CAROL}, {DAVE}",
        "approver_aliases": f"{BOB}={ROBERT}",
        "approval_secret": f"{NEW_SECRET}, {OLD_SECRET}",
        "smtp_host": post.host,
        "smtp_port": post.smtp_port,
        "smtp_security": "none",
        "imap_username": f"{name}@{CORP}",
        "imap_password": PASSWORD,
        **{key.lower(): value for key, value in imap.reach.items() if key.startswith("IMAP")},
        **changes,
    }
    made = Desk(client, post, imap, Settings(_env_file=None, **given), published())
    queue = made.settings.inbox_queue
    async with AsyncExitStack() as stack:
        for worker in _workers(made, home):
            await stack.enter_async_context(worker)
        made.started.append(
            await client.start_workflow("InboxWorkflow", Cursor(), id=queue, task_queue=queue)
        )
        yield made
    # Not before the workers have gone: what they still have to say about it would find nobody.
    for handle in made.started:
        description = await handle.describe()
        if description.close_time is None:
            await handle.terminate()


def published() -> Zone:
    """The keys of all; of the company's also some that are worth nothing."""
    zone = Zone.of(*SIGNERS)
    tested = key_record(CORP).replace("k=rsa", "k=rsa; t=s:y")
    zone.records[f"{REVOKED}._domainkey.{CORP}"] = "v=DKIM1; k=rsa; p="
    zone.records[f"{TESTED}._domainkey.{CORP}"] = tested
    return zone


def _workers(made: Desk, home: Path) -> list[Worker]:
    registry = Registry(collect(Shop(home / "shop.sqlite3")))
    assess = AssessActivities(made.settings, registry, search_attributes=False)
    notify = NotifyActivities(made.settings)
    inbox = InboxActivities(made.client, made.settings, Metrics(made.counts), made.zone)
    return [
        Worker(
            made.client,
            task_queue=made.settings.temporal_task_queue,
            workflows=[ApprovalWorkflow],
            activities=[assess.prepare, notify.notify, notify.answer],
            workflow_task_executor=SerialExecutor(),
        ),
        Worker(
            made.client,
            task_queue=made.settings.inbox_queue,
            workflows=[InboxWorkflow],
            activities=[inbox.watch_inbox, inbox.sweep],
            workflow_task_executor=SerialExecutor(),
            # As the product's own worker leaves: who reads hands over, and is not cut off.
            graceful_shutdown_timeout=GRACE,
            max_heartbeat_throttle_interval=timedelta(seconds=5),
            default_heartbeat_throttle_interval=timedelta(seconds=5),
        ),
    ]
