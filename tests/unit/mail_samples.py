"""What the tests of composing have in common: values to compose of, and ways to look at bytes."""

import email
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from functools import partial
from typing import Any, cast

from mail.compose import (
    Answer,
    AnswerKind,
    Approval,
    Outgoing,
    Sender,
    compose_answer,
    compose_request,
    compose_result,
)
from mail.identity import Keyring

ASKED = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
APPROVER = "ines@example.com"
OTHER = "tom@example.com"
REQUESTER = "rosa@example.com"
REQUEST_ID = "AR-7K2M9QXD4T"
SENDER = Sender(
    mailbox="agent@example.com",
    display_name="Shop agent",
    plus_address=True,
    keyring=Keyring.from_secrets(["0123456789abcdef0123456789abcdef"]),
    timezone="Europe/Berlin",
)
APPROVAL = Approval(
    request_id=REQUEST_ID,
    summary="Refund 120.00 EUR for order 1042",
    action_type="refund_order",
    arguments=(("amount", '"120.00"'), ("currency", '"EUR"'), ("order_id", "1042")),
    description="Pays an amount of an order back.",
    reasoning="The order arrived broken.",
    requested_by=REQUESTER,
    request="Please refund order 1042.",
    risk="high",
    risky_action=True,
    digest="ab" * 32,
    requested_at=ASKED,
    expires_at=ASKED + timedelta(days=3),
    approvers=(APPROVER, OTHER),
    require_text="any one of 2",
)
OUTCOMES = ("approved", "rejected", "expired", "undeliverable", "withdrawn")
# What the reader says before a colon, where a person's words may follow it.
RULES = (
    "the note may restrict or take back",
    "the note names an amount",
    "the first line is not plainly APPROVE or REJECT alone",
)
WARNED = ("unauthenticated", "misaligned", "binding-not-signed", "taken-back", "")
NO_OUTCOMES = ("terminated", "broken", "")


def with_text_everywhere(text: str) -> Approval:
    """The approval with `text` in every field that somebody else fills."""
    return replace(
        APPROVAL,
        summary=text,
        action_type=text,
        arguments=((text, text), ("plain", text)),
        description=f"{text} described",
        reasoning=text,
        requested_by=text,
        request=text,
        risk=text,
        digest=text,
        require_text=text,
    )


def answers(text: str) -> list[Answer]:
    """One answer of every kind and outcome, with `text` in every field that is text."""
    words: dict[str, Any] = {"key": text, "read": text, "reason": text, "note": text, "by": text}
    return [
        Answer(AnswerKind.HELP, **words),
        Answer(AnswerKind.HELP, voided=True, last=True, in_reply_to=text, **words),
        *(Answer(AnswerKind.HELP, **{**words, "reason": f"{rule}: {text}"}) for rule in RULES),
        *(Answer(AnswerKind.WARNING, **{**words, "reason": f"{w}: {text}"}) for w in WARNED),
        Answer(AnswerKind.WARNING, outcome="expired", **words),
        Answer(AnswerKind.UNKNOWN, **words),
        Answer(AnswerKind.RESOLVED, done=True, **words),
        Answer(AnswerKind.RESOLVED, done=False, **words),
        Answer(AnswerKind.RECEIPT, decision="approve", progress=text, **words),
        *(Answer(AnswerKind.RECEIPT, decision="reject", outcome=o, **words) for o in OUTCOMES),
        *(Answer(AnswerKind.NEWS, outcome=outcome, **words) for outcome in OUTCOMES),
        *(Answer(AnswerKind.LATE, outcome=o, **words) for o in (*OUTCOMES, *NO_OUTCOMES)),
        Answer(AnswerKind.LATE, outcome="expired", missed_deadline=True, **words),
        Answer(AnswerKind.NEWS, outcome="expired", unread=True, **words),
    ]


def composers(text: str) -> list[Callable[[], Outgoing]]:
    """Every kind of mail that we send, with `text` in every field, made when it is called."""
    approval = with_text_everywhere(text)
    told = answers(text)
    return [
        partial(compose_request, SENDER, approval, APPROVER, ASKED),
        *(partial(compose_answer, SENDER, approval, OTHER, answer, ASKED) for answer in told),
        partial(compose_answer, SENDER, approval, REQUESTER, told[5], ASKED),
        partial(compose_result, SENDER, REQUESTER, text, text, "run", approval, ASKED),
        partial(compose_result, SENDER, REQUESTER, text, text, "run", None, ASKED),
    ]


def every_mail(text: str) -> list[Outgoing]:
    return [compose() for compose in composers(text)]


def parsed(outgoing: Outgoing) -> EmailMessage:
    return email.message_from_bytes(outgoing.raw, policy=policy.default)


def parts(outgoing: Outgoing) -> tuple[str, str]:
    """Text and HTML, as a mail program decodes them."""
    text, html = cast(list[EmailMessage], list(parsed(outgoing).iter_parts()))
    return text.get_content(), html.get_content()
