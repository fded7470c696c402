"""Asks people by mail whether a build may be deployed; exit code 0 means that they agreed.

python ask.py 812 && ./deploy 812
"""

import argparse
import asyncio
import sys
from random import SystemRandom
from typing import Any

from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.common import WorkflowIDReusePolicy
from temporalio.envconfig import ClientConfig
from temporalio.exceptions import WorkflowAlreadyStartedError

from approval import TASK_QUEUE, WORKFLOW_TYPE, digest, new_request_id, why
from leaving import leave


def read_question() -> dict[str, Any]:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=int)
    parser.add_argument("--id", help="of an approval that is there already: wait for it again")
    parser.add_argument("--timeout", type=float, default=7_200, help="seconds to agree in")
    typed = parser.parse_args()
    return {
        "request_id": typed.id or new_request_id(SystemRandom()),
        "action": {
            "action_type": "deploy",
            "description": f"Deploy build {typed.build} to production",
            "arguments": {"build": typed.build, "environment": "production"},
        },
        "timeout_seconds": typed.timeout,
    }


async def start(request: dict[str, Any]) -> WorkflowHandle[Any, dict[str, Any]]:
    client = await Client.connect(**ClientConfig.load_client_connect_config())
    workflow_id = f"approval-{request['request_id']}"
    try:
        return await client.start_workflow(
            WORKFLOW_TYPE,
            request,
            id=workflow_id,
            task_queue=TASK_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            result_type=dict[str, Any],
        )
    except WorkflowAlreadyStartedError:
        return client.get_workflow_handle(workflow_id, result_type=dict[str, Any])


async def main() -> int:
    request = read_question()
    approval = await start(request)
    print(request["request_id"], flush=True)
    try:
        outcome = await approval.result()
    except WorkflowFailureError as error:
        print(error.cause, file=sys.stderr)  # why the agent refused to ask
        return 1
    action = request["action"]
    ours = digest(request["request_id"], action["action_type"], action["arguments"])
    if outcome["digest"] != ours:
        print(f"{request['request_id']} is about another action", file=sys.stderr)
        return 1
    print(why(outcome))
    return 0 if outcome["outcome"] == "approved" else 1


if __name__ == "__main__":
    leave(asyncio.run(main()))
