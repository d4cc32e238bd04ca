import { beforeEach, describe, expect, it } from 'vitest';
import { MatchingPolicy } from '#shared/matching/matching-policy.ts';
import { MemoryCandidates } from '#shared/matching/memory-candidates.ts';
import { StatementMatcher } from '#shared/matching/statement-matcher.ts';
import { openBankDesk } from '../../builders/bank-desk.ts';
import { anEntry } from '../../builders/bank-line.ts';
import { harbour, okafor } from '../../builders/owing-customers.ts';

const { reset, decide, learned, openItems, violations, wait } = await openBankDesk();
beforeEach(reset);

describe('what is learned from a decision', () => {
  const unknown = anEntry({
    amount: 4_200,
    text: 'March',
    counterparty: { name: 'HB Trading', iban: 'GB94BARC10201530093459' },
  });
  /** What the next line of that payer is matched with. */
  const matched = async () => {
    const { aliases = [], accounts = [] } = (await learned(harbour)) ?? {};
    const payers = [
      { customerId: harbour, name: 'Harbour Books Ltd', aliases, accounts },
      { customerId: okafor, name: 'Okafor & Daughters', aliases: [], accounts: [] },
    ];
    const items = await openItems();
    const inForce = { version: 'shipped', policy: MatchingPolicy.parse({}) };
    const matcher = new StatementMatcher(new MemoryCandidates({ items, payers }), inForce);
    return matcher.match({ ...unknown, line: 2, amount: 12_000, text: 'April' });
  };

  it('is whose account and name it is: the next such line is known', async () => {
    expect((await matched()).customerId).toBeUndefined();
    await wait(unknown);
    await decide({ customerId: harbour });
    expect(await learned(harbour)).toEqual({
      customerId: 'cus_harbour',
      aliases: ['HB Trading'],
      accounts: ['GB94BARC10201530093459'],
      version: 1,
    });
    expect(await matched()).toMatchObject({
      outcome: 'posted',
      rule: 'exact_sum',
      customerId: 'cus_harbour',
    });
    expect(await violations()).toEqual([]);
  });

  it('is nothing from a deposit of several', async () => {
    await wait(unknown);
    await decide({ parts: [{ customerId: harbour, amount: 4_200 }] });
    expect(await learned(harbour)).toBeUndefined();
  });
});
