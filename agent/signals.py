"""Hands what was read over to the approvals, as Temporal's signals; closed ones are answered."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from agent.late import LateAnswers
from agent.metrics import Metrics
from agent.models import ApprovalDecision
from agent.policy import Bounds, addresses_of
from agent.quota import Quota
from agent.sorting import Sorted

log = logging.getLogger(__name__)

_CONCURRENT = 32  # approvals signalled at a time; of one approval strictly in order


class Signals:
    """Sends what belongs to approvals. What cannot be sent now has to stay in the mailbox."""

    def __init__(
        self,
        client: Client,
        late: LateAnswers,
        metrics: Metrics | None = None,
        bounds: Bounds | None = None,
    ) -> None:
        self._client = client
        self._late = late
        self._bounds = bounds or Bounds()
        self._metrics = metrics or Metrics()
        self._quota = Quota()

    @property
    def told(self) -> tuple[str, ...]:
        """Who was answered after the end of which approval, for the bookmark."""
        return self._late.told

    async def send(self, messages: Sequence[Sorted], progress: Callable[[], None]) -> set[int]:
        """Return the UIDs of messages whose answer could not be sent now. Raises RPCError if
        Temporal does not take a signal: then none of these messages may be put away."""
        by_approval: dict[str, list[Sorted]] = defaultdict(list)
        for message in sorted(messages, key=lambda message: message.order):
            if message.request_id:
                by_approval[message.request_id].append(message)
        gate = asyncio.Semaphore(_CONCURRENT)
        kept: set[int] = set()

        async def one(group: list[Sorted]) -> None:
            async with gate:
                for message in group:
                    progress()
                    if not await self._signal(message):
                        kept.add(message.uid)

        try:
            async with asyncio.TaskGroup() as tasks:
                for group in by_approval.values():
                    tasks.create_task(one(group))
        except* RPCError as errors:
            raise errors.exceptions[0] from None
        return kept

    async def _signal(self, message: Sorted) -> bool:
        """False if the message must stay in the inbox for another try."""
        signal = message.decision or message.notice
        if signal is not None and self._quota.used_up(signal):
            log.info("approval %s was told enough of its kind", message.request_id)
            return True
        handle = self._client.get_workflow_handle(f"approval-{message.request_id}")
        try:
            if message.decision is not None:
                await handle.signal("approval_decision", self._with_addresses(message.decision))
            elif message.notice is not None:
                await handle.signal("reply_received", message.notice)
            if signal is not None:
                self._quota.count(signal)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return await self._answer_late(message)
            if error.status is RPCStatusCode.INVALID_ARGUMENT:
                # The run's limit of signals: it can take no more, whatever is tried.
                log.error("approval %s takes no more signals", message.request_id)
                return True
            raise
        self._metrics.signalled(message)
        log.info("signalled %s to approval %s", message.reason, message.request_id)
        return True

    def _with_addresses(self, decision: ApprovalDecision) -> ApprovalDecision:
        """An alias may have been listed after the approval was asked, and tell that its approver
        made the request: whoever counts the votes knows no settings."""
        addresses = addresses_of(decision.approver or "", self._bounds)
        return decision.model_copy(update={"addresses": addresses}) if addresses else decision

    async def _answer_late(self, message: Sorted) -> bool:
        try:
            return await self._late.answer(message)
        except RPCError:
            raise
        # Whatever a closed approval left behind that cannot be told: it must not stop the inbox.
        except Exception:
            log.exception("mail after approval %s has ended is not answered", message.request_id)
            return True
