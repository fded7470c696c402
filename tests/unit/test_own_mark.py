"""Our own mail, whatever became of it on its way back: put aside, never counted or answered."""

import re
from datetime import timedelta

import pytest

from agent.sorting import Folder, Rules, Sorted, sort_message
from mail.carriers import Where, find_carriers
from mail.identity import MARK_FIELD, Keyring, reply_token
from mail.message import Outgoing
from mail.read import read
from mail.reply import Reply
from mail.trust import Auth, Distrust
from tests.unit.mail_samples import (
    APPROVAL,
    APPROVER,
    ASKED,
    OTHER,
    REQUEST_ID,
    SENDER,
    every_mail,
    parsed,
)

MAILS = every_mail("as always")
WHICH = pytest.mark.parametrize("mail", MAILS, ids=range(len(MAILS)))
TOKEN = reply_token(SENDER.keyring, REQUEST_ID, OTHER, APPROVAL.digest)
OLD = SENDER.keyring
OUR_ID = re.compile(rb"(?im)^message-id: <([^>]*)>")
# Whatever says that it is ours, or automatic, but the mark.
TELLTALE = re.compile(
    rb"(?im)^(?:from|to|subject|reply-to|references|in-reply-to|auto-submitted|"
    rb"x-auto-response-suppress): .*\r\n(?:[ \t].*\r\n)*"
)


def sort(raw: bytes, keyring: Keyring = OLD) -> Sorted:
    rules = Rules(keyring, {}, SENDER.mailbox, Auth.OFF)
    return sort_message(7, read(raw), ASKED + timedelta(minutes=1), rules)


def disguised(raw: bytes, sender: str = OTHER) -> bytes:
    """Of an approver, with their token and a decision on top: a vote, but for its mark."""
    head, _, _ = raw.partition(b"\r\n\r\n")
    kept = TELLTALE.sub(b"", head + b"\r\n")
    # A Message-ID of ours would tell, too.
    kept = re.sub(rb"(?im)^(?:mime|content)-[^\r]*\r\n", b"", kept)
    more = f"From: {sender}\r\nTo: {SENDER.mailbox}\r\n\r\n"
    return kept + more.encode() + f"APPROVE\r\n\r\n> Reference: {REQUEST_ID}/{TOKEN}\r\n".encode()


def unmarked(raw: bytes) -> bytes:
    return re.sub(rb"(?im)^x-approval-agent: .*\r\n", b"", raw)


def other_id(raw: bytes) -> bytes:
    return OUR_ID.sub(b"Message-ID: <another@mail.test>", raw)


@WHICH
def test_all_of_our_mail_bears_one_mark_and_no_token_in_it(mail: Outgoing):
    (mark,) = parsed(mail).get_all(MARK_FIELD) or []
    reply = read(mail.raw)
    assert isinstance(reply, Reply) and reply.marks == (mark,)
    assert TOKEN not in mark and find_carriers(mark, Where.BODY) == []


@WHICH
def test_it_is_known_by_its_mark_whatever_its_other_fields_say(mail: Outgoing):
    for sender in (OTHER, APPROVER, "mailer-daemon@mail.test", "a@x.test, b@x.test", ""):
        found = sort(disguised(mail.raw, sender))
        assert (found.folder, found.decision) == (Folder.UNMATCHED, None)
        assert not found.answerable


def test_the_mark_alone_makes_the_difference():
    mail = next(mail for mail in MAILS if not find_carriers(mail.message_id, Where.MESSAGE_ID))
    ours = sort(disguised(mail.raw))
    assert (ours.decision, ours.refusal) == (None, Distrust.OWN_MAIL)
    vote = sort(disguised(unmarked(mail.raw)))
    assert vote.decision is not None and vote.decision.approved


def test_a_field_copied_into_a_reply_does_not_take_the_vote_away():
    vote = sort(other_id(disguised(MAILS[0].raw)))
    assert vote.decision is not None and vote.decision.approver == OTHER


def test_a_mark_quoted_in_a_body_or_attached_counts_for_nothing():
    mail = next(mail for mail in MAILS if not find_carriers(mail.message_id, Where.MESSAGE_ID))
    mark = parsed(mail)[MARK_FIELD]
    raw = unmarked(disguised(mail.raw))
    for quoted in (f"{MARK_FIELD}: {mark}", f"> {MARK_FIELD}: {mark}"):
        heard = sort(raw + f"\r\n{quoted}\r\n".encode())
        assert heard.answerable and heard.refusal == ""
    attached = (
        f"From: {OTHER}\r\nTo: {SENDER.mailbox}\r\nMessage-ID: {mail.message_id}\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        f"--b\r\n\r\nAPPROVE\r\n\r\n> Reference: {REQUEST_ID}/{TOKEN}\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\n"
    )
    vote = sort(attached.encode() + mail.raw + b"\r\n--b--\r\n")
    assert vote.decision is not None and vote.decision.approved


def test_it_stays_ours_when_the_keys_are_changed_and_is_not_another_agents():
    mail = next(mail for mail in MAILS if not find_carriers(mail.message_id, Where.MESSAGE_ID))
    raw = disguised(mail.raw)
    new, others = "n" * 32, "o" * 32
    secret = OLD.keys[0].secret.decode()
    assert sort(raw, Keyring.from_secrets([new, secret])).refusal == Distrust.OWN_MAIL
    assert sort(raw, Keyring.from_secrets([others])).refusal == Distrust.TOKEN_MISMATCH


def test_a_report_that_bears_our_mark_is_our_mail_and_no_report():
    mail = MAILS[0]
    head = disguised(mail.raw, "mailer-daemon@mail.test").partition(b"\r\n\r\n")[0]
    to = f"To: <{mail.envelope_sender}>\r\n".encode()
    back = head.replace(b"To: agent@example.com", to.strip())
    report = back + (
        b"\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        b"Final-Recipient: rfc822; ines@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        b"\r\n--b--\r\n"
    )
    assert sort(report).notice is None
    genuine = sort(unmarked(report)).notice
    assert genuine is not None and genuine.permanent
