"""The mail to ourselves: however it is changed on its way, no inbox worker takes it for a vote."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from agent.doctor.probe import SUBJECT, Probe, compose_probe
from agent.doctor.recognition import Kin, by_fields, by_reading, earlier
from agent.sorting import Folder, Rules, Sorted, sort_message
from mail.carriers import Where
from mail.compose import compose_request
from mail.identity import MARK_FIELD, Keyring, bounce_token, probe_token, reply_token, verify_reply
from mail.read import read
from mail.reply import Decision, Reply
from mail.trust import Auth
from tests.unit.mail_samples import APPROVAL, APPROVER, SENDER

REQUEST_ID = "AR-7K2M9QXD4T"
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
# What a host on the way may take away: each of them tells a worker what the mail is.
TELLTALES = ("X-Approval-Agent", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress")


def probe_of(request_id: str, plus: bool = True) -> Probe:
    return compose_probe(SENDER, request_id, NOW, plus=plus, until=NOW + timedelta(minutes=3))


@pytest.fixture(params=[True, False], ids=["plus", "no plus"])
def probe(request) -> Probe:
    return probe_of(REQUEST_ID, request.param)


def sort(raw: bytes, plus: bool = True) -> Sorted:
    rules = Rules(SENDER.keyring, {}, SENDER.mailbox, Auth.OFF, plus)
    return sort_message(7, read(raw), NOW, rules)


def without(raw: bytes, *names: str) -> bytes:
    for name in names:
        raw = re.sub(rb"(?im)^%b: .*\r\n" % name.encode(), b"", raw)
    return raw


def test_it_is_made_like_a_mail_that_asks(probe):
    reply = read(probe.outgoing.raw)
    assert isinstance(reply, Reply)
    assert reply.decision is Decision.AUTO
    assert reply.request_id == REQUEST_ID
    wheres = {carrier.where for carrier in reply.carriers}
    plus = "+" in probe.reply_to
    assert wheres == {Where.MESSAGE_ID, Where.BODY} | ({Where.ADDRESS} if plus else set())
    assert {c.token for c in reply.carriers} == {probe.token}
    assert probe.outgoing.envelope_sender == SENDER.mailbox


def test_its_token_is_good_for_nothing_else():
    token = probe_token(SENDER.keyring, REQUEST_ID, SENDER.mailbox)
    for approver in (SENDER.mailbox, APPROVER, ""):
        assert verify_reply(SENDER.keyring, REQUEST_ID, approver, token) is None
    assert token != bounce_token(SENDER.keyring, REQUEST_ID, SENDER.mailbox)


def test_a_worker_puts_it_aside_and_tells_no_approval_of_it(probe):
    found = sort(probe.outgoing.raw)
    assert (found.folder, found.decision, found.notice) == (Folder.UNMATCHED, None, None)


@pytest.mark.parametrize("count", range(1, len(TELLTALES) + 1))
def test_whatever_is_taken_away_on_the_way_it_is_no_vote_and_is_not_answered(probe, count):
    for names in combinations(TELLTALES, count):
        raw = without(probe.outgoing.raw, *names)
        for sender in (SENDER.mailbox, APPROVER, "somebody@else.test"):
            forged = re.sub(rb"(?m)^From: .*\r\n", f"From: {sender}\r\n".encode(), raw)
            for words in (b"", b"APPROVE\r\n\r\n"):
                head, _, body = forged.partition(b"\r\n\r\n")
                plain = re.sub(rb"(?im)^(content|mime)-.*\r\n", b"", head + b"\r\n")
                found = sort(plain + b"\r\n" + words + body, plus="+" in probe.reply_to)
                assert found.decision is None
                assert not found.answerable


def test_it_says_in_each_way_that_a_program_has_sent_it(probe):
    """Besides its Message-ID, which hosts replace."""
    found = read(without(probe.outgoing.raw, "Message-ID", "X-Approval-Agent"))
    assert isinstance(found, Reply) and found.decision is Decision.AUTO
    assert b"X-Auto-Response-Suppress: DR, RN, NRN, AutoReply\r\n" in probe.outgoing.raw


def test_it_is_known_by_its_mark_and_by_its_message_id(probe):
    raw = probe.outgoing.raw
    assert by_fields(raw, probe) is Kin.PROBE
    assert by_fields(without(raw, MARK_FIELD), probe) is Kin.PROBE
    assert by_fields(without(raw, "Message-ID"), probe) is Kin.PROBE


def test_without_both_it_is_read_and_known_by_its_token(probe):
    raw = without(probe.outgoing.raw, MARK_FIELD, "Message-ID")
    assert by_fields(raw, probe) is Kin.UNREAD
    assert by_reading(raw, read(raw), probe) is Kin.PROBE


def test_a_strangers_mail_and_a_strangers_probe_are_left_alone(probe):
    other = probe_of("AR-0000000000")
    assert by_fields(other.outgoing.raw, probe) is Kin.STRANGER
    assert by_fields(b"From: a@x.test\r\nSubject: hi\r\n\r\n", probe) is Kin.STRANGER
    # The code in the subject alone is anybody's to write.
    raw = f"From: a@x.test\r\nSubject: Re: [{REQUEST_ID}]\r\n\r\nhi\r\n".encode()
    assert by_fields(raw, probe) is Kin.UNREAD
    assert by_reading(raw, read(raw), probe) is Kin.STRANGER


def test_a_report_and_a_programs_answer_are_told_from_it(probe):
    returned = probe.outgoing.raw.partition(b"\r\n\r\n")[0]
    report = (
        b"From: MAILER-DAEMON@x.test\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x.test\r\n\r\n"
        b"Final-Recipient: rfc822; a@x.test\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n" + returned + b"\r\n--b--\r\n"
    )
    assert by_fields(report, probe) is Kin.UNREAD
    reply = read(report)
    assert by_reading(report, reply, probe) is Kin.BOUNCE
    assert isinstance(reply, Reply) and reply.status == "5.1.1"
    answer = (
        f"From: {SENDER.mailbox}\r\nSubject: Automatic reply: Probe [{REQUEST_ID}]\r\n"
        f"In-Reply-To: {probe.outgoing.message_id}\r\n\r\nI am away.\r\n"
    ).encode()
    assert by_fields(answer, probe) is Kin.UNREAD
    assert by_reading(answer, read(answer), probe) is Kin.ANSWER


@pytest.mark.parametrize("replaced", [False, True], ids=["as sent", "another Message-ID"])
def test_one_of_an_earlier_run_is_known_and_when_nobody_waits_for_it(probe, replaced):
    raw = probe.outgoing.raw
    if replaced:
        raw = re.sub(rb"(?m)^Message-ID: .*\r\n", b"Message-ID: <1@amazonses.test>\r\n", raw)
    found = earlier(raw, SENDER)
    assert found is not None and found.request_id == REQUEST_ID
    assert not found.is_over(NOW + timedelta(minutes=2))
    assert found.is_over(NOW + timedelta(minutes=4))
    untold = earlier(without(raw, "Expires"), SENDER)
    assert untold is not None and untold.is_over(NOW)


def test_one_that_was_made_with_the_secret_before_is_ours_and_nobody_elses_is(probe):
    secrets = [key.secret.decode() for key in SENDER.keyring.keys]
    renewed = replace(SENDER, keyring=Keyring.from_secrets(["n" * 32, *secrets]))
    assert earlier(probe.outgoing.raw, renewed)
    other = replace(SENDER, keyring=Keyring.from_secrets(["x" * 32]))
    assert earlier(probe.outgoing.raw, other) is None
    assert earlier(probe.outgoing.raw, replace(SENDER, mailbox="other@example.com")) is None


def test_nothing_else_is_taken_for_one_of_an_earlier_run(probe):
    raw, own = probe.outgoing.raw, probe.outgoing.message_id
    subject = f"Subject: {SUBJECT} [{REQUEST_ID}]\r\n"
    copied = without(raw, "Message-ID", "In-Reply-To").replace(b"\r\n\r\n", b"\r\n", 1)
    others = [
        compose_request(SENDER, APPROVAL, APPROVER, NOW).raw,
        f"From: a@x.test\r\n{subject}\r\nhi\r\n".encode(),
        # Written to the agent in answer to it, also by programs that copy what they do not know.
        f"Message-ID: <2@x.test>\r\nIn-Reply-To: {own}\r\n{subject}\r\nhi\r\n".encode(),
        f"Message-ID: <2@x.test>\r\nIn-Reply-To: {own}\r\n".encode() + copied,
        f"Message-ID: <2@x.test>\r\nIn-Reply-To: {probe.question}\r\n{subject}\r\n".encode(),
        f"Message-ID: {own}\r\nMessage-ID: <2@x.test>\r\n{subject}\r\nhi\r\n".encode(),
        re.sub(rb"(?m)^Message-ID: <.", b"Message-ID: <b", without(raw, "In-Reply-To")),
        without(raw, "Message-ID", "X-Approval-Agent"),
    ]
    assert [earlier(other, SENDER) for other in others] == [None] * len(others)


def test_it_shows_no_token(probe):
    assert probe.token not in repr(probe) + probe.address


def test_another_key_makes_another_token():
    other = Keyring.from_secrets(["x" * 32])
    assert probe_token(other, REQUEST_ID, "a@x.test") != probe_token(
        SENDER.keyring, REQUEST_ID, "a@x.test"
    )
    assert reply_token(other, REQUEST_ID, "a@x.test", "00")
