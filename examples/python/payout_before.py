"""Pays somebody, at once: a workflow as many have one. `payout.py` is the same with an approval."""

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError

TASK_QUEUE = "payouts"
MINUTE = timedelta(minutes=1)


@workflow.defn
class PayoutWorkflow:
    @workflow.run
    async def run(self, wanted: dict[str, Any]) -> str:
        """`{payout_id}` in; what became of the payout, in words."""
        payout = await workflow.execute_activity(
            load_payout, wanted["payout_id"], start_to_close_timeout=MINUTE
        )
        summary = f"{payout['amount']} {payout['currency']} to {payout['payee']}"
        await workflow.execute_activity(
            pay,
            args=[payout["payout_id"]],
            start_to_close_timeout=MINUTE,
            # Once: after an error or a lost worker nobody knows whether money has left.
            retry_policy=RetryPolicy(maximum_attempts=1),
            # A payment that was begun is waited for.
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        )
        return f"paid {summary}"


@activity.defn
def load_payout(payout_id: str) -> dict[str, Any]:
    """A payout as it is now."""
    payouts = json.loads(Path(os.environ.get("PAYOUTS", "../payouts.json")).read_text("utf-8"))
    if payout_id not in payouts:
        raise ApplicationError(f"there is no payout {payout_id}", non_retryable=True)
    return {"payout_id": payout_id, **payouts[payout_id]}


@activity.defn
def pay(payout_id: str) -> None:
    payout = load_payout(payout_id)
    with open(os.environ.get("PAID", "paid.jsonl"), "a", encoding="utf-8") as paid:
        paid.write(json.dumps(payout) + "\n")
