import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { bank } from './activities';
import { why } from './approval';
import { ask } from './ask-as-child';
import { ACTION_TYPE, PayoutInput } from './payout';

type Bank = ReturnType<typeof bank>;

const { loadPayout } = proxyActivities<Bank>({ startToCloseTimeout: '1 minute' });
const { pay } = proxyActivities<Bank>({
  startToCloseTimeout: '1 minute',
  // A payment that was begun is waited for: how it ended is worth more than a quick end.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  // Once: after an error or a lost worker nobody knows whether money has left. If your bank takes
  // an idempotency key, give it the request id and retry as you like.
  retry: { maximumAttempts: 1 },
});

/**
 * Asks, and pays at most once. Returns what became of the payout, in words. Fails where it could
 * not ask, and where a payment failed: then somebody has to look what was paid.
 */
export async function payoutWorkflow(input: PayoutInput): Promise<string> {
  const payout = await loadPayout(input.payout_id);
  const summary = `${payout.amount} ${payout.currency} to ${payout.payee}`;
  const outcome = await ask({
    action: { action_type: ACTION_TYPE, description: `Pay ${summary}`, arguments: payout },
    timeout_seconds: input.timeout_seconds,
  });
  if (outcome.outcome !== 'approved') {
    return `not paid: ${why(outcome)}`;
  }
  await pay({ payout_id: payout.payout_id, request_id: outcome.request_id, digest: outcome.digest });
  return `paid ${summary}`;
}
