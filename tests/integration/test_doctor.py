"""`python -m agent doctor` on every mail server: it proves the loop, and nothing of it stays."""

from datetime import UTC, datetime, timedelta

import pytest

from agent.doctor.probe import SUBJECT, compose_probe
from mail.approval import Sender
from mail.identity import Keyring
from tests.integration.doctoring import all_mail, rows, states
from tests.integration.office import STRANGER
from tests.planted import APPROVAL_SECRET
from tests.servers import every_server
from tests.waiting import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), every_server]

HELLO = f"From: {STRANGER}\r\nSubject: hello\r\n\r\nhi\r\n".encode()
# What is right in every deployment of these tests.
FINE = {
    *("settings", "temporal", "namespace", "search-attributes", "temporal-clock"),
    *("tools", "model", "smtp", "smtp-tls", "imap", "imap-extensions", "folders"),
    *("probe", "plus-address", "message-id", "in-reply-to", "sender", "folder", "idle"),
    *("mail-clock", "clean-up"),
}


# Dovecot may tell of nothing, where the worker was faster than it.
BESIDE_A_WORKER = FINE - {"idle"}


async def test_without_a_worker_all_is_seen_and_no_trace_stays(office):
    await office.send(STRANGER, office.agent, HELLO)
    before = await all_mail(office)
    found = await rows(office)
    assert states(found, "ok") >= FINE
    assert states(found, "failed") == set()
    # The certificate of the tests' Dovecot ends in two days.
    warned = {"MAIL_AUTH", "agent-worker", "inbox-worker", "inbox-workflow"}
    assert states(found, "warning") - {"imap-tls"} == warned
    assert found["probe"]["detail"].endswith("token in address, In-Reply-To, text")
    assert found["folder"]["detail"] == "INBOX"
    assert "start worker.py" in found["inbox-workflow"]["advice"]
    assert await all_mail(office) == before


async def test_beside_a_worker_nothing_is_counted_or_answered(office):
    async with office.worker() as worker:
        run, letter = await office.asked()
        await office.in_folder("Unmatched", b"hello")
        before = await all_mail(office)

        async def swept():
            found = await rows(office, send=False)
            return found["inbox-workflow"]["state"] == "ok"

        await until(swept, "a first reading")
        found = await rows(office)
        workers = {"agent-worker", "inbox-worker", "inbox-workflow"}
        assert states(found, "ok") >= BESIDE_A_WORKER | workers
        assert states(found, "failed") == set()
        assert await all_mail(office) == before
        log = worker.log_text()
        assert "signalled" not in log and "answer" not in log
        # What waits goes on as if nothing had been.
        kinds = {event["kind"] for event in await run.events()}
        assert not kinds & {"notice", "vote", "decision_ignored"}
        await office.reply(letter, "APPROVE")
        assert await run.outcome() == "approved"


@pytest.mark.parametrize("working", [False, True], ids=["alone", "beside a worker"])
async def test_in_a_mailbox_of_others_it_leaves_their_mail(office, working):
    changes = {"IMAP_UNMATCHED": "leave"}
    await office.send(STRANGER, office.agent, HELLO)
    before = await all_mail(office)
    if working:
        async with office.worker(**changes):
            found = await rows(office, **changes)
    else:
        found = await rows(office, **changes)
    assert states(found, "ok") >= (BESIDE_A_WORKER if working else FINE)
    assert await all_mail(office) == before


@pytest.mark.parametrize("working", [False, True], ids=["alone", "beside a worker"])
async def test_without_plus_addresses_the_mailbox_itself_is_written_to(office, working):
    changes = {"MAIL_PLUS_ADDRESS": "off"}
    before = await all_mail(office)
    if working:
        async with office.worker(**changes) as worker:
            found = await rows(office, **changes)
            assert "signalled" not in worker.log_text()
    else:
        found = await rows(office, **changes)
    fine = BESIDE_A_WORKER if working else FINE
    assert states(found, "ok") >= fine - {"plus-address"}
    assert found["plus-address"]["ok"] is None
    assert found["probe"]["detail"].endswith("token in In-Reply-To, text")
    assert len(await all_mail(office)) == len(before)


async def test_what_an_earlier_run_has_left_is_taken_away_wherever_it_lies(office):
    sender = Sender(office.agent, "", True, Keyring.from_secrets([APPROVAL_SECRET]), "UTC")
    now = datetime.now(UTC)

    async def left(request_id: str, until: datetime) -> bytes:
        probe = compose_probe(sender, request_id, now, plus=True, until=until)
        await office.mail.deliver(office.agent, probe.outgoing.raw)
        return probe.outgoing.message_id.encode()

    await office.send(STRANGER, office.agent, HELLO.replace(b"hello", SUBJECT.encode()))
    long_ago = now - timedelta(hours=1)
    put_away = await left("AR-000000000A", long_ago)
    async with office.worker():
        await office.in_folder("Unmatched", put_away)
        await office.in_folder("Unmatched", b"\r\nhi")
    await left("AR-000000000B", long_ago)
    awaited = await left("AR-000000000C", now + timedelta(hours=1))
    before = await all_mail(office)
    found = await rows(office)
    assert found["clean-up"]["detail"] == (
        "the probe is gone again; so are 2 that earlier runs had left; "
        "1 left for another run, which may wait for it"
    )
    after = await all_mail(office)
    assert len(after) == len(before) - 2
    assert all(put_away not in raw for raw in after)
    assert any(awaited in raw for raw in after)
    assert (await rows(office))["clean-up"]["detail"].startswith("the probe is gone again; 1 left")
