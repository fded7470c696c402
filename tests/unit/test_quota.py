"""How much mail that is no vote an approval is signalled: its run takes only so many signals."""

from collections import Counter

import pytest

from agent.models import ApprovalDecision, NoticeKind, ReplyNotice
from agent.quota import MAX_ATTEMPTS, MAX_REFUSED, Quota
from agent.sorting import Folder
from mail.trust import Auth
from tests.signing import Zone, signed
from tests.unit.agent_samples import APPROVER, CLAIM, OTHER, REQUEST_ID, decision
from tests.unit.letters import letter
from tests.unit.mailbox import Mailbox, vote

OTHER_REQUEST = "AR-0000000001"


def notice(**changes) -> ReplyNotice:
    given = {"request_id": REQUEST_ID, "kind": NoticeKind.AUTO, "approver": APPROVER}
    return ReplyNotice(**{**given, "claim": CLAIM, "absence": True, **changes})


def votes_let_through(quota: Quota, count: int, approved: bool, approver: str = APPROVER) -> int:
    taken = 0
    for number in range(count):
        vote = decision(approved, approver, message_id=f"{number}")
        if not quota.used_up(vote):
            quota.count(vote)
            taken += 1
    return taken


def let_through(quota: Quota, count: int, **changes) -> int:
    taken = 0
    for _ in range(count):
        if not quota.used_up(notice(**changes)):
            quota.count(notice(**changes))
            taken += 1
    return taken


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        (NoticeKind.AUTO, 2),
        (NoticeKind.BOUNCE, 100),
        (NoticeKind.REFUSED, MAX_ATTEMPTS),
        (NoticeKind.UNCLEAR, 1_000),
    ],
)
def test_a_flood_leaves_room_for_the_vote_that_counts(kind, most):
    assert let_through(Quota(), 20_000, kind=kind) == most


@pytest.mark.parametrize(
    "other",
    [
        {"approver": OTHER},
        {"request_id": OTHER_REQUEST},
        {"absence": False},
        {"kind": NoticeKind.UNCLEAR},
        {"kind": NoticeKind.BOUNCE, "permanent": True},
    ],
)
def test_a_flood_uses_up_nobody_elses_share(other):
    quota = Quota()
    let_through(quota, 20_000)
    assert quota.used_up(notice()) and not quota.used_up(notice(**other))


def test_a_passing_trouble_does_not_hide_that_an_address_is_gone():
    quota = Quota()
    let_through(quota, 20_000, kind=NoticeKind.BOUNCE, permanent=False)
    assert not quota.used_up(notice(kind=NoticeKind.BOUNCE, permanent=True))


def test_whoever_writes_under_many_names_has_the_share_of_one():
    quota = Quota()
    people = [f"eve{number}@evil.test" for number in range(100)]
    given = [let_through(quota, 1, kind=NoticeKind.REFUSED, approver=p, claim="") for p in people]
    assert sum(given) == MAX_REFUSED


def test_strangers_cannot_use_up_the_share_of_mail_in_an_approvers_name():
    quota = Quota()
    let_through(quota, 20_000, kind=NoticeKind.REFUSED, approver="eve@evil.test", claim="")
    assert let_through(quota, 20_000, kind=NoticeKind.REFUSED) == MAX_ATTEMPTS
    assert let_through(quota, 20_000, kind=NoticeKind.REFUSED, approver=OTHER) == MAX_ATTEMPTS


def test_mail_in_an_approvers_name_uses_up_nothing_of_that_approver():
    quota = Quota()
    let_through(quota, 20_000, kind=NoticeKind.REFUSED)
    assert let_through(quota, 1, kind=NoticeKind.UNCLEAR) == 1
    assert let_through(quota, 1, kind=NoticeKind.REFUSED, approver="eve@evil.test", claim="") == 1
    assert votes_let_through(quota, 1, True) == 1


def test_a_vote_repeated_without_end_leaves_room_for_every_other():
    quota = Quota()
    assert votes_let_through(quota, 20_000, True) == 1_000
    assert votes_let_through(quota, 1, False) == 1
    assert votes_let_through(quota, 1, True, OTHER) == 1
    assert let_through(quota, 1, kind=NoticeKind.UNCLEAR) == 1


def test_it_remembers_only_so_much():
    quota = Quota()
    let_through(quota, 5)
    for number in range(10_000):
        let_through(quota, 1, approver=f"{number}@demo.test")
    assert not quota.used_up(notice())


async def test_a_flooded_approval_hears_the_vote_and_all_of_the_flood_is_put_away():
    mailbox = Mailbox()
    absence = vote("I am away.").replace(b"Subject", b"Auto-Submitted: auto-replied\r\nSubject")
    mailbox.put(*[absence] * 150, vote("APPROVE"))
    await mailbox.swept(mailbox.sweeper())
    signals = mailbox.done("signal")
    assert [getattr(signal, "approved", "away") for signal in signals] == ["away", "away", True]
    assert len(mailbox.folders[Folder.PROCESSED]) == 151


async def test_two_thousand_refused_mails_leave_room_for_the_vote_that_counts():
    zone = Zone.of("demo.test")
    mailbox = Mailbox(auth=Auth.REQUIRED, zone=zone)
    theirs = letter("APPROVE")
    strangers = letter("APPROVE", sender="eve@evil.test")
    forged = [
        raw.replace(b"<1@mail.test>", f"<{number}@mail.test>".encode())
        for number in range(1_000)
        for raw in (theirs, strangers)
    ]
    mailbox.put(*forged, signed(letter("REJECT"), "demo.test"))
    await mailbox.swept(mailbox.sweeper())
    signals = mailbox.done("signal")
    refused = Counter(s.approver for s in signals if isinstance(s, ReplyNotice))
    assert refused == {APPROVER: MAX_ATTEMPTS, "eve@evil.test": MAX_REFUSED}
    (vote,) = [s for s in signals if isinstance(s, ApprovalDecision)]
    assert not vote.approved
    assert len(mailbox.folders[Folder.UNMATCHED]) == 2_000


async def test_what_temporal_did_not_take_uses_up_nothing():
    mailbox = Mailbox(closed=True)
    absence = vote("I am away.").replace(b"Subject", b"Auto-Submitted: auto-replied\r\nSubject")
    sweeper = mailbox.sweeper()
    mailbox.put(*[absence] * 5)
    await mailbox.swept(sweeper)
    mailbox.closed = False
    mailbox.put(absence)
    await mailbox.swept(sweeper)
    assert len(mailbox.done("signal")) == 1
