// What the payout's workflow, activities and starter share.

export const TASK_QUEUE = 'payouts';
export const ACTION_TYPE = 'payout';
/** The type of pay's failure where nothing was paid, for nobody has agreed to it. */
export const NOT_APPROVED = 'NotApproved';

export interface PayoutInput {
  payout_id: string;
  timeout_seconds: number;
}

/** Who gets what. `amount` is a decimal string: money is no float. */
export interface Payout {
  payout_id: string;
  payee: string;
  amount: string;
  currency: string;
}

/** A payout that people have agreed to, with the digest of what they agreed to. */
export interface Order {
  payout_id: string;
  request_id: string;
  digest: string;
}
