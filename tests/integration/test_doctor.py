"""`python -m agent doctor` on every mail server: it proves the loop, and nothing of it stays."""

import pytest

from tests.integration.doctoring import all_mail, rows, states
from tests.integration.office import STRANGER
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
        assert states(found, "ok") >= FINE | {"agent-worker", "inbox-worker", "inbox-workflow"}
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
    assert states(found, "ok") >= FINE
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
    assert states(found, "ok") >= FINE - {"plus-address"}
    assert found["plus-address"]["ok"] is None
    assert found["probe"]["detail"].endswith("token in In-Reply-To, text")
    assert len(await all_mail(office)) == len(before)
