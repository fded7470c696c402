import { appendFile, readFile } from 'node:fs/promises';
import { ApplicationFailure } from '@temporalio/activity';
import { digest } from './digest';
import { ACTION_TYPE, NOT_APPROVED, Order, Payout } from './payout';

/** Stands for your systems: payouts come from one file, payments go to another. */
export function bank(payouts: string, paid: string) {
  async function loadPayout(id: string): Promise<Payout> {
    const all: Record<string, Omit<Payout, 'payout_id'>> = JSON.parse(await readFile(payouts, 'utf8'));
    const found = all[id];
    if (found === undefined) {
      throw ApplicationFailure.nonRetryable(`there is no payout ${id}`, 'NoPayout');
    }
    return { payout_id: id, ...found };
  }

  /**
   * Pays what was agreed to, or nothing. The payout is read again: days may have passed, and
   * whoever may change it may have done so.
   */
  async function pay(order: Order): Promise<void> {
    const payout = await loadPayout(order.payout_id);
    if (digest(order.request_id, ACTION_TYPE, payout) !== order.digest) {
      throw ApplicationFailure.nonRetryable(`${order.payout_id} was changed after people agreed`, NOT_APPROVED);
    }
    await appendFile(paid, `${JSON.stringify(payout)}\n`);
  }

  return { loadPayout, pay };
}
