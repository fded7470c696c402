"""Starts a payout and waits for what becomes of it."""

import argparse
import asyncio
import sys

from temporalio.client import Client, WorkflowFailureError
from temporalio.envconfig import ClientConfig

from leaving import leave
from payout import TASK_QUEUE, PayoutWorkflow


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("payout_id")
    parser.add_argument("--timeout", type=float, default=259_200, help="seconds to agree in")
    typed = parser.parse_args()
    client = await Client.connect(**ClientConfig.load_client_connect_config())
    run = await client.start_workflow(
        PayoutWorkflow.run,
        {"payout_id": typed.payout_id, "timeout_seconds": typed.timeout},
        id=f"payout-{typed.payout_id}",
        task_queue=TASK_QUEUE,
    )
    print("started", run.id, flush=True)
    try:
        print(await run.result())
    except WorkflowFailureError as error:
        print(error.cause, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    leave(asyncio.run(main()))
