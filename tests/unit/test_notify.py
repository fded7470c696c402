"""What the agent mails, against a real mail server: to whom, with what, and what is refused."""

import email
import logging
from email import policy

import pytest
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.testing import ActivityEnvironment

from agent.activities.notify import NotifyActivities
from agent.jobs import AnswerInput, AnswerKind, NotifyInput, NotifyResult, TellInput
from mail.identity import Keyring, bounce_token, reply_token
from tests.unit.agent_samples import (
    APPROVER,
    ARGUMENTS,
    ASKED,
    DIGEST,
    MAILBOX,
    OTHER,
    REQUEST_ID,
    REQUESTER,
    SECRET,
    action,
    request,
    settings,
    vote,
)

KEYS = Keyring.from_secrets([SECRET])


@pytest.fixture
def activities(mail_server):
    def made(**changes) -> NotifyActivities:
        return NotifyActivities(settings(smtp_port=mail_server.smtp_port, **changes))

    return made


async def notified(activities: NotifyActivities, approver: str = APPROVER, **changes):
    job = NotifyInput(request=request(**changes), approver=approver, stage=0)
    return await ActivityEnvironment().run(activities.notify, job)


async def inbox(mail_server, address: str = APPROVER):
    raw = await mail_server.messages(address)
    return [email.message_from_bytes(one, policy=policy.compat32) for one in raw]


async def everything(mail_server) -> int:
    return sum([len(await mail_server.messages(address)) for address in mail_server.addresses])


def answering(**changes) -> AnswerInput:
    given = {
        "request": request(),
        "stage": 0,
        "to": APPROVER,
        "kind": AnswerKind.RECEIPT,
        "key": "1",
        "vote": vote(True),
        "at": ASKED,
    }
    return AnswerInput(**{**given, **changes})


async def test_one_approver_is_asked_with_a_token_of_their_own(activities, mail_server):
    assert await notified(activities()) == NotifyResult(accepted=True)
    (mail,) = await inbox(mail_server)
    token = reply_token(KEYS, REQUEST_ID, APPROVER, DIGEST)
    assert mail["Reply-To"] == f"agent+{REQUEST_ID.lower()}.{token}@demo.test"
    bounce = bounce_token(KEYS, REQUEST_ID, APPROVER)
    assert mail["Return-Path"] == f"<agent+b.{REQUEST_ID.lower()}.{bounce}@demo.test>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert await everything(mail_server) == 1


async def test_a_retry_is_the_same_mail(activities, mail_server):
    for _ in range(2):
        await notified(activities())
    first, second = await mail_server.messages(APPROVER)
    assert first == second


async def test_a_digest_that_is_not_the_actions_is_not_mailed(activities, mail_server):
    for changed in (
        action(arguments={**ARGUMENTS, "amount": "9999.00"}),
        action(action_type="cancel_order"),
        action(digest=None),
    ):
        result = await notified(activities(), action=changed)
        assert (result.accepted, "digest" in result.detail) == (False, True)
    assert await everything(mail_server) == 0


@pytest.mark.parametrize(
    ("approver", "now", "reason"),
    [
        (APPROVER, {"approvers": OTHER}, "not an allowed approver"),
        (APPROVER, {"approver_aliases": f"{REQUESTER}={APPROVER}"}, "made the request"),
        (REQUESTER, {"approvers": f"{APPROVER},{REQUESTER}"}, "made the request"),
        (MAILBOX, {"approver_domains": "demo.test"}, "agent's own address"),
        ("agent+x@demo.test", {"approver_domains": "demo.test"}, "agent's own address"),
    ],
)
async def test_whoever_may_not_be_asked_by_todays_settings_is_not(
    activities, mail_server, approver, now, reason
):
    result = await notified(activities(**now), approver)
    assert result.accepted is False
    assert reason in result.detail
    assert await everything(mail_server) == 0


async def test_a_server_that_refuses_one_approver_is_a_result(activities, mail_server):
    mail_server.refuse(APPROVER, "550 5.1.1 No such user")
    refused = await notified(activities())
    assert (refused.accepted, refused.detail) == (False, "550 5.1.1 No such user")
    assert (await notified(activities(), OTHER)).accepted is True
    assert len(await inbox(mail_server, OTHER)) == 1


