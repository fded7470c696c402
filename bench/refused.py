"""A flood of refused mail about one approval, half of it with its approver's own token, before the
one vote that counts: is there room for it?"""

import asyncio
import secrets
import time
from dataclasses import dataclass

from bench.flood import emptied
from bench.mailbox import Box, write_files
from bench.place import Place
from bench.process import memory
from bench.replies import VOTER, Asked, replies, signalled
from tests.servers.dns import dns_server
from tests.servers.store import ImapProcess
from tests.signing import SELECTOR, key_record, signed
from tests.waiting import logged

_DOMAIN = VOTER.rpartition("@")[2]
_STRANGER = "eve@evil.test"
_PATIENCE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Withstood:
    """How a flood of refused mail ended."""

    outcome: str
    signals: int
    """What of it Temporal was handed, the vote among it."""
    warnings: int
    """Letters to the approver about mail in their name."""
    heard_seconds: float
    """From the delivery of all of it to the signal of the vote."""
    emptied_seconds: float
    grown_mb: float
    unmatched: int
    processed: int


async def withstand(place: Place, server: ImapProcess, asked: Asked, count: int) -> Withstood:
    """Deliver so many refused messages, and last a signed APPROVE, which
    is heard last. Only for Dovecot."""
    box = Box(server, f"refused-{count}-{secrets.token_hex(3)}@bench.test")
    forged = [*replies(place.keyring, [asked] * count)]
    strangers = [raw.replace(VOTER.encode(), _STRANGER.encode()) for raw in forged[1::2]]
    (vote,) = replies(place.keyring, [asked])
    zone = {f"{SELECTOR}._domainkey.{_DOMAIN}": key_record(_DOMAIN)}
    async with dns_server(zone) as dns:
        proving = {"MAIL_AUTH": "required", "DNS_SERVERS": dns.setting}
        async with place.inbox_worker({**box.reach, **proving}) as worker:
            pid = worker.process.pid
            idle = memory(pid)
            maildir = box.maildir()
            assert maildir is not None
            flood = [(raw, 1) for raw in (*forged[::2], *strangers, signed(vote, _DOMAIN))]
            sent = place.sink.messages
            await asyncio.to_thread(write_files, maildir, flood)
            start = time.time()
            await logged(worker, "signalled approve", _PATIENCE_SECONDS)
            heard = time.time() - start
            outcome = await signalled(place.client, asked).result()
            gone = await emptied(box, start)
            history = await signalled(place.client, asked).fetch_history()
            received = (
                e.HasField("workflow_execution_signaled_event_attributes") for e in history.events
            )
            return Withstood(
                outcome=outcome["outcome"],
                signals=sum(received),
                # The other is the receipt.
                warnings=place.sink.messages - sent - 1,
                heard_seconds=heard,
                emptied_seconds=gone,
                grown_mb=memory(pid, "VmHWM") - idle,
                unmatched=await asyncio.to_thread(box.count, "Unmatched"),
                processed=await asyncio.to_thread(box.count, "Processed"),
            )
