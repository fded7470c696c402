"""Counts the approvals that wait on one task queue, for its worker's gauges."""

from datetime import datetime

from temporalio.client import Client

from agent.models import rfc3339


class Census:
    """Remembers the oldest: while it waits, two calls tell all, however many others there are."""

    def __init__(self, client: Client, task_queue: str) -> None:
        self._client = client
        self._query = (
            "WorkflowType='ApprovalWorkflow' AND ExecutionStatus='Running' "
            f"AND TaskQueue='{task_queue}'"
        )
        self._oldest: datetime | None = None

    async def take(self) -> tuple[int, datetime | None]:
        """How many there are, and since when the oldest has waited. Raises RPCError."""
        count = (await self._client.count_workflows(self._query)).count
        if count == 0:
            self._oldest = None
        elif self._oldest is None or not await self._waits_since(self._oldest):
            # Visibility without Elasticsearch cannot sort: all are looked at, a thousand a call.
            self._oldest = None
            async for execution in self._client.list_workflows(self._query):
                if self._oldest is None or execution.start_time < self._oldest:
                    self._oldest = execution.start_time
        return count, self._oldest

    async def _waits_since(self, moment: datetime) -> bool:
        query = f"{self._query} AND StartTime <= '{rfc3339(moment)}'"
        return (await self._client.count_workflows(query)).count > 0
