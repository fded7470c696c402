"""What is to happen with a call, and how an approval is asked, within a worker's settings."""

import json
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from agent.activities.assess import AssessActivities
from agent.canonical import action_digest, action_fingerprint
from agent.jobs import AssessInput, Assessment, Plan, PrepareInput, ToolCall, Verdict
from agent.models import ApprovalRequest, Policy, Risk, Stage
from agent.tools.registry import Registry, collect, tool
from agent.tools.shop import Shop
from mail.identity import digest_claim
from tests.unit.agent_samples import (
    APPROVER,
    ARGUMENTS,
    ASKED,
    CLAIM,
    DIGEST,
    EXPIRES,
    MAILBOX,
    OTHER,
    REQUEST_ID,
    REQUESTER,
    action,
    request,
    settings,
)


class Desk:
    @tool(risk=Risk.HIGH, summary="Write a letter")
    def write(self, text: str) -> str:
        """Write a letter."""
        return text

    @tool(risk=Risk.LOW, summary="Draft a letter")
    def draft(self, text: str) -> str:
        """Draft a letter."""
        return text


REGISTRY = Registry([*collect(Shop(Path("never-opened"))), *collect(Desk())])


async def assessed(tool: str = "refund_order", arguments: object = None, **job) -> Assessment:
    changes = job.pop("settings", {})
    text = arguments if isinstance(arguments, str) else json.dumps(arguments or ARGUMENTS)
    call = ToolCall(call_id="c", name=tool, arguments=text)
    activities = AssessActivities(settings(**changes), REGISTRY, True)
    given = AssessInput(request_id=REQUEST_ID, call=call, **job)
    return await ActivityEnvironment().run(activities.assess, given)


async def prepared(given: ApprovalRequest, **changes) -> Plan:
    activities = AssessActivities(settings(**changes), REGISTRY, True)
    return await ActivityEnvironment().run(
        activities.prepare, PrepareInput(request=given, at=ASKED)
    )


async def refused(given: ApprovalRequest, **changes) -> str:
    with pytest.raises(ApplicationError) as caught:
        await prepared(given, **changes)
    assert (caught.value.type, caught.value.non_retryable) == ("BadRequest", True)
    return caught.value.message


async def test_a_risky_call_is_asked_about_with_everything_people_need():
    found = await assessed(requested_by=REQUESTER)
    assert found.verdict is Verdict.ASK
    assert found.action is not None and found.policy is not None
    assert found.action.description == "Refund 120.00 EUR for order 1042"
    assert (found.action.arguments, found.action.digest) == (ARGUMENTS, DIGEST)
    assert found.action.risk is Risk.HIGH
    assert found.fingerprint == action_fingerprint("refund_order", ARGUMENTS)
    assert found.policy.approvers == (APPROVER, OTHER)
    assert found.idempotent is True
    assert found.max_approvals == 10


async def test_a_call_of_low_risk_runs_unasked():
    found = await assessed("lookup_order", {"order_id": 1042, "risky_action": False})
    assert (found.verdict, found.policy) == (Verdict.ALLOW, None)


@pytest.mark.parametrize(
    ("tool", "risky", "minimum", "verdict"),
    [
        ("lookup_order", True, "medium", Verdict.ASK),
        ("lookup_order", True, "high", Verdict.ALLOW),
        ("lookup_order", False, "low", Verdict.ASK),
        ("cancel_order", False, "medium", Verdict.ASK),
        ("cancel_order", False, "high", Verdict.ALLOW),
    ],
)
async def test_the_declared_risk_decides_and_the_model_only_raises_it(
    tool, risky, minimum, verdict
):
    arguments = {"order_id": 1042, "risky_action": risky}
    found = await assessed(tool, arguments, settings={"approval_min_risk": minimum})
    assert found.verdict is verdict


async def test_a_model_cannot_talk_a_refund_down():
    found = await assessed(arguments={**ARGUMENTS, "risky_action": False, "reasoning": "harmless"})
    assert found.verdict is Verdict.ASK
    assert found.action is not None and found.action.arguments == ARGUMENTS


async def test_what_people_cannot_be_shown_whole_they_are_not_asked():
    text = {"text": "x" * 20_000}
    found = await assessed("write", text)
    assert (found.verdict, found.action) == (Verdict.REFUSE, None)
    assert "too long to be shown" in found.reason
    assert (await assessed("draft", text)).verdict is Verdict.ALLOW


@pytest.mark.parametrize(
    ("tool", "arguments", "reason"),
    [
        ("drop_database", "{}", "there is no tool named 'drop_database'"),
        ("refund_order", '{"order_id": 1042}', "amount"),
        ("refund_order", '{"order_id":', "no JSON object"),
        ("cancel_order", '{"order_id": 1, "order_id": 2}', "stands twice"),
    ],
)
async def test_a_call_that_cannot_be_made_is_told_to_the_model(tool, arguments, reason):
    found = await assessed(tool, arguments)
    assert (found.verdict, found.action) == (Verdict.REFUSE, None)
    assert reason in found.reason


@pytest.mark.parametrize(
    ("job", "reason"),
    [
        ({"approvers": ("eve@evil.test",)}, "not an allowed approver"),
        ({"approvers": ("not an address",)}, "not an e-mail address"),
        ({"approvers": (APPROVER,), "requested_by": APPROVER}, "made the request"),
        ({"approvers": ("home@demo.test",), "requested_by": APPROVER}, "made the request"),
        ({"approvers": (MAILBOX,)}, "agent's own address"),
        ({"approvers": (APPROVER,), "require": 2}, "only 1 eligible"),
        ({"requested_by": "nobody"}, "not an e-mail address"),
    ],
)
async def test_whoever_starts_a_request_cannot_choose_its_judges_freely(job, reason):
    found = await assessed(settings={"approver_aliases": f"{APPROVER}=home@demo.test"}, **job)
    assert found.verdict is Verdict.REFUSE
    assert reason in found.reason


