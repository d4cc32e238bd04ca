import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { badInput } from './bad-input.ts';
import { bank } from './bank.ts';
import { books } from './books.ts';
import { clickToCash } from './click-to-cash.ts';
import { collections } from './collections.ts';
import { exceptions } from './exceptions.ts';
import { idempotency } from './idempotency.ts';
import { morningReport } from './morning-report.ts';
import { races } from './races.ts';
import { smoke } from './smoke.ts';
import { type Caller, openWorld, type World } from './world.ts';

let opened: Awaited<ReturnType<typeof openWorld>>;
let admin: Caller;
const world = (): World => opened;

beforeAll(async () => {
  opened = await openWorld();
  admin = await opened.as('admin');
}, 180_000);
afterAll(() => opened.close());

// One company, from its first day on: each part leaves to the next what it made.
clickToCash(world);
idempotency(world);
badInput(world);
races(world);
exceptions(world);
bank(world);
describe('what a deployed stage is tried with', () => {
  smoke(() => admin);
});
morningReport(world);
collections(world);
books(world);

describe('after all that', () => {
  it('every invariant holds of the whole table', async () => {
    await opened.run.quiesce();
    const { checked, violations } = await checkInvariants(opened.items(), {
      settled: true,
      mailed: true,
    });
    expect(violations).toEqual([]);
    expect(checked.length).toBeGreaterThanOrEqual(10);
  });

  it('no mail was sent twice', () => {
    const ids = opened.run.mailbox.list().map(({ id }) => {
      const head = opened.run.mailbox.raw(id)?.toString() ?? '';
      return /^message-id:\s*(\S+)/im.exec(head)?.[1] ?? `mail ${id} has no Message-ID`;
    });
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.length).toBeGreaterThan(50);
  });

  it('no workflow failed, and no queue holds anything', () => {
    expect(opened.run.executions.list({ status: 'FAILED' })).toEqual([]);
    expect(opened.run.executions.list({ status: 'RUNNING' })).toEqual([]);
    expect(opened.run.queues.list()).toEqual([]);
  });
});
