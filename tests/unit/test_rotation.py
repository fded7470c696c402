"""A secret that is exchanged while approvals wait: from the question to the vote it brings."""

from datetime import timedelta

import pytest
from temporalio.testing import ActivityEnvironment

from agent.activities.notify import NotifyActivities
from agent.ballot import Ballot, Ruling
from agent.jobs import AnswerInput, AnswerKind, NotifyInput
from agent.models import NoticeKind, Stage
from agent.sorting import Rules, Sorted, sort_message
from demo.letter import Letter, read_letter, write_reply
from mail.identity import Keyring
from mail.read import read
from mail.trust import Auth, Distrust
from tests.unit.agent_samples import (
    APPROVER,
    ASKED,
    CLAIM,
    EXPIRES,
    MAILBOX,
    REQUEST_ID,
    request,
    settings,
)

OLD, NEW, BOTH = "o" * 32, "n" * 32, f"{'n' * 32}, {'o' * 32}"
ARRIVED = ASKED + timedelta(minutes=1)


@pytest.fixture(params=["on", "off"], ids=["plus", "no-plus"])
def mailed(request, mail_server):
    """What a worker that holds these secrets mails to the approver, now."""

    def activities(secrets: str) -> NotifyActivities:
        plus = {"mail_plus_address": request.param, "smtp_port": mail_server.smtp_port}
        return NotifyActivities(settings(approval_secret=secrets, **plus))

    async def mail(secrets: str, kind: str = "request") -> Letter:
        if kind == "request":
            asked = NotifyInput(request=question(), approver=APPROVER, stage=0)
            await ActivityEnvironment().run(activities(secrets).notify, asked)
        else:
            job = AnswerInput(
                request=question(), stage=0, to=APPROVER, kind=AnswerKind.HELP, key="1", at=ASKED
            )
            await ActivityEnvironment().run(activities(secrets).answer, job)
        return read_letter((await mail_server.messages(APPROVER))[-1])

    return mail


question = request


def sorted_by(secrets: str, letter: Letter) -> Sorted:
    keyring: Keyring = settings(approval_secret=secrets).keyring
    reply = read(write_reply(letter, APPROVER, "APPROVE", ARRIVED))
    return sort_message(1, reply, ARRIVED, Rules(keyring, {}, MAILBOX, Auth.OFF))


def counts(secrets: str, letter: Letter) -> bool:
    """Whether a reply to it that is read by a worker with these secrets is a vote that counts."""
    found = sorted_by(secrets, letter)
    if found.decision is None:
        assert found.notice is not None
        assert (found.notice.kind, found.reason) == (NoticeKind.REFUSED, Distrust.TOKEN_MISMATCH)
        return False
    ballot = Ballot(REQUEST_ID, CLAIM, (Stage(approvers=(APPROVER,)),), EXPIRES)
    return ballot.cast(found.decision, ARRIVED)[0] is Ruling.COUNTED


async def test_what_was_asked_before_is_counted_until_the_old_secret_is_dropped(mailed):
    letter = await mailed(OLD)
    assert counts(OLD, letter)
    assert counts(BOTH, letter)
    assert not counts(NEW, letter)


@pytest.mark.parametrize("kind", ["request", "help"])
async def test_what_is_mailed_after_the_exchange_is_signed_with_the_new_secret(mailed, kind):
    letter = await mailed(BOTH, kind)
    assert counts(BOTH, letter)
    assert counts(NEW, letter)
    assert not counts(OLD, letter)


async def test_an_old_secret_that_is_put_behind_signs_nothing(mailed):
    assert (await mailed(BOTH)).message_id == (await mailed(NEW)).message_id
    assert (await mailed(BOTH)).message_id != (await mailed(OLD)).message_id
