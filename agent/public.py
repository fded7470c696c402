"""What anybody may read of an approval without asking its workflow. Part of that workflow.

Memo and search attributes need no worker, and are there after the end, too: `list` and late mail
go by them.
"""

from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey

with workflow.unsafe.imports_passed_through():
    from agent.models import ApprovalRequest, Outcome, rfc3339

STATUS = SearchAttributeKey.for_keyword("ApprovalStatus")
REQUEST_ID = SearchAttributeKey.for_keyword("ApprovalRequestId")


class Public:
    """Sets what has changed, and nothing twice."""

    def __init__(self) -> None:
        self._searchable = False
        self._away: list[str] = []

    @staticmethod
    def shown(request: ApprovalRequest) -> dict[str, Any]:
        """What the audit trail and the memo both tell of the question."""
        assert request.policy and request.expires_at
        return {
            "summary": request.action.summary,
            "approvers": list(request.policy.approvers),
            "expires_at": rfc3339(request.expires_at),
            "digest": request.action.digest,
        }

    def ask(self, request: ApprovalRequest, searchable: bool) -> None:
        assert request.requested_at
        self._searchable = searchable
        info = workflow.info()
        agent_id = info.parent.workflow_id if info.parent else info.workflow_id
        workflow.upsert_memo(
            {
                "request_id": request.request_id,
                "workflow_id": agent_id,
                "requested_at": rfc3339(request.requested_at),
                **self.shown(request),
            }
        )
        if searchable:
            workflow.upsert_search_attributes(
                [STATUS.value_set("waiting"), REQUEST_ID.value_set(request.request_id)]
            )
        workflow.logger.info("waiting for approval %s of %s", request.request_id, agent_id)

    def away(self, events: list[dict[str, Any]]) -> None:
        """Who answers by a program at present. Nobody was, and nobody is, in runs that know nothing
        of it."""
        away = [event["approver"] for event in events]
        if away != self._away:
            self._away = away
            workflow.upsert_memo({"away": away})

    def end(self, outcome: Outcome) -> None:
        if self._searchable:
            workflow.upsert_search_attributes([STATUS.value_set(outcome)])
