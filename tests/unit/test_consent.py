"""An action runs on the votes that the inbox has read, and on no others."""

from datetime import timedelta

import pytest

from agent.consent import fault_of
from agent.jobs import ExecuteInput
from agent.models import Channel, Policy, Stage, Vote
from mail.identity import Keyring
from tests.unit.agent_samples import (
    APPROVER,
    ASKED,
    DIGEST,
    OTHER,
    REQUEST_ID,
    SECRET,
    action,
    sealed,
    vote,
)

KEYS = Keyring.from_secrets([SECRET])
BOTH = (APPROVER, OTHER)


def fault(*votes: Vote, require="any", operators=False, keys=KEYS, **changes) -> str:
    given = {
        "request_id": REQUEST_ID,
        "action": action(),
        "digest": DIGEST,
        "policy": Policy(stages=(Stage(approvers=BOTH, require=require),)),
        "votes": votes,
        **changes,
    }
    return fault_of(ExecuteInput(**given), True, operators, keys)


def by_operator() -> Vote:
    return vote(True).model_copy(update={"channel": Channel.OPERATOR, "approver": "root@vm"})


def test_a_vote_that_the_inbox_has_read_is_enough():
    assert fault(sealed()) == ""


@pytest.mark.parametrize(
    "forged",
    [
        sealed(seal=""),
        sealed(seal="0" * 64),
        sealed(seal="é"),
        sealed(approver=OTHER, seal=sealed().seal),
        sealed(received_at=ASKED + timedelta(minutes=2)),
        sealed(digest="0" * 64),
        sealed(channel=Channel.OPERATOR),
    ],
    ids=["none", "wrong", "no ascii", "another's", "another time", "another action", "operator"],
)
def test_a_vote_that_it_has_not_read_is_none(forged):
    assert "no seal" in fault(forged)


def test_a_vote_about_another_approval_is_none():
    assert "no seal" in fault(sealed(), request_id="AR-7K2M9QXD4V")


def test_a_rejection_is_not_taken_for_a_consent_nor_left_out():
    assert "no seal" in fault(vote(False).model_copy(update={"approved": True}))
    assert "rejected" in fault(sealed(), vote(False, OTHER))


def test_as_many_have_to_agree_as_the_policy_says():
    assert "no seal" in fault(sealed(), require="all")
    assert "no seal" in fault(sealed(), sealed(), require=2)
    assert fault(sealed(), sealed(OTHER), require="all") == ""


def test_somebody_who_was_not_asked_is_nobody():
    assert "no seal" in fault(sealed("stranger@demo.test"))


@pytest.mark.parametrize("counts", [True, False])
def test_an_operators_word_counts_where_the_settings_say_so(counts):
    assert (fault(by_operator(), operators=counts) == "") is counts


def test_a_seal_of_a_key_that_is_still_listed_counts():
    rotated = Keyring.from_secrets(["n" * 32, SECRET])
    assert fault(sealed(), keys=rotated) == ""
    assert "no seal" in fault(sealed(), keys=Keyring.from_secrets(["n" * 32]))


def test_without_a_policy_it_depends_on_the_tool():
    assert "nobody was asked" in fault(policy=None)
    job = ExecuteInput(request_id=REQUEST_ID, action=action(), digest=DIGEST)
    assert fault_of(job, False, False, KEYS) == ""
