"""The one rule by which addresses are compared (agent/policy.py): who may vote, and who is whom."""

import pytest

from agent.errors import NotAllowed
from agent.models import Policy, Stage
from agent.policy import Bounds, bounded_policy, check_approver, person_of
from mail.address import parse_mailbox
from mail.carriers import reply_address
from mail.identity import Keyring, reply_token
from mail.read import read
from mail.reply import Refusal
from mail.trust import Distrust, Trusted, Untrusted, authenticate

KEYS = Keyring.from_secrets(["k" * 32])
REQUEST, DIGEST = "AR-7K2M9QXD4T", "ab" * 32
AGENT, OTHER = "agent@x.test", "other@x.test"
ANN, IDA, ZOE = "a.nn@x.test", "ida@xn--bcher-kva.test", "zoe+work@x.test"
ALIASES = {"a.home@z.test": ANN, "a.desk+1@z.test": ANN}

# approver, an address that somebody writes from: whether it may vote, whether it is that person
CASES = [
    (ANN, "a.nn@x.test", True, True),
    (ANN, "A.NN@X.Test", True, True),
    (ANN, "Ann <A.Nn@x.TEST>", True, True),
    (ANN, "a.home@z.test", True, True),
    (ANN, "A.Home@Z.Test", True, True),
    (ANN, "a.desk+1@z.test", True, True),
    (ANN, "a.nn+x@x.test", False, True),
    (ANN, "A.NN+@x.test", False, True),
    (ANN, "a.home+x@z.test", False, True),
    (ANN, "a.desk@z.test", False, True),
    (ANN, "a.desk+2@z.test", False, True),
    (ANN, "ann@x.test", False, False),
    (ANN, "a.nn@y.test", False, False),
    (ANN, "a.nn@sub.x.test", False, False),
    (ANN, "x+a.nn@x.test", False, False),
    (ANN, "ahome@z.test", False, False),
    (ANN, '"a.nn@x.test" <eve@y.test>', False, False),
    (IDA, "Ida@Bücher.test", True, True),
    (IDA, "ida+x@bücher.test", False, True),
    (IDA, "ida@bucher.test", False, False),
    (ZOE, "Zoe+Work@x.test", True, True),
    (ZOE, "zoe@x.test", False, True),
    (ZOE, "zoe+home@x.test", False, True),
]


def folded(written: str) -> str:
    """The address as every edge of ours hands it on."""
    return parse_mailbox(written)[1]


def written_by(sender: str, approver: str) -> Trusted | Untrusted:
    """What a reply with this From, to the address that only the approver was given, proves."""
    token = reply_token(KEYS, REQUEST, approver, DIGEST)
    to = reply_address(AGENT, REQUEST, token)
    raw = f"From: {sender}\r\nTo: {to}\r\nMessage-ID: <1@x.test>\r\n\r\nAPPROVE\r\n".encode()
    reply = read(raw)
    assert not isinstance(reply, Refusal)
    return authenticate(reply, KEYS, ALIASES, AGENT)


@pytest.mark.parametrize(("approver", "sender", "votes", "_"), CASES)
def test_only_a_listed_address_votes_in_any_case(approver, sender, votes, _):
    found = written_by(sender, approver)
    if votes:
        assert isinstance(found, Trusted)
        assert found.approver == approver
    else:
        assert isinstance(found, Untrusted)
        assert found.reason in (Distrust.TOKEN_MISMATCH, Distrust.SEVERAL_FROM)


@pytest.mark.parametrize(("approver", "sender", "_", "same"), CASES)
def test_an_alias_and_a_subaddress_are_the_same_person(approver, sender, _, same):
    asker = folded(sender)
    bounds = Bounds(approvers=(approver, OTHER), aliases=ALIASES, mailbox=AGENT)
    assert (person_of(asker, bounds) == person_of(approver, bounds)) is same
    policy = Policy(stages=(Stage(approvers=(approver,)),))
    if same:
        with pytest.raises(NotAllowed, match="made the request"):
            bounded_policy(policy, asker, bounds)
    else:
        assert bounded_policy(policy, asker, bounds).approvers == (approver,)
    left = bounded_policy(None, asker, bounds).approvers
    assert left == ((OTHER,) if same else (approver, OTHER))


@pytest.mark.parametrize(("approver", "sender", "_", "same"), CASES)
def test_one_person_at_two_addresses_is_counted_once(approver, sender, _, same):
    second = folded(sender)
    everywhere = frozenset(address.rpartition("@")[2] for address in (approver, second))
    bounds = Bounds(domains=everywhere, aliases=ALIASES)
    policy = Policy(stages=(Stage(approvers=(approver, second), require=2),))
    if same:
        with pytest.raises(NotAllowed, match="only 1 eligible"):
            bounded_policy(policy, None, bounds)
    else:
        assert len(bounded_policy(policy, None, bounds).approvers) == 2


@pytest.mark.parametrize("address", ["a.nn+x@x.test", "ann@x.test", "zoe@x.test"])
def test_no_other_address_of_a_listed_approver_is_asked(address):
    bounds = Bounds(approvers=(ANN, ZOE), mailbox=AGENT)
    with pytest.raises(NotAllowed, match="not an allowed approver"):
        check_approver(address, None, bounds)
