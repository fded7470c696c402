"""Who must agree, within what the settings allow, and what a set of votes amounts to."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import NotAllowed
from agent.models import Outcome, Policy, Risk, Stage
from agent.policy import (
    Bounds,
    bounded_policy,
    check_approver,
    effective_risk,
    needed,
    needs_approval,
    require_text,
    tally,
    unfit,
)

ANN, BEN, CAT, ROSA = "ann@x.test", "ben@x.test", "cat@x.test", "rosa@x.test"
BOUNDS = Bounds(
    approvers=(ANN, BEN, CAT),
    domains=frozenset({"y.test"}),
    aliases={"rosa.home@z.test": ROSA, "ann.home@z.test": ANN},
    mailbox="agent@x.test",
)
PEOPLE = st.sampled_from([ANN, BEN, CAT, ROSA])


def asking(*approvers: str, require: str | int = "any") -> Policy:
    return Policy(stages=(Stage(approvers=approvers, require=require),))


def stages(*groups: tuple[tuple[str, ...], str | int]) -> tuple[Stage, ...]:
    return tuple(Stage(approvers=people, require=require) for people, require in groups)


@pytest.mark.parametrize("declared", list(Risk))
@pytest.mark.parametrize("says_risky", [None, False, True])
def test_a_model_raises_a_risk_and_never_lowers_it(declared, says_risky):
    risk = effective_risk(declared, says_risky)
    if declared is Risk.LOW and says_risky:
        assert risk is Risk.MEDIUM
    else:
        assert risk is declared


@pytest.mark.parametrize(
    ("minimum", "asked"),
    [
        (Risk.LOW, {Risk.LOW, Risk.MEDIUM, Risk.HIGH}),
        (Risk.MEDIUM, {Risk.MEDIUM, Risk.HIGH}),
        (Risk.HIGH, {Risk.HIGH}),
    ],
)
def test_consent_is_needed_from_the_minimum_risk_upwards(minimum, asked):
    assert {risk for risk in Risk if needs_approval(risk, minimum)} == asked


def test_without_a_policy_the_approvers_of_the_settings_are_asked():
    assert bounded_policy(None, None, BOUNDS) == asking(ANN, BEN, CAT)


def test_approvers_of_an_allowed_domain_are_taken():
    assert bounded_policy(asking("zoe@y.test"), ROSA, BOUNDS).approvers == ("zoe@y.test",)


@pytest.mark.parametrize("stranger", ["eve@evil.test", "eve@notx.test", "ann@x.test.evil", "ann"])
def test_nobody_outside_the_settings_is_asked(stranger):
    with pytest.raises(NotAllowed, match="not an allowed approver"):
        bounded_policy(asking(ANN, stranger), ROSA, BOUNDS)


@pytest.mark.parametrize(
    ("requester", "approver"),
    [
        (ANN, ANN),
        (ANN, "ann.home@z.test"),
        ("ann.home@z.test", ANN),
        ("ann.home@z.test", "ann.home@z.test"),
        ("Ann@X.test", ANN),
    ],
)
def test_whoever_asks_is_never_an_approver_whatever_the_alias(requester, approver):
    with pytest.raises(NotAllowed, match="made the request"):
        bounded_policy(asking(BEN, approver), requester, BOUNDS)


def test_an_alias_that_was_listed_after_the_asking_is_seen_before_the_mail():
    later = replace(BOUNDS, aliases={BEN: ANN})
    with pytest.raises(NotAllowed, match="made the request"):
        check_approver(BEN, ANN, later)


@pytest.mark.parametrize("requester", [ANN, "ann.home@z.test"])
def test_of_the_default_approvers_the_requester_is_left_out(requester):
    assert bounded_policy(None, requester, BOUNDS).approvers == (BEN, CAT)


def test_default_approvers_who_are_one_person_are_asked_once():
    bounds = replace(BOUNDS, approvers=(ANN, "ann.home@z.test", BEN))
    assert bounded_policy(None, ROSA, bounds).approvers == (ANN, BEN)
    assert bounded_policy(None, ANN, bounds).approvers == (BEN,)


def test_an_approver_named_twice_counts_once():
    with pytest.raises(NotAllowed, match="2 approvers must agree, but only 1"):
        bounded_policy(asking(ANN, "ann.home@z.test", require=2), ROSA, BOUNDS)


def test_with_nobody_left_to_ask_the_way_out_is_named():
    with pytest.raises(NotAllowed, match="APPROVERS"):
        bounded_policy(None, ANN, replace(BOUNDS, approvers=(ANN,)))


def test_a_stage_without_people_beside_one_with_people_is_refused():
    policy = Policy(stages=stages(((ANN,), "any"), ((), "any")))
    with pytest.raises(NotAllowed, match="names no approver"):
        bounded_policy(policy, ROSA, BOUNDS)


@pytest.mark.parametrize("own", ["agent@x.test", "agent+ar-7k2m9qxd4t.abc@x.test", "agent+@x.test"])
def test_the_agent_never_asks_itself(own):
    bounds = replace(BOUNDS, domains=frozenset({"x.test"}))
    with pytest.raises(NotAllowed, match="agent's own address"):
        bounded_policy(asking(own), ROSA, bounds)


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("agent@x.test", True),
        ("agent+b.ar@x.test", True),
        ("agents@x.test", False),
        ("agent@y.test", False),
        ("other+agent@x.test", False),
    ],
)
@pytest.mark.parametrize("mailbox", ["agent@x.test", "agent+shop@x.test"])
def test_plus_addresses_come_back_to_the_mailbox(address, own, mailbox):
    assert unfit(address, mailbox) == ("is the agent's own address" if own else "")


@pytest.mark.parametrize("server", ["postmaster@x.test", "mailer-daemon@y.test"])
def test_a_mail_servers_address_approves_nothing(server):
    with pytest.raises(NotAllowed, match="never read as a person's"):
        check_approver(server, None, replace(BOUNDS, approvers=(server,)))


@pytest.mark.parametrize(
    ("requester", "approver"),
    [("zoe@y.test", "zoe+x@y.test"), ("zoe+1@y.test", "zoe+2@y.test"), (f"ann+x@{'x.test'}", ANN)],
)
def test_a_subaddress_makes_nobody_a_second_person(requester, approver):
    with pytest.raises(NotAllowed, match="made the request"):
        bounded_policy(asking(approver), requester, BOUNDS)
    with pytest.raises(NotAllowed, match="only 1 eligible"):
        bounded_policy(asking("zoe@y.test", "zoe+1@y.test", require=2), ROSA, BOUNDS)


def test_the_requester_is_left_out_of_the_default_approvers_under_any_subaddress():
    assert bounded_policy(None, "ann+shop@x.test", BOUNDS).approvers == (BEN, CAT)


def test_one_person_in_two_stages_is_no_two_people():
    policy = Policy(stages=stages((("zoe@y.test",), "any"), (("zoe+1@y.test",), "any")))
    with pytest.raises(NotAllowed, match="fewer than 2"):
        bounded_policy(policy, ROSA, replace(BOUNDS, require=2))


@pytest.mark.parametrize(
    ("setting", "asked", "wanted"),
    [
        ("any", "any", 1),
        ("any", 2, 2),
        ("any", "all", 3),
        (2, "any", 2),
        (2, 1, 2),
        (2, 3, 3),
        (2, "all", 3),
        ("all", "any", 3),
        ("all", 1, 3),
    ],
)
def test_a_quorum_can_only_be_raised(setting, asked, wanted):
    bounds = replace(BOUNDS, require=setting)
    (stage,) = bounded_policy(asking(ANN, BEN, CAT, require=asked), ROSA, bounds).stages
    assert needed(stage) == wanted


@pytest.mark.parametrize("asked", ["any", "all", 1])
def test_a_quorum_is_not_lowered_by_naming_few(asked):
    with pytest.raises(NotAllowed, match="2 approvers must agree, but only 1"):
        bounded_policy(asking(ANN, require=asked), ROSA, replace(BOUNDS, require=2))


@pytest.mark.parametrize(
    ("groups", "allowed"),
    [
        (stages(((ANN,), "any"), ((BEN,), "any")), True),
        (stages(((ANN, BEN), 2), ((CAT,), "any")), True),
        # One person in both stages might be all who ever agrees.
        (stages(((ANN,), "any"), ((ANN, BEN), "any")), False),
        (stages(((ANN, BEN), 2), ((ANN,), "any")), True),
    ],
)
def test_stages_together_ask_for_as_many_different_people(groups, allowed):
    bounds = replace(BOUNDS, require=2)
    if allowed:
        assert bounded_policy(Policy(stages=groups), ROSA, bounds).stages == groups
    else:
        with pytest.raises(NotAllowed, match="APPROVALS_REQUIRED"):
            bounded_policy(Policy(stages=groups), ROSA, bounds)


def test_all_of_the_settings_means_all_in_every_stage():
    groups = stages(((ANN, BEN), "any"), ((CAT,), 1))
    bounded = bounded_policy(Policy(stages=groups), ROSA, replace(BOUNDS, require="all"))
    assert [needed(stage) for stage in bounded.stages] == [2, 1]


@st.composite
def ballots(draw):
    groups = draw(
        st.lists(st.lists(PEOPLE, min_size=1, max_size=4, unique=True), min_size=1, max_size=3)
    )
    rules = [draw(st.sampled_from(["any", "all"]) | st.integers(1, len(g))) for g in groups]
    votes = draw(st.dictionaries(PEOPLE, st.booleans()))
    return stages(*zip(map(tuple, groups), rules, strict=True)), votes, draw(st.sets(PEOPLE))


@given(ballots())
def test_one_rejection_rejects_whatever_else_is_said(ballot):
    groups, votes, unreachable = ballot
    if not all(votes.values()):
        assert tally(groups, votes, unreachable).outcome is Outcome.REJECTED


@given(ballots())
def test_approved_means_that_every_stage_has_its_quorum(ballot):
    groups, votes, unreachable = ballot
    enough = [sum(votes.get(a, False) for a in s.approvers) >= needed(s) for s in groups]
    approved = tally(groups, votes, unreachable).outcome is Outcome.APPROVED
    assert approved == (all(enough) and all(votes.values()))


@given(ballots())
def test_undeliverable_means_that_the_stage_cannot_be_met_any_more(ballot):
    groups, votes, unreachable = ballot
    result = tally(groups, votes, unreachable)
    everybody_else = {a: True for s in groups for a in s.approvers if a not in unreachable}
    could = tally(groups, {**everybody_else, **votes}).stage > result.stage or (
        tally(groups, {**everybody_else, **votes}).outcome is Outcome.APPROVED
    )
    if result.outcome is Outcome.UNDELIVERABLE:
        assert not could
    elif result.outcome is None:
        assert could


def test_a_later_stage_is_asked_when_the_one_before_has_agreed():
    groups = stages(((ANN, BEN), 2), ((CAT,), "any"))
    assert tally(groups, {}).stage == 0
    assert tally(groups, {ANN: True}).stage == 0
    assert tally(groups, {ANN: True, BEN: True}).stage == 1
    assert tally(groups, {ANN: True, BEN: True, CAT: True}).outcome is Outcome.APPROVED


@pytest.mark.parametrize(
    ("count", "require", "words"),
    [
        (1, "any", "you alone"),
        (3, "any", "any one of 3"),
        (2, "all", "all 2"),
        (3, 2, "any 2 of 3"),
        (2, 2, "all 2"),
    ],
)
def test_a_quorum_is_said_in_words(count, require, words):
    assert require_text(Stage(approvers=(ANN, BEN, CAT)[:count], require=require)) == words
