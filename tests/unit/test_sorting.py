"""What a message becomes: a signal and a folder, and in which order signals are sent."""

from datetime import timedelta

import pytest

from agent.models import NoticeKind
from agent.sorting import Folder, Rules, Sorted, sort_message
from mail.carriers import Carrier, Where
from mail.identity import Keyring, approver_claim, bounce_token, reply_token
from mail.reply import Decision, Refusal
from mail.trust import Auth
from tests.unit.agent_samples import (
    APPROVER,
    ASKED,
    CLAIM,
    DIGEST,
    MAILBOX,
    OTHER,
    REQUEST_ID,
    SECRET,
)
from tests.unit.reply_samples import reply

KEYS = Keyring.from_secrets([SECRET])
RULES = Rules(KEYS, {"home@demo.test": APPROVER}, MAILBOX, Auth.OFF)
TOKEN = Carrier(REQUEST_ID, reply_token(KEYS, REQUEST_ID, APPROVER, DIGEST), Where.ADDRESS)


def sort(uid: int = 7, minutes: float = 0, **changes) -> Sorted:
    given = {"carriers": (TOKEN,), "senders": (APPROVER,), **changes}
    return sort_message(uid, reply(**given), ASKED + timedelta(minutes=minutes), RULES)


@pytest.mark.parametrize("word", [Decision.APPROVE, Decision.REJECT])
@pytest.mark.parametrize("sender", [APPROVER, "home@demo.test"])
def test_an_approvers_decision_becomes_a_vote_of_when_it_arrived(word, sender):
    found = sort(decision=word, senders=(sender,), note="mind the fees")
    assert (found.folder, found.notice, found.answerable) == (Folder.PROCESSED, None, True)
    vote = found.decision
    assert vote is not None
    assert (vote.request_id, vote.approver, vote.claim) == (REQUEST_ID, APPROVER, CLAIM)
    assert vote.approved is (word is Decision.APPROVE)
    assert (vote.received_at, vote.reviewer_notes) == (ASKED, "mind the fees")
    assert (vote.message_id, vote.content_hash) == ("1@mail.test", "c" * 64)
    assert vote.authentication == "off"


@pytest.mark.parametrize(
    ("word", "kind", "answered"),
    [
        (Decision.UNCLEAR, NoticeKind.UNCLEAR, True),
        (Decision.AUTO, NoticeKind.AUTO, False),
    ],
)
def test_only_a_persons_unclear_mail_is_answered(word, kind, answered):
    found = sort(decision=word, reason="what is this?")
    assert (found.folder, found.decision) == (Folder.PROCESSED, None)
    assert found.notice is not None
    assert (found.notice.kind, found.notice.approver) == (kind, APPROVER)
    assert (found.notice.claim, found.notice.reason) == (CLAIM, "what is this?")
    assert found.answerable is answered


@pytest.mark.parametrize("word", [Decision.APPROVE, Decision.REJECT, Decision.UNCLEAR])
@pytest.mark.parametrize("sender", [OTHER, "eve@evil.test", MAILBOX])
def test_whoever_has_not_the_token_decides_nothing_and_is_not_answered(word, sender):
    found = sort(decision=word, senders=(sender,))
    assert (found.folder, found.decision, found.answerable) == (Folder.UNMATCHED, None, False)
    assert found.notice is not None
    assert (found.notice.kind, found.notice.claim) == (NoticeKind.REFUSED, "")


def test_mail_that_names_no_approval_signals_nothing():
    found = sort(carriers=())
    assert (found.folder, found.reason) == (Folder.UNMATCHED, "no-token")
    assert (found.decision, found.notice, found.request_id) == (None, None, "")


def test_a_strangers_robot_leaves_no_trace_in_the_trail():
    found = sort(decision=Decision.AUTO, senders=("robot@evil.test",))
    assert (found.folder, found.notice) == (Folder.UNMATCHED, None)


def test_what_cannot_be_read_is_put_aside():
    found = sort_message(7, Refusal("unreadable: too deep"), ASKED, RULES)
    assert (found.folder, found.reason) == (Folder.QUARANTINE, "unreadable: too deep")
    assert (found.decision, found.notice) == (None, None)


