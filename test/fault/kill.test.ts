import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { synthesised } from '../infra/synthesised.ts';
import { orderFile } from './order-file.ts';
import { freePort, Started } from './start.ts';

/** Days to live: long enough for half of the customers to pay, who have thirty. */
const DAYS = '24';

const Pounds = z.strictObject({ GBP: z.int() });
const LastLine = z.looseObject({
  fileNet: Pounds,
  ordered: Pounds,
  returned: Pounds,
  invoiced: Pounds,
  credited: Pounds,
  collected: Pounds,
  outstanding: Pounds,
  meter: z.unknown(),
});

let home: string;
let cdkOut: string;
beforeAll(async () => {
  ({ directory: cdkOut } = await synthesised());
  home = await mkdtemp(join(tmpdir(), 'o2c-killed-'));
  await writeFile(join(home, 'orders.csv'), orderFile());
}, 180_000);
afterAll(() => rm(home, { recursive: true, force: true }));

async function start(name: string): Promise<Started> {
  const file = ['--orders', join(home, 'orders.csv'), '--days', DAYS];
  const place = ['--data', join(home, name), '--port', String(await freePort()), '--cdk-out', cdkOut];
  return new Started(['--once', ...file, ...place]);
}

/** The JSON object a finished run says last, without what it cost: doing things again costs again. */
async function sums(run: Started) {
  const { status, stdout, stderr } = await run.ended();
  if (status !== 0) throw new Error(`it ended with ${status}: ${stderr}`);
  const { meter: _meter, ...rest } = LastLine.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
  return rest;
}

it('an import killed half way, and again while days go by, ends with the sums of one that was not', async () => {
  const whole = await sums(await start('whole'));
  expect(whole).toMatchObject({
    orders: { read: 12, placed: 10, accepted: 10, returns: 1 },
    lines: { read: 35, rejected: 1 },
    trialBalance: { GBP: 0 },
    invariants: { violations: 0 },
  });
  const { fileNet, ordered, returned, invoiced, credited, collected, outstanding } = whole;
  expect(ordered.GBP - returned.GBP).toBe(fileNet.GBP);
  expect(invoiced.GBP - credited.GBP - collected.GBP).toBe(outstanding.GBP);
  expect(collected.GBP).toBeGreaterThan(0);

  const first = await start('killed');
  await first.says('orders: 5 of');
  await first.kill();
  const second = await start('killed');
  await second.says('days of trading: 8 of');
  await second.kill();
  expect(await sums(await start('killed'))).toEqual(whole);
}, 240_000);
