import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('an item with an attribute `queued`, as a statement has, is an item and no message', () => {
  const lines = [{ queued: 'a message' }, { PK: 'unheard_of', SK: 'ITEM', queued: 1 }];
  const { stdout, status } = spawnSync(process.execPath, ['shared/invariant/audit.ts'], {
    input: lines.map((line) => JSON.stringify(line)).join('\n'),
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(JSON.parse(stdout).violations).toEqual([
    { invariant: 'shape', detail: 'unheard_of ITEM is of no kind that is known' },
  ]);
});
