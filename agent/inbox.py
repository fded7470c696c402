"""InboxWorkflow: keeps one reader on one mailbox, for as long as there is a worker."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from agent import options
    from agent.jobs import Cursor


@workflow.defn(name="InboxWorkflow")
class InboxWorkflow:
    """One activity that runs for hours; its attempts and heartbeats add nothing to the history."""

    @workflow.run
    async def run(self, cursor: Cursor | None = None) -> None:
        """The activity has ended, and handed its cursor over, before the next run begins: two of
        them would read the same mail."""
        after: Cursor = await workflow.execute_activity(
            "watch_inbox", cursor or Cursor(), result_type=Cursor, **options.WATCH_INBOX
        )
        workflow.continue_as_new(after)
