"""Pays somebody, once people have agreed to it by mail: `payout_before.py` with an approval."""

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from approval import ask, digest, why

TASK_QUEUE = "payouts"
MINUTE = timedelta(minutes=1)


@workflow.defn
class PayoutWorkflow:
    @workflow.run
    async def run(self, wanted: dict[str, Any]) -> str:
        """`{payout_id, timeout_seconds?}` in; what became of the payout, in words."""
        payout = await workflow.execute_activity(
            load_payout, wanted["payout_id"], start_to_close_timeout=MINUTE
        )
        summary = f"{payout['amount']} {payout['currency']} to {payout['payee']}"
        timeout = timedelta(seconds=wanted.get("timeout_seconds", 259_200))
        outcome = await ask("payout", f"Pay {summary}", payout, timeout)
        if outcome["outcome"] != "approved":
            return f"not paid: {why(outcome)}"
        await workflow.execute_activity(
            pay,
            args=[payout["payout_id"], outcome["request_id"], outcome["digest"]],
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
def pay(payout_id: str, request_id: str, agreed: str) -> None:
    payout = load_payout(payout_id)
    if digest(request_id, "payout", payout) != agreed:
        raise ApplicationError(f"{payout_id} was changed after people agreed", type="NotApproved")
    with open(os.environ.get("PAID", "paid.jsonl"), "a", encoding="utf-8") as paid:
        paid.write(json.dumps(payout) + "\n")
