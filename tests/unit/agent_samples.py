"""What the tests of the agent's modules have in common: one worker's settings, one approval."""

from datetime import UTC, datetime, timedelta
from typing import Any

from agent.canonical import action_digest
from agent.models import (
    Action,
    ApprovalDecision,
    ApprovalRequest,
    Policy,
    Stage,
    Vote,
    rfc3339,
)
from agent.settings import Settings
from mail.identity import Keyring, digest_claim, vote_seal
from tests.planted import APPROVAL_SECRET

REQUEST_ID = "AR-7K2M9QXD4T"
ASKED = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
EXPIRES = ASKED + timedelta(hours=1)
APPROVER = "approver@demo.test"
OTHER = "approver2@demo.test"
REQUESTER = "requester@demo.test"
MAILBOX = "agent@demo.test"
SECRET = APPROVAL_SECRET
ARGUMENTS = {"order_id": 1042, "amount": "120.00", "currency": "EUR"}
DIGEST = action_digest(REQUEST_ID, "refund_order", ARGUMENTS)
CLAIM = digest_claim(DIGEST)


def settings(**changes: Any) -> Settings:
    """A worker's settings, whatever stands in the environment or in a `.env`."""
    given: dict[str, Any] = {
        "mail_from": f"Shop agent <{MAILBOX}>",
        "mail_auth": "off",
        "approvers": f"{APPROVER}, {OTHER}",
        "approval_secret": SECRET,
        "smtp_host": "127.0.0.1",
        "smtp_security": "none",
        **changes,
    }
    return Settings(_env_file=None, **given)


def action(**changes: Any) -> Action:
    given: dict[str, Any] = {
        "action_type": "refund_order",
        "description": "Refund 120.00 EUR for order 1042",
        "arguments": ARGUMENTS,
        "digest": DIGEST,
    }
    return Action(**{**given, **changes})


def request(**changes: Any) -> ApprovalRequest:
    """An approval as `prepare` completes it."""
    given: dict[str, Any] = {
        "request_id": REQUEST_ID,
        "action": action(),
        "requested_at": ASKED,
        "expires_at": EXPIRES,
        "requested_by": REQUESTER,
        "policy": Policy(stages=(Stage(approvers=(APPROVER, OTHER)),)),
        "request": "Please refund order 1042.",
    }
    return ApprovalRequest(**{**given, **changes})


def decision(approved: bool, approver: str | None = APPROVER, **changes: Any) -> ApprovalDecision:
    """A vote as the inbox signals it; every one is of a message of its own."""
    given: dict[str, Any] = {
        "request_id": REQUEST_ID,
        "approved": approved,
        "approver": approver,
        "received_at": ASKED + timedelta(minutes=1),
        "message_id": f"{approver}-{approved}",
        "content_hash": f"{approver}-{approved}",
        "claim": CLAIM,
    }
    return ApprovalDecision(**{**given, **changes})


def sealed(approver: str = APPROVER, digest: str = DIGEST, **changes: Any) -> Vote:
    """A consent as the inbox has read it."""
    at = ASKED + timedelta(minutes=1)
    keys = Keyring.from_secrets([SECRET])
    seal = vote_seal(keys, REQUEST_ID, approver, digest_claim(digest), True, rfc3339(at))
    given = {"approver": approver, "approved": True, "received_at": at, "seal": seal, **changes}
    return Vote(**given)


def vote(approved: bool, approver: str = APPROVER, note: str = "") -> Vote:
    return Vote(approver=approver, approved=approved, note=note, received_at=ASKED)
