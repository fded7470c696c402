// For workflows only: their sandbox makes Math.random repeat itself in a replay.
import { CancellationScope, ParentClosePolicy, WorkflowIdReusePolicy, executeChild } from '@temporalio/workflow';
import { ApprovalOutcome, ApprovalRequest, TASK_QUEUE, WORKFLOW_TYPE, newRequestId, workflowId } from './approval';

/**
 * Starts the approval as a child of this workflow and waits for its outcome. If this workflow is
 * cancelled meanwhile, the approval is withdrawn, the approvers are told, and the cancellation is
 * thrown; if it ends in any other way, they are told as well.
 */
export async function ask(question: Omit<ApprovalRequest, 'request_id'>): Promise<ApprovalOutcome> {
  const request = { request_id: newRequestId(Math.random), ...question };
  const outcome = await executeChild<(request: ApprovalRequest) => Promise<ApprovalOutcome>>(WORKFLOW_TYPE, {
    args: [request],
    workflowId: workflowId(request),
    taskQueue: TASK_QUEUE,
    // Never again under this id: an old reply would fit the new approval.
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
  });
  const scope = CancellationScope.current();
  return scope.consideredCancelled ? await scope.cancelRequested : outcome;
}
