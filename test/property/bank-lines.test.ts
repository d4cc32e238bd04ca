import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import type { InvoiceId } from '#shared/kernel/ids.ts';
import type { Item } from '#shared/table/table.ts';
import { request } from '../builders/house.ts';
import { owingCustomers } from '../builders/owing-customers.ts';
import { Bank } from './bank.ts';
import { type History, history } from './bank-history.ts';
import { failureOf } from './histories.ts';

const TIMEOUT_MS = 600_000;

let opening: { items: Item[]; invoices: InvoiceId[] };
beforeAll(async () => {
  opening = await owingCustomers(6);
});
// Waiting after a lost race takes no time.
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

async function live({ lines, byHand, withdrawn, crash, acts }: History): Promise<void> {
  const bank = new Bank(opening);
  const entries = lines.map((line, index) => bank.entryOf(line, index));
  for (const n of byHand.before) await bank.byHand(n);
  const advices: string[] = [];
  for (const [index, line] of lines.entries()) {
    const amount = entries[index]?.amount ?? 0;
    if (line.advised) advices.push(...(await bank.advise(line, index, amount)));
  }
  const matches = await bank.matches(entries);
  for (const n of byHand.between) await bank.byHand(n);
  for (const n of withdrawn) await bank.withdraw(advices[n % advices.length]);
  await bank.work(entries, matches, crash);
  await bank.close(entries);
  expect((await checkInvariants(bank.table.items())).violations).toEqual([]);

  for (const act of acts) {
    const entry = entries[act.line % entries.length];
    if (entry) await bank.act(act, entry);
  }
  expect((await checkInvariants(bank.table.items())).violations).toEqual([]);
  const options = { params: { bankAccountId: 'main' }, query: { on: '2026-04-01' } };
  const { json } = await request(bank.table, 'reconcileBankAccount', options);
  expect(json.difference).toBe(0);
}

describe('whatever a bank statement says and people decide about it', () => {
  it(
    'every line has one fate, every payment is there once, and bank and books agree',
    async () => {
      expect(await failureOf(fc.asyncProperty(history, live))).toBeUndefined();
    },
    TIMEOUT_MS,
  );
});
