// Starts a payout and waits for what becomes of it.
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { PayoutInput, TASK_QUEUE } from './payout';
import type { payoutWorkflow } from './workflows';

const USAGE = 'usage: starter [--timeout SECONDS] PAYOUT_ID';

function readInput(): PayoutInput {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { timeout: { type: 'string', default: '259200' } },
  });
  const [payoutId, ...more] = positionals;
  if (payoutId === undefined || more.length > 0) {
    throw new Error(USAGE);
  }
  return { payout_id: payoutId, timeout_seconds: Number(values.timeout) };
}

async function main(): Promise<void> {
  const input = readInput();
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = await Connection.connect(connectionOptions);
  try {
    const client = new Client({ connection, namespace: namespace ?? 'default' });
    const run = await client.workflow.start<typeof payoutWorkflow>('payoutWorkflow', {
      args: [input],
      workflowId: `payout-${input.payout_id}`,
      taskQueue: TASK_QUEUE,
    });
    console.log('started', run.workflowId);
    console.log(await run.result());
  } finally {
    await connection.close();
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
