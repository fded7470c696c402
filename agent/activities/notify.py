"""Everything the agent mails: requests, answers, results. One activity a message."""

from datetime import UTC, datetime

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from agent.activities.heartbeat import heartbeats
from agent.bounds import bounds_of, sender_of, smtp_of
from agent.canonical import action_digest
from agent.errors import NotAllowed
from agent.jobs import AnswerInput, NotifyInput, NotifyResult, TellInput
from agent.letters import answer_of, approval_of, stage_of
from agent.policy import check_approver, check_requester
from agent.settings import Settings
from mail.address import parse_address
from mail.compose import compose_answer, compose_request, compose_result
from mail.errors import MailAuth, MailError, MailRejected
from mail.message import Outgoing
from mail.smtp import send


class NotifyActivities:
    """Holds the settings; every message has a connection of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._smtp = smtp_of(settings)

    @activity.defn
    async def notify(self, job: NotifyInput) -> NotifyResult:
        """Mail the request to one approver. A refusal for good is a result, not an error."""
        request, action = job.request, job.request.action
        digest = action_digest(request.request_id, action.action_type, action.arguments)
        if digest != action.digest:
            return NotifyResult(accepted=False, detail="the digest is not that of the action")
        try:
            # Once more, with today's settings: whoever was taken off the list is not asked.
            check_approver(job.approver, request.requested_by, bounds_of(self._settings))
        except NotAllowed as error:
            return NotifyResult(accepted=False, detail=str(error))
        message = compose_request(
            sender_of(self._settings),
            approval_of(request, job.stage),
            job.approver,
            request.requested_at or datetime.now(UTC),
        )
        try:
            await self._send(message)
        except MailRejected as error:
            return NotifyResult(accepted=False, detail=str(error))
        activity.logger.info("asked %s about %s", job.approver, request.request_id)
        return NotifyResult(accepted=True)

    @activity.defn
    async def answer(self, job: AnswerInput) -> None:
        """Mail one answer. Raises a non-retryable error if the server refuses it for good."""
        policy = job.request.policy
        if policy is None or job.to not in policy.approvers:
            # What an operator found out is told to the requester, too.
            self._check_requester(job.to)
        message = compose_answer(
            sender_of(self._settings),
            approval_of(job.request, stage_of(job)),
            job.to,
            answer_of(job),
            job.at,
        )
        await self._send_or_fail(message)

    @activity.defn
    async def tell(self, job: TellInput) -> None:
        """Mail the result to whoever made the request, if today's settings allow them to."""
        self._check_requester(job.to)
        try:
            to = parse_address(job.to)
        except ValueError as error:
            raise ApplicationError(str(error), type="MailRejected", non_retryable=True) from error
        message = compose_result(
            sender_of(self._settings),
            to,
            job.user_request,
            job.result,
            job.workflow_id,
            approval_of(job.last, 0) if job.last else None,
            job.at,
        )
        await self._send_or_fail(message)

    def _check_requester(self, to: str) -> None:
        try:
            check_requester(to, bounds_of(self._settings))
        except NotAllowed as error:
            raise ApplicationError(str(error), type="NotAllowed", non_retryable=True) from error

    async def _send_or_fail(self, message: Outgoing) -> None:
        try:
            await self._send(message)
        except MailRejected as error:
            raise ApplicationError(str(error), type="MailRejected", non_retryable=True) from error

    async def _send(self, message: Outgoing) -> None:
        try:
            async with heartbeats():
                await send(self._smtp, message)
        except MailRejected:
            raise
        except MailError as error:
            # Loudly: until somebody mends it, nobody can be asked.
            level = (
                activity.logger.error if isinstance(error, MailAuth) else activity.logger.warning
            )
            level("mail not sent, will be tried again: %s", error)
            # Benign: of any other failure the SDK logs a traceback, at every try.
            raise ApplicationError(
                str(error), type=type(error).__name__, category=ApplicationErrorCategory.BENIGN
            ) from error
