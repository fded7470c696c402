"""Mail that comes after an approval has closed: answered by the inbox, once a person."""

import asyncio
import hashlib
import logging
from collections import OrderedDict
from datetime import UTC, datetime
from typing import Any

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowFailureError
from temporalio.service import RPCError, RPCStatusCode

from agent.bounds import sender_of, smtp_of
from agent.jobs import AnswerInput, AnswerKind
from agent.letters import answer_of, approval_of
from agent.models import Action, ApprovalOutcome, ApprovalRequest, Policy, Stage, Vote
from agent.settings import Settings
from agent.sorting import Sorted
from mail.compose import compose_answer
from mail.errors import MailError, MailRejected
from mail.smtp import send

log = logging.getLogger(__name__)

_REMEMBERED = 10_000  # people already told, across all approvals: bounds the memory
_LOOKUP_SECONDS = 10.0


class LateAnswers:
    """Looks the outcome up and tells it. Whoever has no valid token is never answered."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._told: OrderedDict[str, None] = OrderedDict()

    async def answer(self, message: Sorted) -> bool:
        """False if it could not be sent now: the message stays for the next sweep."""
        if not message.answerable:
            return True
        signal = message.decision or message.notice
        assert signal is not None and signal.approver is not None
        person = f"{signal.request_id}\0{signal.approver}"
        key = hashlib.sha256(person.encode()).hexdigest()[:16]
        if key in self._told:
            return True
        found = await self._look_up(signal.request_id)
        if found is None:
            log.warning("mail about approval %s, which is not known", signal.request_id)
            return True
        request, outcome = found
        job = AnswerInput(
            request=request,
            stage=0,
            to=signal.approver,
            kind=AnswerKind.LATE,
            key="closed",
            outcome=outcome.outcome,
            vote=_vote(message),
            votes=outcome.votes,
            reason=message.notice.reason if message.notice else "",
            at=datetime.now(UTC),
        )
        letter = compose_answer(
            sender_of(self._settings), approval_of(request, 0), job.to, answer_of(job), job.at
        )
        try:
            await send(smtp_of(self._settings), letter)
        except MailRejected as error:
            log.warning("nobody told that approval %s has ended: %s", request.request_id, error)
        except MailError as error:
            log.warning("answer not sent, the mail stays in the inbox: %s", error)
            return False
        self._remember(key)
        return True

    async def _look_up(self, request_id: str) -> tuple[ApprovalRequest, ApprovalOutcome] | None:
        handle = self._client.get_workflow_handle(
            f"approval-{request_id}", result_type=ApprovalOutcome
        )
        try:
            description = await handle.describe()
            if description.status is not WorkflowExecutionStatus.COMPLETED:
                return None
            memo = await description.memo()
            async with asyncio.timeout(_LOOKUP_SECONDS):
                outcome: ApprovalOutcome = await handle.result()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise
        except WorkflowFailureError:
            return None
        return _request_of(memo), outcome

    def _remember(self, key: str) -> None:
        self._told[key] = None
        while len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)


def _request_of(memo: Any) -> ApprovalRequest:
    """As much of the request as the memo keeps: enough for the thread, its subject and token."""
    return ApprovalRequest(
        request_id=memo["request_id"],
        action=Action(
            action_type="", description=memo["summary"], arguments={}, digest=memo["digest"]
        ),
        requested_at=memo["requested_at"],
        expires_at=memo["expires_at"],
        policy=Policy(stages=(Stage(approvers=tuple(memo["approvers"])),)),
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
