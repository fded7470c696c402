"""What is to happen with a call, and how an approval is asked: the settings meet the request.

Activities, because settings must be read once and stand in history: a worker started with other
ones replays the same.
"""

from datetime import datetime, timedelta

from temporalio import activity
from temporalio.exceptions import ApplicationError

from agent.ballot import CLOCK_SKEW
from agent.bounds import bounds_of
from agent.canonical import REQUEST_ID, action_digest, action_fingerprint
from agent.errors import BAD_REQUEST, BadArguments, NotAllowed
from agent.jobs import AssessInput, Assessment, Plan, PrepareInput, Verdict
from agent.letters import check_showable
from agent.models import Action, ApprovalRequest, Policy, Risk, Stage
from agent.policy import bounded_policy, check_requester, effective_risk, needs_approval
from agent.settings import Settings
from agent.tools.registry import Registry
from mail.address import parse_address
from mail.identity import digest_claim

_REASON = 4_000  # characters: a model may call with a hundred thousand arguments too many
_LONGEST = timedelta(days=10 * 365)


class AssessActivities:
    """Holds the settings and the tools; touches nothing outside."""

    def __init__(self, settings: Settings, registry: Registry, search_attributes: bool) -> None:
        self._settings = settings
        self._registry = registry
        self._search_attributes = search_attributes

    @activity.defn
    async def assess(self, job: AssessInput) -> Assessment:
        """Never raises for a bad call: the model is told why, and the run goes on."""
        try:
            return self._assess(job)
        except (BadArguments, NotAllowed, ValueError) as error:
            return Assessment(verdict=Verdict.REFUSE, reason=str(error)[:_REASON])

    @activity.defn
    async def prepare(self, job: PrepareInput) -> Plan:
        """Complete and check an approval, whoever started it. Raises BadRequest."""
        try:
            return self._prepare(job.request, job.at)
        except (BadArguments, NotAllowed, ValueError) as error:
            raise ApplicationError(str(error), type=BAD_REQUEST, non_retryable=True) from error

    def _assess(self, job: AssessInput) -> Assessment:
        check_requester(job.requested_by, bounds_of(self._settings))
        tool = self._registry.get(job.call.name)
        if tool is None:
            raise BadArguments(f"there is no tool named {job.call.name!r}")
        call = tool.parse(job.call.arguments)
        risk = effective_risk(tool.risk, call.risky_action)
        action = Action(
            action_type=tool.name,
            description=tool.summarize(call.arguments),
            arguments=call.arguments,
            reasoning=call.reasoning,
            risky_action=call.risky_action,
            risk=risk,
            digest=action_digest(job.request_id, tool.name, call.arguments),
        )
        ask = needs_approval(risk, self._settings.approval_min_risk)
        if ask:
            check_showable(tool.name, call.arguments)
        return Assessment(
            verdict=Verdict.ASK if ask else Verdict.ALLOW,
            action=action,
            fingerprint=action_fingerprint(tool.name, call.arguments),
            idempotent=tool.idempotent,
            policy=self._policy(job) if ask else None,
            max_approvals=self._settings.max_approvals_per_run,
        )

    def _policy(self, job: AssessInput) -> Policy:
        approvers = tuple(parse_address(approver) for approver in job.approvers)
        stage = Stage(approvers=approvers, require=job.require or "any")
        requester = parse_address(job.requested_by) if job.requested_by else None
        return bounded_policy(Policy(stages=(stage,)), requester, bounds_of(self._settings))

    def _prepare(self, request: ApprovalRequest, now: datetime) -> Plan:
        settings, action = self._settings, request.action
        check_requester(request.requested_by, bounds_of(settings))
        if not REQUEST_ID.fullmatch(request.request_id):
            raise ValueError("the request id must be AR- and ten of 0-9, A-Z without I, L, O, U")
        if not action.action_type.strip():
            raise ValueError("action_type is empty")
        if request.mailbox is not None and parse_address(request.mailbox) != settings.mailbox:
            raise ValueError(f"this worker's mailbox is {settings.mailbox}")
        _check_times(request, now)
        check_showable(action.action_type, action.arguments)
        digest = action_digest(request.request_id, action.action_type, action.arguments)
        if action.digest is not None and action.digest.lower() != digest:
            raise ValueError("the digest given is not that of the action")
        requester = parse_address(request.requested_by) if request.requested_by else None
        policy = bounded_policy(_parsed(request.policy), requester, bounds_of(settings))
        completed = action.model_copy(update={"digest": digest, "risk": action.risk or Risk.HIGH})
        return Plan(
            request=request.model_copy(
                update={"action": completed, "policy": policy, "requested_by": requester}
            ),
            claim=digest_claim(digest),
            mailbox=settings.mailbox,
            inbox_queue=settings.inbox_queue,
            operator_decisions=settings.operator_decisions == "allow",
            operator_vetoes=settings.operator_decisions == "veto-only",
            expiry_grace_seconds=settings.expiry_grace,
            search_attributes=self._search_attributes,
            authentication=settings.mail_auth,
        )


def _check_times(request: ApprovalRequest, now: datetime) -> None:
    """By the workflow's clock, which keeps the deadline: a worker's own may be wrong."""
    if request.expires_at is None:
        if request.timeout_seconds is None:
            raise ValueError("neither expires_at nor timeout_seconds is given")
        if not 0 < request.timeout_seconds <= _LONGEST.total_seconds():
            raise ValueError("timeout_seconds must be above 0 and at most ten years")
    elif abs(request.expires_at - now) > _LONGEST:
        # "Never" in the guise of 9999-12-31, which has no date in every time zone, so no mail
        # either; or "not set" in that of 0001-01-01, as Go and .NET write it.
        raise ValueError("expires_at must be at most ten years away; leave it out if it is not set")
    asked_at = request.requested_at
    if asked_at is not None and not now - _LONGEST <= asked_at <= now + CLOCK_SKEW:
        # No reply would count that was written before it.
        raise ValueError("requested_at must lie in the last ten years; leave it out if it is now")


def _parsed(policy: Policy | None) -> Policy | None:
    if policy is None:
        return None
    return Policy(
        stages=tuple(
            Stage(approvers=tuple(map(parse_address, stage.approvers)), require=stage.require)
            for stage in policy.stages
        )
    )
