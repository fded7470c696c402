"""Separation of duties: who may ask, and that whoever asks never agrees, under any address."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from agent.activities.assess import AssessActivities
from agent.activities.watch_inbox import InboxActivities
from agent.ballot import Ballot, Ruling
from agent.bounds import bounds_of
from agent.errors import NotAllowed
from agent.jobs import AssessInput, Assessment, PrepareInput, ToolCall, Verdict
from agent.models import ApprovalDecision, Policy, Stage
from agent.policy import Bounds, addresses_of, bounded_policy, check_requester, person_of
from agent.tools.registry import Registry, collect
from agent.tools.shop import Shop
from tests.unit.agent_samples import (
    APPROVER,
    ARGUMENTS,
    ASKED,
    CLAIM,
    EXPIRES,
    OTHER,
    REQUEST_ID,
    REQUESTER,
    decision,
    request,
    settings,
)
from tests.unit.mailbox import Mailbox, vote

NOW = ASKED + timedelta(minutes=2)
REGISTRY = Registry(collect(Shop(Path("never-opened"))))
CALLS = [("refund_order", ARGUMENTS), ("lookup_order", {"order_id": 1042})]
FOREIGN = f"no request is taken from {REQUESTER}: not in REQUESTER_DOMAINS"
NOBODY = "who makes the request has to be named, in a domain of REQUESTER_DOMAINS"


async def assessed(
    tool: str, arguments: object, requested_by: str | None, **changes: Any
) -> Assessment:
    call = ToolCall(call_id="c", name=tool, arguments=json.dumps(arguments))
    job = AssessInput(request_id=REQUEST_ID, call=call, requested_by=requested_by)
    activities = AssessActivities(settings(**changes), REGISTRY, True)
    return await ActivityEnvironment().run(activities.assess, job)


async def bad_request(changes: dict[str, Any], **asked: Any) -> str:
    activities = AssessActivities(settings(**changes), REGISTRY, True)
    job = PrepareInput(request=request(**asked), at=ASKED)
    with pytest.raises(ApplicationError) as caught:
        await ActivityEnvironment().run(activities.prepare, job)
    assert (caught.value.type, caught.value.non_retryable) == ("BadRequest", True)
    return caught.value.message


@pytest.mark.parametrize(
    ("requester", "allowed"),
    [
        ("rosa@x.test", True),
        ("Rosa+shop@X.TEST", True),
        ("rosa@bücher.test", True),
        ("rosa@XN--bcher-kva.test", True),
        ("rosa@y.test", False),
        ("rosa@sub.x.test", False),
        ("rosa@notx.test", False),
        ("rosa@x.test.evil", False),
        ('"rosa@x.test" <eve@evil.test>', False),
        ("rosa@x.test, eve@evil.test", False),
        ("rosa", False),
        ("", False),
        (None, False),
    ],
)
def test_where_domains_are_set_requests_come_from_there(requester, allowed):
    bounds = bounds_of(settings(requester_domains="X.test, Bücher.test"))
    if allowed:
        check_requester(requester, bounds)
    else:
        with pytest.raises(NotAllowed, match="REQUESTER_DOMAINS"):
            check_requester(requester, bounds)


@pytest.mark.parametrize("requester", [None, "", "rosa@y.test", "no address"])
def test_without_the_setting_anybody_may_ask(requester):
    check_requester(requester, bounds_of(settings()))


@pytest.mark.parametrize(("tool", "arguments"), CALLS)
@pytest.mark.parametrize(("requester", "reason"), [(REQUESTER, FOREIGN), (None, NOBODY)])
async def test_for_a_foreign_requester_no_call_is_made(tool, arguments, requester, reason):
    found = await assessed(tool, arguments, requester, requester_domains="shop.test")
    assert (found.verdict, found.reason, found.action) == (Verdict.REFUSE, reason, None)
    allowed = await assessed(tool, arguments, "rosa@shop.test", requester_domains="shop.test")
    assert allowed.verdict is not Verdict.REFUSE


@pytest.mark.parametrize(("requester", "reason"), [(REQUESTER, FOREIGN), (None, NOBODY)])
async def test_for_a_foreign_requester_no_approval_is_asked(requester, reason):
    only = {"requester_domains": "shop.test"}
    assert await bad_request(only, requested_by=requester) == reason


@pytest.mark.parametrize("requester", [APPROVER, "home@y.test", "Approver+shop@demo.test"])
async def test_with_nobody_left_to_agree_it_is_refused_at_once_with_who_and_why(requester):
    only = {"approvers": APPROVER, "approver_aliases": f"{APPROVER}=home@y.test"}
    who = "" if requester == APPROVER else f" (as {requester})"
    why = f"no approver is eligible: {APPROVER} made the request{who}; name one"
    found = await assessed("refund_order", ARGUMENTS, requester, **only)
    assert found.verdict is Verdict.REFUSE
    assert found.reason.lower().startswith(why.lower())
    refused = await bad_request(only, requested_by=requester, policy=None)
    assert refused.lower().startswith(why.lower())


async def test_with_too_few_left_to_agree_it_is_said_who_is_left_out():
    found = await assessed("refund_order", ARGUMENTS, OTHER, approvals_required="2")
    assert found.reason == (
        f"2 approvers must agree, but only 1 eligible: {OTHER} made the request"
    )


def test_without_approvers_the_setting_is_named():
    with pytest.raises(NotAllowed, match="no approver is eligible: APPROVERS is empty; name one"):
        bounded_policy(None, REQUESTER, Bounds())


async def test_the_requester_is_refused_where_a_policy_names_them():
    policy = Policy(stages=(Stage(approvers=("requester+x@demo.test",)),))
    found = await bad_request({"approver_domains": "demo.test"}, policy=policy)
    assert found == (
        f"requester+x@demo.test made the request (as {REQUESTER}) and cannot approve it"
    )


ALIASES = {
    "home@y.test": APPROVER,
    "office+a@z.test": APPROVER,
    "other@y.test": OTHER,
}


@pytest.mark.parametrize(
    ("address", "person"),
    [
        ("home@y.test", APPROVER),
        ("home+1@y.test", APPROVER),
        ("Approver+2@Demo.test", APPROVER),
        ("office+a@z.test", APPROVER),
        # What is delivered to the mailbox of an alias is delivered to its owner.
        ("office@z.test", APPROVER),
        ("office+b@z.test", APPROVER),
        ("other@y.test", OTHER),
        ("ho.me@y.test", "ho.me@y.test"),
    ],
)
def test_one_person_is_known_under_every_address(address, person):
    bounds = Bounds(aliases=ALIASES)
    assert person_of(address, bounds) == person_of(person, bounds)
    everybody = {person_of(a, bounds) for a in (APPROVER, OTHER, "ho.me@y.test")}
    assert len(everybody) == 3


def test_a_mailbox_that_two_people_share_is_one_person():
    shared = {"team+a@z.test": APPROVER, "team+b@z.test": OTHER}
    bounds = Bounds(approvers=(APPROVER, OTHER), aliases=shared)
    with pytest.raises(NotAllowed, match="no approver is eligible"):
        bounded_policy(None, "team+c@z.test", bounds)


def test_every_address_of_a_person_is_known():
    bounds = Bounds(aliases=ALIASES)
    all_of = (APPROVER, "home@y.test", "office@z.test")
    for address in (*all_of, "home+x@y.test"):
        assert addresses_of(address, bounds) == all_of
    assert addresses_of("nobody@x.test", bounds) == ()


def ballot(requester: str | None) -> Ballot:
    stages = (Stage(approvers=(APPROVER, OTHER)),)
    return Ballot(REQUEST_ID, CLAIM, stages, EXPIRES, requester=requester)


@pytest.mark.parametrize("approved", [True, False])
@pytest.mark.parametrize(
    ("requester", "addresses"),
    [
        (APPROVER, ()),
        ("approver+shop@demo.test", ()),
        ("home@y.test", (APPROVER, "home@y.test")),
        ("home+1@y.test", (APPROVER, "home@y.test")),
    ],
)
def test_the_requesters_vote_is_not_counted_though_the_policy_has_them(
    requester, addresses, approved
):
    votes = ballot(requester)
    given = decision(approved, addresses=addresses)
    assert votes.cast(given, NOW)[0] is Ruling.REQUESTER
    assert (votes.outcome, votes.votes) == (None, {})
    assert votes.cast(decision(True, OTHER), NOW)[0] is Ruling.COUNTED


@pytest.mark.parametrize("requester", [None, REQUESTER])
def test_another_persons_vote_counts(requester):
    given = decision(True, addresses=(APPROVER, "home@y.test"))
    assert ballot(requester).cast(given, NOW)[0] is Ruling.COUNTED


async def signalled(**changes: Any) -> ApprovalDecision:
    """What the inbox of a worker with these settings makes of the approver's reply."""
    mailbox = Mailbox()
    client: Any = mailbox
    mailbox.put(vote("APPROVE"))
    await mailbox.swept(InboxActivities(client, settings(**changes))._sweeper)
    (message,) = mailbox.done("signal")
    assert isinstance(message, ApprovalDecision)
    return message


async def test_an_alias_that_was_listed_after_the_asking_is_seen_when_the_vote_is_counted():
    """The approval was asked of two people; today its approver is known to be the requester."""
    assert bounded_policy(None, REQUESTER, bounds_of(settings())).approvers == (APPROVER, OTHER)
    before = await signalled()
    assert ballot(REQUESTER).cast(before, NOW)[0] is Ruling.COUNTED
    later = await signalled(approver_aliases=f"{APPROVER}={REQUESTER}")
    assert ballot(REQUESTER).cast(later, NOW)[0] is Ruling.REQUESTER
