"""Whose reply counts: a valid token, and the one sender it was given to."""

import pytest

from mail.carriers import Carrier, Where
from mail.identity import Keyring, approver_claim, bounce_token, digest_claim, reply_token
from mail.trust import Distrust, Trusted, Untrusted, authenticate, authenticate_bounce
from tests.unit.reply_samples import reply

KEYS = Keyring.from_secrets(["k" * 32])
REQUEST, OTHER_REQUEST = "AR-7K2M9QXD4T", "AR-7K2M9QXD4V"
INES, TOM, EVE, AGENT = "ines@x.test", "tom@x.test", "eve@evil.test", "agent@x.test"
DIGEST = "ab" * 32
ALIASES = {"ines.home@y.test": INES}


def carrier(
    approver: str = INES,
    request_id: str = REQUEST,
    digest: str = DIGEST,
    where: Where = Where.ADDRESS,
) -> Carrier:
    return Carrier(request_id, reply_token(KEYS, request_id, approver, digest), where)


def judged(senders: tuple[str, ...], *carriers: Carrier) -> Trusted | Untrusted:
    return authenticate(reply(senders=senders, carriers=carriers), KEYS, ALIASES, AGENT)


def test_the_approver_with_their_token_is_believed():
    assert judged((INES,), carrier()) == Trusted(REQUEST, INES, digest_claim(DIGEST))


@pytest.mark.parametrize("where", list(Where))
def test_one_valid_carrier_is_enough_wherever_it_was_found(where):
    assert isinstance(judged((INES,), carrier(where=where)), Trusted)


def test_an_alias_speaks_for_its_person():
    assert judged(("ines.home@y.test",), carrier()) == Trusted(REQUEST, INES, digest_claim(DIGEST))


@pytest.mark.parametrize("sender", [TOM, EVE, "ines@x.test.evil", "ines.home@x.test", REQUEST])
def test_somebody_elses_token_is_worth_nothing(sender):
    assert judged((sender,), carrier()) == Untrusted(Distrust.TOKEN_MISMATCH, REQUEST)


@pytest.mark.parametrize("sender", [AGENT, "agent+shop@x.test"])
def test_the_agent_is_nobody_also_where_an_alias_says_so(sender):
    own = authenticate(reply(senders=(sender,), carriers=(carrier(),)), KEYS, {sender: INES}, AGENT)
    assert own == Untrusted(Distrust.OWN_MAIL, REQUEST)


@pytest.mark.parametrize(
    ("subject", "trusted"), [(None, True), (REQUEST, True), (OTHER_REQUEST, False)]
)
def test_a_subject_that_names_another_approval_is_not_believed(subject, trusted):
    named = reply(senders=(INES,), carriers=(carrier(),), request_id=subject)
    assert isinstance(authenticate(named, KEYS, ALIASES, AGENT), Trusted) is trusted


def test_a_person_without_a_token_is_not_believed():
    assert judged((INES,)) == Untrusted(Distrust.NO_TOKEN, None)


def test_mail_without_a_token_is_put_down_to_the_approval_of_its_subject():
    named = authenticate(reply(senders=(INES,), request_id=REQUEST), KEYS, ALIASES, AGENT)
    assert named == Untrusted(Distrust.NO_TOKEN, REQUEST)


def test_a_made_up_token_is_refused_and_names_the_approval():
    forged = Carrier(REQUEST, "a" * 28, Where.BODY)
    assert judged((INES,), forged) == Untrusted(Distrust.TOKEN_MISMATCH, REQUEST)


@pytest.mark.parametrize("senders", [(), ("",), (INES, TOM), (INES, INES), (INES, ""), ("", INES)])
def test_it_must_be_exactly_one_sender(senders):
    assert judged(senders, carrier()) == Untrusted(Distrust.SEVERAL_FROM, REQUEST)


def test_carriers_of_two_approvals_are_put_down_to_neither():
    found = judged((INES,), carrier(), carrier(request_id=OTHER_REQUEST))
    assert found == Untrusted(Distrust.CARRIERS_DISAGREE, None)


@pytest.mark.parametrize(
    "second",
    [
        carrier(request_id=OTHER_REQUEST),
        carrier(approver=TOM),
        carrier(digest="cd" * 32),
        Carrier(REQUEST, "a" * 28, Where.BODY),
    ],
    ids=["request", "approver", "action", "forged"],
)
def test_carriers_that_disagree_are_refused(second):
    for pair in ((carrier(), second), (second, carrier())):
        found = judged((INES,), *pair)
        assert isinstance(found, Untrusted)
        assert found.reason is Distrust.CARRIERS_DISAGREE


def test_the_agents_own_mail_is_never_believed():
    assert judged((AGENT,), carrier(AGENT)) == Untrusted(Distrust.OWN_MAIL, REQUEST)


def test_a_bounce_token_is_no_vote():
    token = bounce_token(KEYS, REQUEST, INES)
    assert judged((INES,), Carrier(REQUEST, token, Where.ADDRESS)) == Untrusted(
        Distrust.TOKEN_MISMATCH, REQUEST
    )


@pytest.mark.parametrize(
    ("token", "believed"),
    [
        (bounce_token(KEYS, REQUEST, INES), True),
        (bounce_token(KEYS, OTHER_REQUEST, INES), False),
        (reply_token(KEYS, REQUEST, INES, DIGEST), False),
        ("a" * 28, False),
    ],
)
def test_a_bounce_counts_only_with_our_own_token(token, believed):
    came = reply(bounce=Carrier(REQUEST, token, Where.ADDRESS))
    assert (authenticate_bounce(came, KEYS, True) is not None) is believed


def test_a_bounce_to_another_address_is_nobodys():
    back = reply(bounce=None, carriers=(carrier(),), unreached=(INES,))
    assert authenticate_bounce(back, KEYS, True) is None


@pytest.mark.parametrize(
    ("unreached", "believed"), [((INES,), True), ((EVE, INES), True), ((EVE,), False), ((), False)]
)
def test_without_plus_addresses_our_message_and_whom_it_was_for_come_back(unreached, believed):
    back = reply(carriers=(carrier(where=Where.MESSAGE_ID),), unreached=unreached)
    found = authenticate_bounce(back, KEYS, False)
    assert found == (Trusted(REQUEST, INES, approver_claim(INES)) if believed else None)
