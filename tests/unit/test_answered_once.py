"""Whom the reader of the inbox has answered is on record before anything can be read again."""

from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment

from agent.activities.watch_inbox import InboxActivities
from agent.jobs import Cursor
from agent.ledger import Ledger, entry_of
from agent.sorting import Folder
from mail.errors import MailRefused
from tests.unit.agent_samples import APPROVER, ASKED, REQUEST_ID, settings
from tests.unit.mailbox import Mailbox, Recorded, vote


def rows() -> tuple[str, ...]:
    ledger = Ledger()
    ledger.add(entry_of(REQUEST_ID, APPROVER), ASKED)
    return ledger.rows


async def test_whom_we_have_answered_is_on_record_before_their_mail_is_put_away():
    mailbox, bookmark = Mailbox(), Recorded()
    mailbox.put(vote("APPROVE"))
    mailbox.told = ("a row",)
    mailbox.full = Folder.PROCESSED
    with pytest.raises(MailRefused):
        await mailbox.swept(mailbox.sweeper(), bookmark)
    assert bookmark.kept.told == ("a row",)


async def test_what_another_sweep_has_answered_is_on_record_though_no_mail_is_there():
    mailbox, bookmark = Mailbox(told=("a row",)), Recorded()
    await mailbox.swept(mailbox.sweeper(), bookmark)
    assert bookmark.kept.told == ("a row",)


@pytest.mark.parametrize("heartbeat", [True, False])
async def test_a_reader_that_begins_knows_whom_the_last_one_has_answered(heartbeat, monkeypatch):
    nothing: Any = None
    inbox = InboxActivities(nothing, settings(imap_host="127.0.0.1", imap_password="x"))

    async def read_at_once(watch: Any) -> Cursor:
        cursor: Cursor = watch.cursor
        return cursor

    monkeypatch.setattr(inbox, "_read_for_hours", read_at_once)
    environment = ActivityEnvironment()
    given = Cursor(told=rows())
    if heartbeat:
        # Of another attempt; what the workflow has given is older.
        details = [given.model_dump(mode="json")]
        environment.info = environment.default_info()
        environment.info = environment.info.__class__(
            **{**environment.info.__dict__, "heartbeat_details": details}
        )
        given = Cursor()
    after = await environment.run(inbox.watch_inbox, given)
    assert after.told == rows() == inbox._late.told
