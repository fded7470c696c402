import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { digest } from './digest';

interface Known {
  about: string;
  request_id: string;
  action_type: string;
  arguments: object;
  digest: string;
}

const known: Known[] = JSON.parse(readFileSync(join(__dirname, '../../digests.json'), 'utf8'));

for (const each of known) {
  test(each.about, () => {
    assert.equal(digest(each.request_id, each.action_type, each.arguments), each.digest);
  });
}
