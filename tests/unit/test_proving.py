"""What becomes of mail whose sender cannot be proven, for ever or at present."""

import logging

import pytest

import agent.reading
from agent.bookmark import Bookmark
from agent.models import ApprovalDecision, NoticeKind, ReplyNotice
from agent.reading import MessageReader
from agent.sorting import Folder, Rules
from mail.proof import Trust
from mail.prover import Prover
from mail.trust import Auth, Distrust
from tests.signing import Zone, signed
from tests.unit.agent_samples import APPROVER, MAILBOX, OTHER
from tests.unit.judging import EVIL, HOME
from tests.unit.letters import KEYS, WRITTEN, letter
from tests.unit.mailbox import Mailbox, vote

OTHER_ID = "AR-0000000001"


def office() -> Mailbox:
    return Mailbox(auth=Auth.REQUIRED, zone=Zone.of(HOME))


class HalfDown(Zone):
    """Of some names nobody can say anything now."""

    away: set[str]

    async def txt(self, name: str) -> tuple[list[str], float]:
        self.down = name in self.away
        return await super().txt(name)


def half_down(mailbox: Mailbox, selector: str) -> HalfDown:
    zone = HalfDown(mailbox.zone.records)
    zone.away = {f"{selector}._domainkey.{HOME}"}
    return zone


def consent(**fields) -> bytes:
    return signed(letter("APPROVE", **fields), HOME)


def rejection(text: str = "REJECT") -> bytes:
    return signed(letter(text, message_id="<2@mail.test>"), HOME)


def heard(mailbox: Mailbox) -> list[str]:
    signals = mailbox.done("signal")
    return [
        ("approve" if s.approved else "reject") if isinstance(s, ApprovalDecision) else str(s.kind)
        for s in signals
    ]


async def test_a_proven_vote_is_signalled_with_its_proof():
    mailbox = office()
    mailbox.put(consent())
    await mailbox.swept(mailbox.sweeper())
    (decision,) = mailbox.done("signal")
    assert decision.approved
    assert decision.authentication == f"dkim d={HOME}"
    assert decision.signed_at == WRITTEN
    assert mailbox.folders == {Folder.PROCESSED: [1]}


async def test_a_vote_that_nothing_proves_is_told_to_the_approval_and_counts_for_nothing():
    mailbox = office()
    mailbox.put(letter("APPROVE"))
    await mailbox.swept(mailbox.sweeper())
    (notice,) = mailbox.done("signal")
    assert isinstance(notice, ReplyNotice)
    assert (notice.kind, notice.approver) == (NoticeKind.REFUSED, APPROVER)
    assert notice.reason.startswith(Distrust.UNAUTHENTICATED)
    assert mailbox.folders == {Folder.UNMATCHED: [1]}


async def test_nothing_is_asked_about_mail_on_which_nothing_hangs():
    """Whoever writes to us must not make us ask for names."""
    mailbox = office()
    mailbox.put(
        signed(letter(in_reply_to="", references="", to=MAILBOX, subject="x", body="x"), HOME),
        signed(letter(sender=f"x@{EVIL}"), EVIL),
        signed(letter(auto_submitted="auto-replied"), HOME),
        vote("APPROVE", sender=OTHER),
    )
    await mailbox.swept(mailbox.sweeper())
    assert mailbox.zone.asked == []


async def test_while_the_dns_is_away_a_vote_stays_and_is_tried_again(caplog):
    mailbox = office()
    mailbox.zone.down = True
    mailbox.put(consent())
    sweeper = mailbox.sweeper()
    with caplog.at_level(logging.WARNING, "agent.reading"):
        for _ in range(3):
            swept = await mailbox.swept(sweeper)
            assert swept.kept
    assert (heard(mailbox), mailbox.folders, list(mailbox.inbox)) == ([], {}, [1])
    # Said once, not with every try.
    assert len([said for said in caplog.messages if "cannot be proven now" in said]) == 1
    mailbox.zone.down = False
    swept = await mailbox.swept(sweeper)
    assert not swept.kept
    assert (heard(mailbox), mailbox.folders) == (["approve"], {Folder.PROCESSED: [1]})


async def test_it_is_not_tried_for_ever(monkeypatch):
    mailbox = office()
    mailbox.zone.down = True
    mailbox.put(consent())
    sweeper = mailbox.sweeper()
    await mailbox.swept(sweeper)
    assert heard(mailbox) == []
    monkeypatch.setattr(agent.reading, "UNPROVEN_SECONDS", 0.0)
    await mailbox.swept(sweeper)
    (notice,) = mailbox.done("signal")
    assert (notice.kind, notice.approver) == (NoticeKind.REFUSED, APPROVER)
    assert notice.reason.startswith(Distrust.UNAVAILABLE)
    assert mailbox.folders == {Folder.UNMATCHED: [1]}


@pytest.mark.parametrize("text", ["REJECT", "Stop, wait for me please."])
@pytest.mark.parametrize("first", [True, False])
async def test_a_consent_waits_for_what_may_stop_it_and_cannot_be_proven_yet(text, first):
    mailbox = office()
    stop = signed(letter(text, message_id="<2@mail.test>"), HOME, selector="s2")
    mailbox.put(*((stop, consent()) if first else (consent(), stop)))
    zone = mailbox.zone = half_down(mailbox, "s2")
    sweeper = mailbox.sweeper()
    assert (await mailbox.swept(sweeper)).kept
    assert heard(mailbox) == []
    zone.away.clear()
    zone.records[f"s2._domainkey.{HOME}"] = zone.records[f"s1._domainkey.{HOME}"]
    assert not (await mailbox.swept(sweeper)).kept
    assert heard(mailbox)[0] == ("reject" if text == "REJECT" else "unclear")
    assert heard(mailbox)[1:] == ["approve"]


async def test_a_consent_to_something_else_waits_for_nobody():
    mailbox = office()
    mailbox.zone = half_down(mailbox, "s2")
    stop = signed(
        vote("REJECT", OTHER_ID).replace(b"Subject", b"Date: x\r\nSubject"), HOME, selector="s2"
    )
    mailbox.put(stop, consent())
    await mailbox.swept(mailbox.sweeper())
    assert (heard(mailbox), list(mailbox.inbox)) == (["approve"], [1])


async def test_a_consent_waits_also_for_what_was_read_before_it():
    """Of a full mailbox not all mail of an approval is read at a time."""
    mailbox = office()
    zone = half_down(mailbox, "s2")
    stop, yes = mailbox.put(signed(letter("REJECT"), HOME, selector="s2"), consent())
    rules = Rules(KEYS, {}, MAILBOX, Auth.REQUIRED)
    reader, bookmark = MessageReader(rules, Prover(Trust(), zone)), Bookmark()
    first = await reader.read(mailbox, [stop], bookmark)  # type: ignore[arg-type]
    assert (first.sorted, first.waiting) == ([], {stop})
    second = await reader.read(mailbox, [yes], bookmark)  # type: ignore[arg-type]
    assert (second.sorted, second.waiting) == ([], {yes})
    # Somebody has taken it away.
    reader.forget(all_but={yes})
    third = await reader.read(mailbox, [yes], bookmark)  # type: ignore[arg-type]
    assert [message.consents for message in third.sorted] == [True]


async def test_rejections_that_are_proven_wait_for_nobody():
    mailbox = office()
    mailbox.zone = half_down(mailbox, "s2")
    mailbox.put(signed(letter("REJECT, please"), HOME, selector="s2"), rejection())
    await mailbox.swept(mailbox.sweeper())
    assert heard(mailbox) == ["reject"]
