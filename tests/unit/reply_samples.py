"""Replies as reading gives them, for tests of what is made of them."""

from typing import Any

from mail.reply import Decision, Reply

_PLAIN = Reply(
    decision=Decision.APPROVE,
    note="",
    reason="APPROVE",
    senders=("approver@demo.test",),
    message_id="1@mail.test",
    content_hash="c" * 64,
    carriers=(),
    bounce=None,
    request_id=None,
)


def reply(**changes: Any) -> Reply:
    return _PLAIN._replace(**changes)
