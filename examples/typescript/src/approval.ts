// What the mail approval agent is asked, and what it answers: plain JSON. Nothing here is about
// workflows or clients, so both may import it.

export const WORKFLOW_TYPE = 'ApprovalWorkflow';
export const TASK_QUEUE = 'human-in-the-loop-task-queue';

/** What people are asked. What is left out means the defaults of the agent's worker. */
export interface ApprovalRequest {
  request_id: string;
  action: {
    action_type: string;
    description: string;
    /** All of it is shown in the mail, and all of it is digested. */
    arguments: object;
    reasoning?: string;
  };
  timeout_seconds: number;
  /** The address of whoever wants this done. They are never asked themselves. */
  requested_by?: string;
  /** Who has to agree, stage after stage; by default any one of the agent's APPROVERS. */
  policy?: { stages: { approvers: string[]; require?: 'any' | 'all' | number }[] };
}

export interface ApprovalOutcome {
  request_id: string;
  outcome: 'approved' | 'rejected' | 'expired' | 'undeliverable' | 'withdrawn';
  /** RFC 3339, in UTC. */
  decided_at: string;
  votes: {
    approver: string;
    approved: boolean;
    note: string;
    received_at: string;
    channel: 'mail' | 'operator';
  }[];
  reviewer_notes: string;
  /** Names exactly what was agreed to: see digest.ts. */
  digest: string;
}

const WORDS: Record<ApprovalOutcome['outcome'], string> = {
  approved: 'approved',
  rejected: 'rejected',
  expired: 'nobody agreed in time',
  undeliverable: 'the mail reached too few approvers',
  withdrawn: 'the approval was withdrawn',
};

/** What came of it, in words, with what people wrote beside their decision. */
export function why(outcome: ApprovalOutcome): string {
  const words = WORDS[outcome.outcome];
  return outcome.reviewer_notes ? `${words}: ${outcome.reviewer_notes}` : words;
}

/** The only id that ApprovalWorkflow accepts. */
export function workflowId(request: ApprovalRequest): string {
  return `approval-${request.request_id}`;
}

/** `random` gives numbers from 0 up to, but not including, 1. */
export function newRequestId(random: () => number): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const digits = Array.from({ length: 10 }, () => alphabet.charAt(random() * alphabet.length));
  return `AR-${digits.join('')}`;
}
