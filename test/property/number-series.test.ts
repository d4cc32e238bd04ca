import { expect, it, vi } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import type { InvoiceDraft } from '#shared/invoice/issue-invoice.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { aDraft, issue, keepCustomer } from '../builders/issued-invoices.ts';
import { Crash, memoryTable, type TableClient } from '../builders/memory-table.ts';
import { seeded } from './interleave.ts';

const INVOICES = 10_000;
const WORKERS = 50;
/** One process in so many dies at its write: half of them before it is stored, half after. */
const CRASH_EVERY = 10;

/** Time runs ten times as fast: a table call is a turn of the event loop, a pause of 200 ms is 20 ms. */
vi.mock('node:timers/promises', () => ({
  setTimeout: (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds / 10)),
}));
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

const draftOf = (base: InvoiceDraft, n: number): InvoiceDraft => {
  const suffix = `01k00000000000000000${String(n).padStart(6, '0')}`;
  const named: unknown = JSON.parse(JSON.stringify(base).replaceAll('01k0000000000000000000000a', suffix));
  return Object.assign({}, base, named);
};

it('ten thousand invoices issued by fifty workers that keep dying leave no gap and no repeat', async () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const table = memoryTable();
  await keepCustomer(table);
  const base = aDraft({ shipment: { shipmentId: 'shp_01k0000000000000000000000a' } });
  const random = seeded(3);
  let next = 0;
  let crashes = 0;
  let gaveUp = 0;
  let writes = 0;

  // Where a process dies, or loses twelve races, the workflow tries the task again.
  const issueOnce = async (client: TableClient, draft: InvoiceDraft): Promise<void> => {
    try {
      await issue(client, draft);
    } catch (error) {
      if (error instanceof Crash) crashes++;
      else if (error instanceof DomainError && error.code === 'table_busy') gaveUp++;
      else throw error;
      client.faults.clear();
      return issueOnce(client, draft);
    }
  };
  const work = async () => {
    const client = table.client(turn);
    const counted: TableClient = {
      ...client,
      transact: (actions) => {
        writes++;
        return client.transact(actions);
      },
    };
    while (next < INVOICES) {
      const draft = draftOf(base, next++);
      const lot = Math.floor(random() * 2 * CRASH_EVERY);
      if (lot === 0) counted.faults.crashBefore(1);
      if (lot === 1) counted.faults.crashAfter(1);
      await issueOnce(counted, draft);
      counted.faults.clear();
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));

  const documents = table.items(({ SK }) => SK === 'DOCUMENT');
  const ordinals = documents.map(({ ordinal }) => Number(ordinal)).toSorted((one, other) => one - other);
  expect(ordinals).toEqual(Array.from({ length: INVOICES }, (_, index) => index + 1));
  const { violations } = await checkInvariants(table.items());
  expect(violations.filter(({ invariant }) => invariant === 'B')).toEqual([]);
  expect(crashes).toBeGreaterThan(INVOICES / CRASH_EVERY / 2);
  write.mockRestore();
  console.info(
    `${INVOICES} invoices, ${WORKERS} workers, ${crashes} crashes: ${(writes / INVOICES).toFixed(2)} tries an invoice, ${gaveUp} gave up once`,
  );
}, 120_000);