async def test_an_approval_is_completed_from_the_settings():
    bare = {"request_id": REQUEST_ID, "action": action(digest=None), "timeout_seconds": 60}
    plan = await prepared(ApprovalRequest(**bare))
    assert (plan.request.action.digest, plan.request.action.risk) == (DIGEST, Risk.HIGH)
    assert plan.request.policy is not None
    assert plan.request.policy.approvers == (APPROVER, OTHER)
    assert (plan.claim, plan.mailbox, plan.inbox_queue) == (CLAIM, MAILBOX, f"inbox-{MAILBOX}")
    assert (plan.operator_decisions, plan.search_attributes) == (True, True)
    assert (plan.expiry_grace_seconds, plan.authentication) == (60, "off")


@pytest.mark.parametrize(
    ("setting", "decide", "veto"),
    [("allow", True, False), ("deny", False, False), ("veto-only", False, True)],
)
async def test_what_operators_may_do_is_in_the_settings(setting, decide, veto):
    plan = await prepared(request(), operator_decisions=setting)
    assert (plan.operator_decisions, plan.operator_vetoes) == (decide, veto)


def test_a_plan_from_before_the_veto_lets_operators_do_as_they_could():
    old = {"request": request(), "claim": CLAIM, "mailbox": MAILBOX, "inbox_queue": "q"}
    for could in (True, False):
        plan = Plan.model_validate({**old, "operator_decisions": could})
        assert (plan.operator_decisions, plan.operator_vetoes) == (could, False)


async def test_a_digest_that_is_not_the_actions_is_refused():
    changed = action(arguments={**ARGUMENTS, "amount": "9999.00"})
    assert "digest" in await refused(request(action=changed))
    assert "digest" in await refused(request(request_id="AR-7K2M9QXD4V"))
    assert (await prepared(request(action=action(digest=DIGEST.upper())))).claim == CLAIM


async def test_the_claim_is_of_the_digest_that_was_computed():
    other = {**ARGUMENTS, "amount": "1.00"}
    plan = await prepared(request(action=action(arguments=other, digest=None)))
    assert plan.claim == digest_claim(action_digest(REQUEST_ID, "refund_order", other))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"request_id": "AR-7K2M9QXD4U"}, "request id"),
        ({"request_id": "ar-7k2m9qxd4t"}, "request id"),
        ({"action": action(action_type=" ", digest=None)}, "action_type is empty"),
        ({"action": action(arguments={"n": 2**53}, digest=None)}, "canonical form"),
        ({"action": action(arguments={"n": float("nan")}, digest=None)}, "canonical form"),
        ({"action": action(arguments={"n": "\ud800"}, digest=None)}, "canonical form"),
        ({"action": action(arguments={"s": "x" * 20_000}, digest=None)}, "too long to be shown"),
        ({"expires_at": None}, "neither expires_at nor timeout_seconds"),
        ({"expires_at": None, "timeout_seconds": 0}, "above 0"),
        ({"expires_at": None, "timeout_seconds": -1}, "above 0"),
        ({"expires_at": None, "timeout_seconds": float("nan")}, "above 0"),
        ({"expires_at": None, "timeout_seconds": 1e10}, "ten years"),
        ({"expires_at": "9999-12-31T23:59:59Z"}, "expires_at must be at most ten years away"),
        ({"expires_at": "0001-01-01T00:00:00Z"}, "leave it out if it is not set"),
        ({"expires_at": "0001-01-01T00:00:00+02:00"}, "leave it out if it is not set"),
        ({"requested_at": "0001-01-01T00:00:00Z"}, "requested_at must lie in the last ten years"),
        ({"requested_at": "2126-01-01T00:00:00Z"}, "requested_at must lie in the last ten years"),
        ({"mailbox": "other@demo.test"}, f"mailbox is {MAILBOX}"),
        ({"requested_by": "nobody"}, "not an e-mail address"),
    ],
)
async def test_an_approval_that_cannot_be_asked_is_named(changes, reason):
    assert reason in await refused(request(**changes))


@pytest.mark.parametrize(
    ("people", "require", "setting", "reason"),
    [
        (("eve@evil.test",), "any", "any", "not an allowed approver"),
        ((REQUESTER,), "any", "any", "made the request"),
        ((MAILBOX,), "any", "any", "agent's own address"),
        (("team: a@demo.test;",), "any", "any", "a group is not one address"),
        ((APPROVER,), "any", "2", "only 1 eligible"),
        ((APPROVER, OTHER), 3, "any", "only 2 eligible"),
    ],
)
async def test_another_workflows_policy_is_bounded_too(people, require, setting, reason):
    policy = Policy(stages=(Stage(approvers=people, require=require),))
    found = await refused(request(policy=policy), approvals_required=setting)
    assert reason in found


async def test_what_was_given_and_fits_is_kept():
    given = request(expires_at=EXPIRES, mailbox=MAILBOX.upper(), requested_by="Rosa@Demo.test")
    plan = await prepared(given)
    assert plan.request.expires_at == EXPIRES
    assert plan.request.requested_by == "rosa@demo.test"


async def test_why_a_call_is_refused_stays_short_whatever_it_holds():
    many = "{" + ",".join(f'"k{n}": 1' for n in range(50_000)) + "}"
    for name, arguments in (("refund_order", many), ("x" * 500_000, "{}")):
        found = await assessed(name, arguments)
        assert found.verdict is Verdict.REFUSE
        assert len(found.reason) <= 4_000
