"""Mail that comes after an approval has closed: answered by the inbox, once a person, and no more
than so often an hour. Who was answered travels with the reader's cursor (`agent.ledger`)."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from agent.bounds import sender_of, smtp_of
from agent.jobs import AnswerInput, AnswerKind
from agent.ledger import Ledger, entry_of
from agent.letters import answer_of, approval_of
from agent.memo import request_of
from agent.models import ApprovalOutcome, ApprovalRequest, Vote
from agent.settings import Settings
from agent.sorting import Sorted
from agent.told import LateMail, told_already
from mail.compose import compose_answer
from mail.errors import MailError, MailRejected
from mail.smtp import send

log = logging.getLogger(__name__)

_LOOKUP_SECONDS = 10.0
_SEND_SECONDS = 5.0  # what a sweep waits for: votes lie behind it, and a server may hang
_CONCURRENT = 32  # connections to the SMTP server
_BROKEN = {
    WorkflowExecutionStatus.TERMINATED: "terminated",
    WorkflowExecutionStatus.FAILED: "broken",
    WorkflowExecutionStatus.TIMED_OUT: "broken",
    WorkflowExecutionStatus.CANCELED: "broken",
}


class LateAnswers:
    """Looks the outcome up and tells it. Whoever has no valid token is never answered."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._ledger = Ledger()
        self._sending: dict[str, asyncio.Task[bool]] = {}
        """Called off after a while they might have been delivered, and would be sent again."""
        self._gate = asyncio.Semaphore(_CONCURRENT)

    @property
    def told(self) -> tuple[str, ...]:
        """Who was answered, to be kept where it outlives this process."""
        return self._ledger.rows

    def recall(self, told: Iterable[str]) -> None:
        """Whom another reader has answered."""
        self._ledger.recall(told)

    async def answer(self, message: Sorted) -> bool:
        """False if it could not be answered now: the message stays for the next sweep."""
        if not message.answerable:
            return True
        signal = message.decision or message.notice
        assert signal is not None and signal.approver is not None
        key = entry_of(signal.request_id, signal.approver)
        if self._ledger.holds(key):
            return True
        if key not in self._sending:
            try:
                async with asyncio.timeout(_LOOKUP_SECONDS):
                    ended = await self._look_up(signal.request_id)
            except TimeoutError:
                log.warning("approval %s not looked up in time: the mail stays", signal.request_id)
                return False
            job = _job_for(message, ended) if ended else None
            if ended is None:
                log.warning("mail about approval %s, which is not known", signal.request_id)
            if ended is None or job is None:
                return True
            if key not in self._sending:
                if self._ledger.has_had_enough(key, datetime.now(UTC), self._sending):
                    log.warning("mail about approval %s is one too many", signal.request_id)
                    return True
                self._sending[key] = asyncio.create_task(self._send(job, ended.broken))
                await asyncio.wait([self._sending[key]], timeout=_SEND_SECONDS)
        return self._sent(key)

    def _sent(self, key: str) -> bool:
        task = self._sending.get(key)
        if task is None:
            return self._ledger.holds(key)
        if not task.done():
            return False
        del self._sending[key]
        if task.result():
            self._ledger.add(key, datetime.now(UTC))
        return self._ledger.holds(key)

    async def _send(self, job: AnswerInput, broken: str) -> bool:
        """False if the server cannot take it now; one that never will has the same as its word."""
        answer = answer_of(job)
        letter = compose_answer(
            sender_of(self._settings),
            approval_of(job.request, 0),
            job.to,
            replace(answer, outcome=broken) if broken else answer,
            job.at,
        )
        try:
            async with self._gate:
                await send(smtp_of(self._settings), letter)
        except MailRejected as error:
            request_id = job.request.request_id
            log.warning("nobody told that approval %s has ended: %s", request_id, error)
        except MailError as error:
            log.warning("answer not sent, the mail stays in the inbox: %s", error)
            return False
        return True

    async def _look_up(self, request_id: str) -> "_Ended | None":
        handle = self._client.get_workflow_handle(
            f"approval-{request_id}", result_type=ApprovalOutcome
        )
        try:
            description = await handle.describe()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise
        request = request_of(await description.memo())
        if request is None:
            return None
        if description.status is WorkflowExecutionStatus.COMPLETED:
            return _Ended(request, await handle.result())
        broken = _BROKEN.get(description.status) if description.status else None
        return _Ended(request, broken=broken) if broken else None


@dataclass(frozen=True, slots=True)
class _Ended:
    """A closed approval: its outcome, or else how it ended without one."""

    request: ApprovalRequest
    outcome: ApprovalOutcome | None = None
    broken: str = ""


def _job_for(message: Sorted, ended: _Ended) -> AnswerInput | None:
    """None where its writer knows all that could be said."""
    signal = message.decision or message.notice
    assert signal is not None and signal.approver is not None
    now = datetime.now(UTC)
    reason, read = (message.notice.reason, message.notice.note) if message.notice else ("", "")
    mail = LateMail(signal.approver, signal.received_at or now, _vote(message), reason, read)
    outcome = ended.outcome
    if outcome and told_already(mail, outcome.outcome, outcome.decided_at, outcome.votes):
        return None
    return _job(ended, mail, now)


def _job(ended: _Ended, mail: LateMail, now: datetime) -> AnswerInput:
    outcome, deadline = ended.outcome, ended.request.expires_at
    return AnswerInput(
        request=ended.request,
        stage=0,
        to=mail.approver,
        kind=AnswerKind.LATE,
        # The same letter that the approval sends: whoever has it already gets no other.
        key="1",
        outcome=outcome.outcome if outcome else None,
        vote=mail.vote,
        votes=outcome.votes if outcome else (),
        reason=mail.reason,
        read=mail.read,
        missed_deadline=deadline is not None and mail.received_at > deadline,
        at=now,
    )


def _vote(message: Sorted) -> Vote | None:
    decision = message.decision
    if decision is None or decision.approver is None or decision.received_at is None:
        return None
    return Vote(
        approver=decision.approver,
        approved=decision.approved,
        note=decision.reviewer_notes or "",
        received_at=decision.received_at,
    )
