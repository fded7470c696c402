"""What Prometheus reads of a worker that has been at work."""

import asyncio
import re
import urllib.request

import pytest

from tests.integration.proxy import Proxy
from tests.servers.store import HOST, free_port
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Scrape:
    """Samples by name and labels, as the text format gives them."""

    def __init__(self, text: str) -> None:
        self._samples = re.findall(r"^(\w+)\{([^}]*)\} (\S+)$", text, re.MULTILINE)

    def value(self, name: str, **labels: str) -> float | None:
        wanted = {f'{key}="{value}"' for key, value in labels.items()}
        for sample, text, value in self._samples:
            if sample == name and wanted <= set(text.split(",")):
                return float(value)
        return None


async def test_a_worker_tells_what_was_read_and_what_waits(office):
    address = f"{HOST}:{free_port()}"

    async def scrape() -> Scrape:
        url = f"http://{address}/metrics"
        with await asyncio.to_thread(urllib.request.urlopen, url, timeout=5) as answer:
            return Scrape(answer.read().decode())

    async def told(name: str, least: float, **labels: str) -> float:
        async def there() -> float | None:
            value = (await scrape()).value(name, **labels)
            return value if value is not None and value >= least else None

        found = await until(there, f"{name} {labels} of {least}")
        assert found is not None
        return found

    # It drops the connection once, as the worker begins to wait.
    proxy = Proxy(office.mail.host, office.mail.imap_port, b"IDLE", lambda: None)
    async with (
        proxy.serving(),
        office.worker(METRICS_ADDRESS=address, IMAP_PORT=str(proxy.port)),
    ):
        waiting, _ = await office.asked("Cancel order 1043")
        run, letter = await office.asked("Cancel order 1042")
        await office.reply(letter, "what is this?")
        await run.letter("approver@demo.test", "could not be counted")
        other = {"request_id": "AR-0000000000", "approved": True, "decided_at": ""}
        await run.approval.signal("approval_decision", other)
        await office.reply(letter, "APPROVE")
        await office.send("stranger@demo.test", office.agent, b"Subject: hello\r\n\r\nhello\r\n")
        assert await run.outcome() == "approved"
        assert await told("approval_mail_messages_total", 1, result="approve") == 1
        assert await told("approval_mail_messages_total", 1, result="unclear") == 1
        assert await told("approval_mail_messages_total", 1, result="unmatched") == 1
        assert await told("approval_outcomes_total", 1, outcome="approved") == 1
        ignored = "approval_decisions_ignored_total"
        assert await told(ignored, 1, reason="wrong-request") == 1
        assert await told("approval_mail_signal_latency_seconds_count", 2) == 2
        assert await told("approval_mail_signal_latency_seconds_sum", 0.001) < 60
        assert await told("approvals_waiting", 1) == 1
        first = await told("approvals_oldest_waiting_age_seconds", 0.001)
        assert await told("approvals_oldest_waiting_age_seconds", first + 1) < 600
        assert await told("approval_inbox_last_sweep_age_seconds", 0.001) < 60
        assert await told("approval_inbox_reconnects_total", 1, reason="MailUnavailable") == 1
        await waiting.handle.cancel()
        await waiting.outcome()
