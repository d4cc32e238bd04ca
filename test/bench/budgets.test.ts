import { statSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bundleDirectory, type FunctionName, functionNamesWith } from '../../infra/functions.ts';
import { resourcesOf, type Synthesised, synthesised } from '../infra/synthesised.ts';
import { aims, budgets } from './budgets.ts';
import { measureCycles } from './cycle.ts';
import { measureRoundTrips } from './round-trips.ts';

let dev: Synthesised;
beforeAll(async () => {
  dev = await synthesised();
}, 180_000);

const Lambda = z.object({
  FunctionName: z.string(),
  Code: z.object({ S3Key: z.string().endsWith('.zip') }),
});

function uploadedBytes(name: FunctionName): number {
  const found = resourcesOf(dev.service, 'AWS::Lambda::Function').find(
    ([, { Properties }]) => Properties['FunctionName'] === `o2c-dev-${name}`,
  );
  const { Code } = Lambda.parse(found?.[1].Properties);
  return statSync(`${dev.directory}/asset.${Code.S3Key.replace('.zip', '')}/index.js`).size;
}

// A budget that no longer fits is not raised by the way: say in the commit what it buys.
describe('the budget', () => {
  it.each(functionNamesWith('sandbox'))('of the bundle of %s is kept', (name) => {
    expect(Math.ceil(uploadedBytes(name) / 1024)).toBeLessThanOrEqual(budgets.bundleKb[name]);
  });

  it('of the bundle that is there only with Stripe is kept', () => {
    const { size } = statSync(`${bundleDirectory('stripe-webhook')}/index.js`);
    expect(Math.ceil(size / 1024)).toBeLessThanOrEqual(budgets.bundleKb['stripe-webhook']);
  });

  it('of table round trips in sequence is what each operation takes, two to place an order', async () => {
    const measured = await measureRoundTrips();
    expect(Object.fromEntries(measured.map(({ operation, inSequence }) => [operation, inSequence]))).toEqual(
      budgets.roundTrips,
    );
    expect(budgets.roundTrips['placeOrder']).toBeLessThanOrEqual(aims.placeOrderRoundTrips);
  }, 60_000);

  it('of table units is exactly what an order of one line and one of eleven take from click to cash', async () => {
    const cycles = await measureCycles(dev.directory);
    const units = cycles.map(({ lines, used: { counts } }) => [
      String(lines),
      { write: counts.dynamoDbWriteUnits, read: counts.dynamoDbReadUnits },
    ]);
    expect(Object.fromEntries(units)).toEqual(budgets.cycle);
  }, 120_000);
});
