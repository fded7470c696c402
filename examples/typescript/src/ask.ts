// Asks people by mail whether a build may be deployed; exit code 0 means that they agreed.
//
//   node lib/ask.js 812 && ./deploy 812
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import {
  Client,
  Connection,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowHandle,
} from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { ApprovalOutcome, ApprovalRequest, TASK_QUEUE, WORKFLOW_TYPE, newRequestId, why, workflowId } from './approval';
import { digest } from './digest';

const USAGE = 'usage: ask [--id AR-…] [--timeout SECONDS] BUILD';

type Approval = (request: ApprovalRequest) => Promise<ApprovalOutcome>;

function readQuestion(): ApprovalRequest {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { id: { type: 'string' }, timeout: { type: 'string', default: '7200' } },
  });
  const [build, ...more] = positionals;
  if (build === undefined || !/^[0-9]+$/.test(build) || more.length > 0) {
    throw new Error(USAGE);
  }
  return {
    request_id: values.id ?? newRequestId(() => randomInt(2 ** 32) / 2 ** 32),
    action: {
      action_type: 'deploy',
      description: `Deploy build ${build} to production`,
      arguments: { build: Number(build), environment: 'production' },
    },
    timeout_seconds: Number(values.timeout),
  };
}

/** With the id of an approval that is there already, that one is waited for again. */
async function start(client: Client, request: ApprovalRequest): Promise<WorkflowHandle<Approval>> {
  try {
    return await client.workflow.start<Approval>(WORKFLOW_TYPE, {
      args: [request],
      workflowId: workflowId(request),
      taskQueue: TASK_QUEUE,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) {
      return client.workflow.getHandle<Approval>(workflowId(request));
    }
    throw error;
  }
}

async function main(): Promise<boolean> {
  const request = readQuestion();
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = await Connection.connect(connectionOptions);
  try {
    const approval = await start(new Client({ connection, namespace: namespace ?? 'default' }), request);
    console.log(request.request_id);
    const outcome = await approval.result();
    const { action_type: actionType, arguments: args } = request.action;
    if (outcome.digest !== digest(request.request_id, actionType, args)) {
      throw new Error(`${request.request_id} is about another action`);
    }
    console.log(why(outcome));
    return outcome.outcome === 'approved';
  } finally {
    await connection.close();
  }
}

main().then(
  (agreed) => process.exit(agreed ? 0 : 1),
  (error) => {
    // Why the agent refused to ask is the cause of the workflow's failure.
    console.error(error instanceof WorkflowFailedError ? error.cause?.message : error);
    process.exit(1);
  },
);
