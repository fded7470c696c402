"""Pure: an approval's memo, which is readable without a query, and after the approval's end."""

from collections.abc import Mapping
from typing import Any

from agent.models import Action, ApprovalRequest, Policy, Stage


def request_of(memo: Mapping[str, Any]) -> ApprovalRequest | None:
    """As much of the request as the memo keeps: enough for the thread, its subject and token.
    None where there is none: nobody was asked then."""
    if "digest" not in memo:
        return None
    return ApprovalRequest(
        request_id=memo["request_id"],
        action=Action(
            action_type="", description=memo["summary"], arguments={}, digest=memo["digest"]
        ),
        requested_at=memo["requested_at"],
        expires_at=memo["expires_at"],
        policy=Policy(stages=(Stage(approvers=tuple(memo["approvers"])),)),
    )