async def test_a_temporary_refusal_is_tried_again_by_temporal(activities, mail_server):
    mail_server.refuse(APPROVER, "451 4.3.0 Come back later")
    with pytest.raises(ApplicationError, match="451 4.3.0 Come back later") as caught:
        await notified(activities())
    assert (caught.value.type, caught.value.non_retryable) == ("MailUnavailable", False)
    assert caught.value.category is ApplicationErrorCategory.BENIGN
    mail_server.accept(APPROVER)
    assert (await notified(activities())).accepted is True


async def test_a_wrong_password_is_shouted_about_and_tried_again(activities, caplog):
    wrong = activities(smtp_username="agent@demo.test", smtp_password="wrong-password")
    with pytest.raises(ApplicationError) as caught:
        await notified(wrong)
    assert (caught.value.type, caught.value.non_retryable) == ("MailAuth", False)
    assert [record.levelname for record in caplog.records if "not sent" in record.message] == [
        "ERROR"
    ]
    assert "wrong-password" not in caplog.text


async def test_an_answer_goes_to_one_person_and_bounces_to_nobody(activities, mail_server):
    await ActivityEnvironment().run(activities().answer, answering())
    (mail,) = await inbox(mail_server)
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["Return-Path"] == "<>"
    assert await everything(mail_server) == 1


@pytest.mark.parametrize(
    ("answer", "final"), [("550 5.1.1 No such user", True), ("451 4.3.0 Later", False)]
)
async def test_an_answer_that_is_refused_fails_for_good_or_for_now(
    activities, mail_server, answer, final
):
    mail_server.refuse(APPROVER, answer)
    with pytest.raises(ApplicationError) as caught:
        await ActivityEnvironment().run(activities().answer, answering())
    assert caught.value.non_retryable is final


def result(**changes) -> TellInput:
    given = {
        "workflow_id": "w",
        "to": REQUESTER,
        "user_request": "Please refund order 1042.",
        "result": "Action completed successfully: Refunded",
        "last": request(),
        "at": ASKED,
    }
    return TellInput(**{**given, **changes})


async def test_the_result_is_told_without_any_token(activities, mail_server):
    await notified(activities())
    await ActivityEnvironment().run(activities().tell, result())
    (raw,) = await mail_server.messages(REQUESTER)
    token = reply_token(KEYS, REQUEST_ID, APPROVER, DIGEST)
    assert token.encode() not in raw
    (mail,) = await inbox(mail_server, REQUESTER)
    assert (
        mail["Subject"] == f"Re: Approval needed: Refund 120.00 EUR for order 1042 [{REQUEST_ID}]"
    )


@pytest.mark.parametrize("known_by_memo", [False, True])
@pytest.mark.parametrize("domains", ["shop.test", ""])
async def test_whoever_may_not_ask_is_told_nothing(activities, mail_server, domains, known_by_memo):
    """By today's settings, whatever those were by which the request was taken."""
    asked = request(requested_by=None) if known_by_memo else request()
    found = answering(request=asked, to=REQUESTER, kind=AnswerKind.RESOLVED, reason="I looked")
    made = activities(requester_domains=domains)
    for work, job in ((made.tell, result()), (made.answer, found)):
        if not domains:
            await ActivityEnvironment().run(work, job)
            continue
        with pytest.raises(ApplicationError, match="REQUESTER_DOMAINS") as caught:
            await ActivityEnvironment().run(work, job)
        assert (caught.value.type, caught.value.non_retryable) == ("NotAllowed", True)
    assert await everything(mail_server) == (0 if domains else 2)


async def test_an_approver_outside_the_requesters_domains_is_answered(activities, mail_server):
    await ActivityEnvironment().run(activities(requester_domains="shop.test").answer, answering())
    assert await everything(mail_server) == 1


async def test_a_requester_that_is_no_address_is_not_tried_again(activities, mail_server):
    with pytest.raises(ApplicationError, match="not an e-mail address") as caught:
        await ActivityEnvironment().run(activities().tell, result(to="nobody"))
    assert caught.value.non_retryable is True


async def test_no_token_and_no_argument_is_logged(activities, mail_server, caplog):
    caplog.set_level(logging.DEBUG)
    mail_server.refuse(OTHER, "451 4.3.0 Later")
    await notified(activities())
    with pytest.raises(ApplicationError):
        await notified(activities(), OTHER)
    assert f"asked {APPROVER} about {REQUEST_ID}" in caplog.text
    # What our own code logs: the mail server shares this process, and logs for itself.
    ours = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("mail.log"))
    for person in (APPROVER, OTHER):
        assert reply_token(KEYS, REQUEST_ID, person, DIGEST) not in ours
        assert bounce_token(KEYS, REQUEST_ID, person) not in ours
    assert "120.00" not in ours