@pytest.mark.parametrize("ours", [True, False])
def test_a_bounce_is_told_only_with_our_token(ours):
    token = bounce_token(KEYS, REQUEST_ID, APPROVER) if ours else "a" * 28
    carrier = Carrier(REQUEST_ID, token, Where.ADDRESS)
    # Even with a vote's carriers in it: the returned headers hold them.
    daemon = ("mailer-daemon@x.test",)
    found = sort(decision=Decision.BOUNCE, bounce=carrier, senders=daemon, permanent=True)
    assert (found.decision, found.answerable) == (None, False)
    if ours:
        assert found.folder is Folder.PROCESSED
        assert found.notice is not None
        assert found.notice.kind is NoticeKind.BOUNCE
        assert (found.notice.claim, found.notice.permanent) == (approver_claim(APPROVER), True)
    else:
        assert (found.folder, found.notice) == (Folder.UNMATCHED, None)


@pytest.mark.parametrize(
    ("status", "kept"),
    [("5.1.1", "5.1.1"), ("4.2.2", "4.2.2"), ("", ""), ("5.1.1; <b>", ""), ("9.9.9", "")],
)
def test_a_bounces_code_and_address_are_told_if_they_are_ones(status, kept):
    bounce = Carrier(REQUEST_ID, bounce_token(KEYS, REQUEST_ID, APPROVER), Where.ADDRESS)
    gone = ("bob@home.test", APPROVER)
    found = sort(decision=Decision.BOUNCE, bounce=bounce, status=status, unreached=gone)
    assert found.notice is not None
    assert (found.notice.status, found.notice.failed) == (kept, "bob@home.test")


@pytest.mark.parametrize(
    ("reason", "absence"),
    [
        ("Auto-Submitted: auto-replied (RFC 3834)", True),
        ("absence notice or receipt by its subject", True),
        ("read receipt (RFC 8098)", False),
        ("report (RFC 6522): disposition-notification", False),
        ("answer to an invitation (RFC 6047)", False),
    ],
)
def test_receipts_and_answers_to_invitations_are_no_absence(reason, absence):
    found = sort(decision=Decision.AUTO, reason=reason, note="gone fishing")
    assert found.notice is not None
    assert (found.notice.absence, found.notice.note) == (absence, "gone fishing")


def test_unclear_mail_is_no_absence():
    found = sort(decision=Decision.UNCLEAR, reason="no words")
    assert found.notice is not None and not found.notice.absence


@pytest.mark.parametrize("sender", [APPROVER, "home@demo.test"])
def test_an_absence_sent_to_our_envelope_sender_is_its_approvers(sender):
    bounce = Carrier(REQUEST_ID, bounce_token(KEYS, REQUEST_ID, APPROVER), Where.ADDRESS)
    found = sort(decision=Decision.AUTO, carriers=(), bounce=bounce, senders=(sender,))
    assert (found.folder, found.answerable) == (Folder.PROCESSED, False)
    assert found.notice is not None
    assert (found.notice.kind, found.notice.approver) == (NoticeKind.AUTO, APPROVER)
    assert found.notice.claim == approver_claim(APPROVER)


@pytest.mark.parametrize(
    ("person", "word", "senders"),
    [
        (APPROVER, Decision.AUTO, (OTHER,)),
        (APPROVER, Decision.AUTO, (APPROVER, OTHER)),
        (APPROVER, Decision.AUTO, ()),
        (None, Decision.AUTO, (APPROVER,)),
        (APPROVER, Decision.APPROVE, (APPROVER,)),
    ],
)
def test_the_envelope_senders_token_speaks_for_one_persons_absence_alone(person, word, senders):
    token = bounce_token(KEYS, REQUEST_ID, person) if person else "a" * 28
    bounce = Carrier(REQUEST_ID, token, Where.ADDRESS)
    found = sort(decision=word, carriers=(), bounce=bounce, senders=senders)
    assert (found.folder, found.decision, found.notice) == (Folder.UNMATCHED, None, None)


def test_of_one_sweep_rejections_come_first_then_doubt_then_consent_as_it_arrived():
    messages = [
        sort(1, 1),
        sort(2, 5, decision=Decision.REJECT),
        sort(3, 0),
        sort(4, 4, decision=Decision.REJECT),
        sort(5, 0, decision=Decision.UNCLEAR),
    ]
    for given in (messages, messages[::-1]):
        ordered = sorted(given, key=lambda message: message.order)
        assert [message.uid for message in ordered] == [4, 2, 5, 3, 1]
