import { beforeEach, describe, expect, it } from 'vitest';
import { openBankDesk } from '../../builders/bank-desk.ts';
import { anEntry } from '../../builders/bank-line.ts';
import { harbour } from '../../builders/owing-customers.ts';

const { reset, decide, done, reconcile, wait } = await openBankDesk();
beforeEach(reset);

describe('the reconciliation', () => {
  it('names what bank and books differ by', async () => {
    const paid = { customerId: harbour, method: 'bank_transfer', currency: 'GBP', amount: 1_500 };
    await done('recordPayment', {}, { ...paid, reference: 'BY HAND' });
    await wait(anEntry());
    expect(await reconcile()).toMatchObject({
      status: 200,
      json: {
        currency: 'GBP',
        accounts: [{ bankAccountId: 'main', closingBalance: 16_000, closingOn: '2026-03-31' }],
        closingBalance: 16_000,
        ledgerBalance: 1_500,
        items: [
          { kind: 'opening_balance', amount: 10_000, count: 1 },
          { kind: 'queued', amount: 6_000, count: 1 },
          { kind: 'not_on_statement', amount: -1_500, count: 1, told: [{ reference: 'BY HAND' }] },
        ],
        difference: 0,
      },
    });
  });

  it('says nothing more of a line once it is matched', async () => {
    await wait(anEntry());
    await decide({ customerId: harbour });
    expect((await reconcile()).json.items).toMatchObject([{ kind: 'opening_balance', amount: 10_000 }]);
  });

  it('tells for an earlier day what was booked later', async () => {
    await wait(anEntry());
    await decide({ customerId: harbour });
    expect((await reconcile('2026-03-31')).json).toMatchObject({
      ledgerBalance: 0,
      items: [
        { kind: 'opening_balance', amount: 10_000 },
        { kind: 'booked_later', amount: 6_000 },
      ],
      difference: 0,
    });
  });

  it('is refused for an account that is not there', async () => {
    expect(await reconcile()).toMatchObject({ status: 404, json: { code: 'bank_account_not_found' } });
  });
});
