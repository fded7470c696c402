"""A mail that comes again, as it was or changed: known, or refused as its signature is broken."""

from datetime import timedelta

import pytest

from agent.ballot import Ballot, Ruling
from agent.models import ApprovalDecision, NoticeKind, ReplyNotice, Stage
from agent.sorting import Folder
from mail.trust import Auth
from tests.signing import Zone, signed
from tests.unit.agent_samples import APPROVER, CLAIM, EXPIRES, OTHER, REQUEST_ID
from tests.unit.letters import letter
from tests.unit.mailbox import ARRIVED, Mailbox

UNSIGNED = letter("APPROVE\r\n\r\nchecked with Rosa")
WRITTEN = signed(UNSIGNED, "demo.test")


async def heard(*raws: bytes, auth: Auth = Auth.REQUIRED) -> list[ApprovalDecision | ReplyNotice]:
    """What is signalled of these, each of which comes after the one before, to another sweeper."""
    mailbox = Mailbox(auth=auth, zone=Zone.of("demo.test"))
    for uid, raw in enumerate(raws, 1):
        mailbox.inbox[uid] = raw
        await mailbox.swept(mailbox.sweeper())
    assert mailbox.inbox == {}
    return mailbox.done("signal")


def ruled(*decisions: ApprovalDecision | ReplyNotice) -> list[Ruling]:
    ballot = Ballot(REQUEST_ID, CLAIM, (Stage(approvers=(APPROVER, OTHER), require=2),), EXPIRES)
    now = ARRIVED + timedelta(minutes=5)
    votes = (d for d in decisions if isinstance(d, ApprovalDecision))
    return [ballot.cast(vote, now)[0] for vote in votes]


@pytest.mark.parametrize("auth", [Auth.REQUIRED, Auth.OFF])
async def test_the_same_bytes_under_another_uid_and_at_another_time_are_known(auth):
    first, again = await heard(WRITTEN, WRITTEN, auth=auth)
    assert isinstance(first, ApprovalDecision) and isinstance(again, ApprovalDecision)
    assert again.uid != first.uid and again.received_at != first.received_at
    assert ruled(first, again) == [Ruling.COUNTED, Ruling.DUPLICATE]


@pytest.mark.parametrize(("words", "others"), [(b"APPROVE", b"REJECT"), (b"Rosa", b"Anna")])
async def test_an_edited_copy_is_refused_for_its_signature_is_broken(words, others):
    edited = WRITTEN.replace(words, others)
    first, refused = await heard(WRITTEN, edited)
    assert ruled(first) == [Ruling.COUNTED]
    assert isinstance(refused, ReplyNotice) and refused.kind is NoticeKind.REFUSED
    assert (refused.approver, refused.claim) == (APPROVER, CLAIM)


async def test_without_proof_an_edited_copy_is_a_vote_of_its_own():
    sent = await heard(WRITTEN, WRITTEN.replace(b"APPROVE", b"REJECT"), auth=Auth.OFF)
    assert ruled(*sent) == [Ruling.COUNTED, Ruling.COUNTED]
    assert [vote.approved for vote in sent if isinstance(vote, ApprovalDecision)] == [True, False]


async def test_the_same_text_under_another_message_id_is_the_same_persons_word_again():
    again = signed(UNSIGNED.replace(b"<1@mail.test>", b"<2@mail.test>"), "demo.test")
    assert ruled(*await heard(WRITTEN, again)) == [Ruling.COUNTED, Ruling.REPEATED]


async def test_a_copy_whose_message_id_was_changed_on_the_way_is_refused():
    first, refused = await heard(WRITTEN, WRITTEN.replace(b"<1@mail.test>", b"<2@mail.test>"))
    assert ruled(first) == [Ruling.COUNTED]
    assert isinstance(refused, ReplyNotice) and refused.kind is NoticeKind.REFUSED


async def test_what_is_moved_back_while_its_sender_cannot_be_proven_is_refused_once_more():
    mailbox = Mailbox(auth=Auth.REQUIRED, zone=Zone())
    for _ in range(2):
        mailbox.put(WRITTEN)
        await mailbox.swept(mailbox.sweeper())
    assert [s.kind for s in mailbox.done("signal")] == [NoticeKind.REFUSED] * 2
    assert len(mailbox.folders[Folder.UNMATCHED]) == 2
