"""What is made of a mail to ourselves: every finding that needs a host which is not at hand."""

from datetime import UTC, datetime, timedelta

import pytest

from agent.doctor.earlier import Left
from agent.doctor.examination import exit_code
from agent.doctor.finding import State, failed, note, ok, warning
from agent.doctor.observed import Attempt, Observed
from agent.doctor.place import Kind
from agent.doctor.probe import compose_probe
from agent.doctor.received import received
from agent.doctor.server_clock import Reading, finding_of
from agent.doctor.verdicts import CHECKS, verdicts
from mail.proof import Fault, Unproven
from mail.read import read
from tests.unit.agent_samples import settings
from tests.unit.mail_samples import SENDER

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
PROBE = compose_probe(SENDER, "AR-7K2M9QXD4T", NOW, plus=True, until=NOW)
UNSIGNED = Unproven(Fault.UNAUTHENTICATED, "it bears no signature of its sender", absent=True)


def seen(raw: bytes = PROBE.outgoing.raw, proof=UNSIGNED, **fields) -> Observed:
    attempt = Attempt(True, PROBE.address, NOW, NOW + timedelta(seconds=1), 0.1, 0.2)
    attempt.received = received(raw, NOW, read(raw), PROBE)
    attempt.proof = proof
    attempt.kind = fields.pop("kind", Kind.INBOX)
    attempt.folder = fields.pop("folder", "INBOX")
    return Observed([attempt], can_idle=True, **{"pushed_seconds": 0.1, **fields})


def found(observed: Observed, check: str, **changes):
    rows = {f.check: f for f in verdicts(observed, settings(**changes))}
    assert set(rows) == set(CHECKS)
    return rows[check]


def with_fields(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode() + PROBE.outgoing.raw


def test_a_host_whose_idle_tells_of_nothing_is_told():
    row = found(seen(pushed_seconds=None), "idle")
    assert (row.state, row.detail) == (State.WARNING, "the server offers IDLE, and told of nothing")
    assert "5 minutes late" in row.advice


def test_of_what_the_worker_has_put_away_at_once_nobody_need_be_told():
    row = found(seen(pushed_seconds=None, put_away=True), "idle")
    assert (row.state, row.advice) == (State.NOTE, "")


def test_what_the_worker_has_put_away_came_to_the_inbox():
    row = found(seen(kind=Kind.WORKERS, folder="Unmatched"), "folder")
    assert row.detail == "INBOX, from which the worker has put it into Unmatched"


def test_what_may_be_left_is_told_with_what_to_look_for():
    row = found(seen(left="the IMAP server cannot be reached"), "clean-up")
    assert row.state is State.WARNING
    subject = "Probe of the approval agent's mailbox"
    assert subject in row.advice and subject.encode() in PROBE.outgoing.raw


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (Left(), "the probe is gone again"),
        (Left(frozenset("a")), "the probe is gone again; so is one that an earlier run had left"),
        (
            Left(frozenset("ab"), frozenset("c")),
            "the probe is gone again; so are 2 that earlier runs had left; "
            "1 left for another run, which may wait for it",
        ),
        (
            Left(fault="not done within 30 s"),
            "the probe is gone again; earlier ones were not looked for: not done within 30 s",
        ),
    ],
)
def test_what_earlier_runs_had_left_is_told_in_the_same_line(left, said):
    row = found(seen(earlier=str(left)), "clean-up")
    assert (row.state, row.detail) == (State.OK, said)


def test_a_plus_address_whose_end_is_cut_off_is_told():
    raw = PROBE.outgoing.raw.replace(PROBE.reply_to.encode(), SENDER.mailbox.encode())
    row = found(seen(raw), "plus-address")
    assert row.state is State.WARNING
    assert "MAIL_PLUS_ADDRESS=off" in row.advice


def test_without_plus_addresses_another_message_id_weighs_more():
    raw = PROBE.outgoing.raw.replace(b"Message-ID: <", b"Message-ID: <other.")
    row = found(seen(raw), "message-id", mail_plus_address="off")
    assert "only the quoted text names the approval" in row.advice


def test_several_servers_words_are_listed_from_the_top():
    fields = [
        "Authentication-Results: mx.a.test; dkim=pass header.d=x.test",
        "Authentication-Results: relay.b.test 1; none",
        "Authentication-Results: spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=x.test",
    ]
    row = found(seen(with_fields(*fields)), "authentication-results", mail_auth="required")
    wanted = "mx.a.test (dkim=pass), then relay.b.test, then exchange-online (spf=pass)"
    assert row.detail == f"on top of the probe: {wanted}"


def test_what_cannot_be_taken_apart_is_called_so():
    row = found(seen(with_fields("Authentication-Results: ((((")), "authentication-results")
    assert "(unreadable)" in row.detail


def test_the_server_of_most_other_mail_is_the_candidate():
    observed = seen(others={"": 3, "mx.a.test": 1, "mx.b.test": 9})
    changes = {"mail_auth": "required", "mail_authserv_id": "mx.c.test"}
    row = found(observed, "authentication-results", **changes)
    assert row.state is State.FAILED
    assert row.advice.startswith("MAIL_AUTHSERV_ID=mx.b.test")


@pytest.mark.parametrize(
    ("proof", "state", "advice"),
    [
        (Unproven(Fault.UNAVAILABLE, "no answer"), State.NOTE, ""),
        (
            Unproven(Fault.MISALIGNED, "signed by gappssmtp.test", absent=True),
            State.WARNING,
            "set DKIM up for demo.test",
        ),
        (Unproven(Fault.UNAUTHENTICATED, "does not fit"), State.WARNING, "see the key"),
        (UNSIGNED, State.NOTE, "have one of them try"),
    ],
)
def test_of_our_own_signature_it_is_said_what_others_will_see(proof, state, advice):
    row = found(seen(proof=proof), "own-signature", mail_auth="required")
    assert row.state is state
    assert advice in row.advice


def test_the_servers_clocks_are_held_against_ours():
    late = NOW + timedelta(minutes=5)
    stamp = "Received: from a by mx.a.test with ESMTP id 1; Tue, 24 Nov 2026 10:00:00 +0000"
    assert found(seen(with_fields(stamp)), "mail-clock").state is State.OK
    stamp = stamp.replace("10:00:00", "10:05:00")
    row = found(seen(with_fields(stamp)), "mail-clock")
    assert row.state is State.FAILED
    assert row.detail == "SMTP server: 299 s ahead of our clock"
    assert finding_of("x", {"A": Reading(late, NOW, NOW)}).state is State.FAILED


@pytest.mark.parametrize(
    ("said", "state"),
    [(-1, State.OK), (0, State.OK), (5, State.OK), (7, State.WARNING), (61, State.FAILED)],
)
def test_what_a_clock_leaves_off_is_no_fault(said, state):
    moment = NOW + timedelta(seconds=said)
    reading = Reading(moment, NOW, NOW, grain=timedelta(seconds=1))
    assert finding_of("x", {"A": reading}).state is state


def test_the_exit_code_is_that_of_the_gravest():
    assert exit_code([ok("a", "x"), warning("b", "x", "y"), note("c", "x")]) == 0
    assert exit_code([ok("a", "x"), failed("b", "x", "y")]) == 1
    assert exit_code([failed("b", "x", "y"), failed("a", "x", "y", configuration=True)]) == 2
