"""What an operator sees of the mailbox, and what a second reading of a message comes to."""

import pytest

from tests.integration.office import STRANGER
from tests.servers import every_server
from tests.waiting import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), every_server]

BROKEN = b"\r\n\xff\xfe no header at all"
HELLO = f"From: {STRANGER}\r\nSubject: hello \x1b[31mred\r\n\r\nhi\r\n".encode()


async def inbox(office, *options, **changes):
    return await office.run("-m", "agent", "inbox", *options, **changes)


async def seen(office):
    return (await inbox(office, "--json")).json


async def test_what_was_put_aside_is_told_by_sender_and_can_be_read_again(office):
    async with office.worker():
        await office.send(STRANGER, office.agent, HELLO)
        await office.send(STRANGER, office.agent, HELLO.replace(b"hi", b"hi again"))
        await office.in_folder("Unmatched", b"hi again")
        await office.mail.deliver(office.agent, BROKEN)
        await office.in_folder("Quarantine", b"no header")

        async def swept():
            row = await seen(office)
            return row if row["read"] == {"Unmatched": 2, "Quarantine": 1} else None

        row = await until(swept, "the counts of three messages")
        assert (row["mailbox"], row["backlog"], row["retried"]) == (office.agent, 0, [])
        assert row["reader"] and row["last_sweep"].endswith("Z")
        unmatched = row["folders"]["Unmatched"]
        assert unmatched["messages"] == 2
        assert unmatched["senders"] == [{"sender": STRANGER, "messages": 2}]
        assert [m["sender"] for m in unmatched["newest"]] == [STRANGER] * 2
        (broken,) = row["folders"]["Quarantine"]["newest"]
        assert broken["sender"] == ""
        shown = (await inbox(office)).out
        assert STRANGER in shown and "hello" in shown and "\x1b[31m" not in shown
        retried = (await inbox(office, "--retry", str(broken["uid"]), "--json")).json
        assert retried["retried"] == [broken["uid"]]

        async def again():
            folder = (await seen(office))["folders"]["Quarantine"]
            return [m["uid"] for m in folder["newest"] if m["uid"] != broken["uid"]]

        assert await until(again, "the message put aside once more")
    assert len(await office.mail.messages(office.agent, "Quarantine")) == 1


async def test_a_message_that_is_not_there_is_named_and_nothing_moves(office):
    await office.mail.deliver(office.agent, BROKEN)
    missing = await inbox(office, "--retry", "4000000", "--folder", "unmatched")
    assert missing.code == 2
    assert missing.err == "error: --retry: there is no 4000000 in Unmatched\n"
    assert (await seen(office))["backlog"] == 1


async def test_without_a_worker_or_a_mailbox_that_is_what_is_said(office):
    async with office.worker():

        async def swept():
            return (await seen(office))["last_sweep"]

        await until(swept, "a first reading")
    row = await seen(office)
    assert not row["reader"]
    assert row["last_sweep"], "what the worker has handed over"
    unset = await inbox(office, IMAP_HOST="")
    assert (unset.code, unset.err) == (2, "error: IMAP_HOST is not set\n")
