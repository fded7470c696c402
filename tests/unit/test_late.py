"""Mail after the end of an approval, answered by the inbox: whom, with what, and when not."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from agent.late import LateAnswers
from agent.models import ApprovalOutcome, NoticeKind, Outcome, ReplyNotice, rfc3339
from agent.sorting import Folder, Sorted
from demo.letter import read_letter
from tests.unit.agent_samples import (
    APPROVER,
    ASKED,
    DIGEST,
    EXPIRES,
    OTHER,
    REQUEST_ID,
    decision,
    settings,
    vote,
)
from tests.unit.smtp_server import ScriptedSmtp
from tests.waiting import until

DECIDED = ASKED + timedelta(minutes=30)
MEMO = {
    "request_id": REQUEST_ID,
    "summary": "Refund 120.00 EUR for order 1042",
    "approvers": [APPROVER, OTHER],
    "requested_at": rfc3339(ASKED),
    "expires_at": rfc3339(EXPIRES),
    "digest": DIGEST,
}
Status = WorkflowExecutionStatus


class Closed:
    """A client that knows one closed approval."""

    def __init__(self, status: Status, outcome: ApprovalOutcome | None, memo: Any = MEMO) -> None:
        self.outcome = outcome
        self.hangs = False

        async def kept() -> Any:
            return memo

        self._description = SimpleNamespace(status=status, memo=kept)

    def get_workflow_handle(self, workflow_id: str, result_type: type) -> "Closed":
        assert (workflow_id, result_type) == (f"approval-{REQUEST_ID}", ApprovalOutcome)
        return self

    async def describe(self) -> Any:
        return self._description

    async def result(self) -> ApprovalOutcome:
        if self.hangs:
            await asyncio.Event().wait()
        assert self.outcome is not None
        return self.outcome


def ended(outcome: Outcome, *votes: Any) -> Closed:
    result = ApprovalOutcome(
        request_id=REQUEST_ID, outcome=outcome, decided_at=DECIDED, votes=votes, digest=DIGEST
    )
    return Closed(Status.COMPLETED, result)


def mail(approved: bool, at: Any = DECIDED + timedelta(minutes=1), note: str = "new") -> Sorted:
    vote = decision(approved, received_at=at, reviewer_notes=note)
    return Sorted(1, Folder.PROCESSED, "a vote", decision=vote)


def mail_about(request_id: str, approver: str) -> Sorted:
    at = DECIDED + timedelta(minutes=1)
    vote = decision(True, approver, request_id=request_id, received_at=at)
    return Sorted(1, Folder.PROCESSED, "a vote", decision=vote)


@pytest.fixture
def answers(mail_server):
    def made(client: Any) -> LateAnswers:
        return LateAnswers(client, settings(smtp_port=mail_server.smtp_port))

    return made


@pytest.fixture
def letters(mail_server):
    async def found() -> list[str]:
        raw = await mail_server.messages(APPROVER)
        return [" ".join(read_letter(one).text.split()) for one in raw]

    return found


async def test_a_person_is_told_the_outcome_once(answers, letters):
    late = answers(ended(Outcome.REJECTED, vote(False, OTHER, "too much")))
    assert await late.answer(mail(True))
    assert await late.answer(mail(True))
    (text,) = await letters()
    assert "was read after the approval had ended" in text
    assert f"‹rejected› by {OTHER}" in text


async def test_who_was_told_is_known_to_the_reader_that_comes_after(answers, letters):
    client = ended(Outcome.REJECTED, vote(False, OTHER))
    first, heir = answers(client), answers(client)
    assert await first.answer(mail(True))
    heir.recall(first.told)
    assert await heir.answer(mail(True, note="and once more"))
    assert len(await letters()) == 1


async def test_whoever_writes_about_many_closed_approvals_is_told_of_ten_an_hour(answers, letters):
    class Every(Closed):
        def get_workflow_handle(self, workflow_id: str, result_type: type) -> "Every":
            return self

    result = ended(Outcome.REJECTED, vote(False, OTHER)).outcome
    late = answers(Every(Status.COMPLETED, result))
    ids = [f"AR-{number:010}" for number in range(14)]
    for request_id in ids[:7]:
        assert await late.answer(mail_about(request_id, APPROVER))
    heir = answers(Every(Status.COMPLETED, result))
    heir.recall(late.told)
    done = [heir.answer(mail_about(request_id, APPROVER)) for request_id in ids[7:]]
    assert all(await asyncio.gather(*done))
    assert len(await letters()) == 10
    assert await heir.answer(mail_about(ids[0], OTHER))
    assert len(heir.told) == 11


async def test_the_mail_that_decided_is_not_answered_when_it_is_read_again(answers, letters):
    counted = vote(True, note="fine")
    late = answers(ended(Outcome.APPROVED, counted))
    assert await late.answer(mail(True, counted.received_at, "fine"))
    assert await late.answer(mail(True, note="fine"))
    assert await letters() == []
    assert await late.answer(mail(False))
    assert len(await letters()) == 1


async def test_unclear_mail_that_is_too_late_is_told_in_its_writers_words(answers, letters):
    late = answers(ended(Outcome.REJECTED, vote(False, OTHER)))
    unclear = ReplyNotice(
        request_id=REQUEST_ID,
        kind=NoticeKind.UNCLEAR,
        approver=APPROVER,
        reason="the note asks a question",
        note="why so much?",
        received_at=DECIDED + timedelta(minutes=1),
    )
    assert await late.answer(Sorted(1, Folder.PROCESSED, "unclear", notice=unclear))
    (text,) = await letters()
    assert "┆ why so much?" in text and "the note asks" not in text


async def test_what_arrived_after_the_deadline_is_told_that(answers, letters):
    late = answers(ended(Outcome.EXPIRED))
    assert await late.answer(mail(True, EXPIRES + timedelta(seconds=1)))
    (text,) = await letters()
    assert "Your mail arrived after the deadline" in text


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.TERMINATED, "An operator ended this approval"),
        (Status.FAILED, "broke off"),
        (Status.TIMED_OUT, "broke off"),
    ],
)
async def test_an_approval_that_has_no_outcome_is_told_as_such(answers, letters, status, words):
    assert await answers(Closed(status, None)).answer(mail(True))
    (text,) = await letters()
    assert words in text and "The action does not run." in text


async def test_a_look_up_that_hangs_leaves_the_mail_where_it_is(answers, letters, monkeypatch):
    monkeypatch.setattr("agent.late._LOOKUP_SECONDS", 0.05)
    client = ended(Outcome.REJECTED, vote(False, OTHER))
    client.hangs = True
    late = answers(client)
    assert await late.answer(mail(True)) is False
    assert await letters() == []
    client.hangs = False
    assert await late.answer(mail(True)) is True
    assert len(await letters()) == 1


async def test_a_server_that_refuses_for_now_leaves_the_mail_where_it_is(
    answers, letters, mail_server
):
    late = answers(ended(Outcome.REJECTED, vote(False, OTHER)))
    mail_server.refuse(APPROVER, "451 4.3.0 Come back later")
    assert await late.answer(mail(True)) is False
    mail_server.refuse(APPROVER, "550 5.1.1 No such user")
    assert await late.answer(mail(True)) is True


async def test_what_was_never_asked_or_is_forgotten_is_put_away_unanswered(answers, letters):
    assert await answers(Closed(Status.TERMINATED, None, {})).answer(mail(True))

    class Forgotten(Closed):
        async def describe(self) -> Any:
            raise RPCError("not found", RPCStatusCode.NOT_FOUND, b"")

    assert await answers(Forgotten(Status.COMPLETED, None)).answer(mail(True))
    assert await letters() == []


async def test_nobody_without_a_token_is_answered(answers, letters):
    refused = ReplyNotice(request_id=REQUEST_ID, kind=NoticeKind.REFUSED, approver=APPROVER)
    late = answers(ended(Outcome.REJECTED, vote(False, OTHER)))
    assert await late.answer(Sorted(1, Folder.UNMATCHED, "no token", notice=refused))
    assert await letters() == []


async def test_a_server_that_hangs_holds_up_a_sweep_once_and_gets_one_message(monkeypatch):
    monkeypatch.setattr("agent.late._SEND_SECONDS", 0.3)
    async with ScriptedSmtp({"END": None}) as server:
        late = LateAnswers(
            cast(Client, ended(Outcome.REJECTED, vote(False, OTHER))),
            settings(smtp_port=server.port),
        )
        for _ in range(3):
            assert await late.answer(mail(True)) is False
        assert sum("\r\n.\r\n" in line for line in server.heard) == 1


async def test_an_answer_that_took_long_is_not_sent_again(answers, mail_server, monkeypatch):
    monkeypatch.setattr("agent.late._SEND_SECONDS", 0.0)
    late = answers(ended(Outcome.REJECTED, vote(False, OTHER)))
    assert await late.answer(mail(True)) is False

    async def answered() -> bool:
        return bool(await late.answer(mail(True)))

    await until(answered, "the answer on its way")
    assert await late.answer(mail(True)) is True
    assert len(await mail_server.messages(APPROVER)) == 1
