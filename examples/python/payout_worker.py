"""The worker that runs payouts."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.worker import Worker

from payout import TASK_QUEUE, PayoutWorkflow, load_payout, pay


async def main() -> None:
    client = await Client.connect(**ClientConfig.load_client_connect_config())
    with ThreadPoolExecutor(4) as threads:
        worker = Worker(
            client,
            task_queue=TASK_QUEUE,
            workflows=[PayoutWorkflow],
            activities=[load_payout, pay],
            activity_executor=threads,
        )
        await worker.run()


if __name__ == "__main__":
    asyncio.run(main())
