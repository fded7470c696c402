// For activities and clients: workflows cannot import node:crypto.
import { createHash } from 'node:crypto';

/**
 * Names one action of one request: the lower-case hex SHA-256 of its canonical JSON (RFC 8785).
 * Compare it with the outcome's digest before you act.
 *
 * Whole numbers have to lie within ±2^53, or the agent refuses the request; write larger ones,
 * and money, as strings.
 */
export function digest(requestId: string, actionType: string, args: object): string {
  const action = { arguments: args, purpose: 'hitl-action-v1', request_id: requestId, tool: actionType };
  // By way of JSON: what is digested is what was sent, without what JSON leaves out.
  return createHash('sha256').update(canonical(JSON.parse(JSON.stringify(action)))).digest('hex');
}

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** RFC 8785 takes numbers and strings as JSON.stringify writes them, and names in sort()'s order. */
function canonical(value: Json): string {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(',')}]`;
  }
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
