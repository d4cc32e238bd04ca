import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StatementEntry } from '#shared/bank/bank-statement.ts';
import { loadLearnedPayer } from '#shared/bank/payer-store.ts';
import { workLine } from '#shared/bank/work-line.ts';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { loadOpenItem, loadOpenItems } from '#shared/invoice/invoice-store.ts';
import { InvoiceId } from '#shared/kernel/ids.ts';
import { CalendarDate, Instant } from '#shared/kernel/time.ts';
import { loadEntriesOfDay } from '#shared/ledger/ledger-store.ts';
import { MatchingPolicy } from '#shared/matching/matching-policy.ts';
import { MemoryCandidates } from '#shared/matching/memory-candidates.ts';
import { StatementMatcher } from '#shared/matching/statement-matcher.ts';
import type { Item } from '#shared/table/table.ts';
import {
  aBankAccount,
  aMatch,
  anEntry,
  aStatement,
  layStatement,
  STATEMENT_ID,
} from '../../builders/bank.ts';
import { request, type Served } from '../../builders/house.ts';
import { type MemoryTable, memoryTable } from '../../builders/memory-table.ts';
import { harbour, okafor, owingCustomers } from '../../builders/owing-customers.ts';

const at = Instant.parse('2026-04-01T08:00:00.000Z');
const today = CalendarDate.parse('2026-04-01');

let opening: Item[] = [];
let table: MemoryTable;
let calls = 0;
let invoices: InvoiceId[] = [];

const call = (operationId: Served, params: Record<string, string>, body: unknown, key = `key-${++calls}`) =>
  request(table, operationId, { params, body, headers: { 'idempotency-key': key }, at });
const done = async (operationId: Served, params: Record<string, string>, body: unknown) => {
  const answer = await call(operationId, params, body);
  if (answer.status !== 200 && answer.status !== 201) throw new Error(answer.text);
  return answer.json;
};

beforeAll(async () => {
  ({ items: opening, invoices } = await owingCustomers());
});

beforeEach(() => {
  table = memoryTable(opening);
});

/** Harbour's are 1 and 2, Okafor's is 3. */
const invoice = (n: number) => InvoiceId.parse(invoices[n - 1]);
const owed = async (n: number) => (await loadOpenItem(table, invoice(n)))?.balance;

/** A statement of one line that waits. */
const wait = async (
  entry: StatementEntry,
  match = aMatch({ outcome: 'queued', customerId: undefined, allocations: [] }),
) => {
  const statement = aStatement(entry.amount, 1);
  const line = await workLine(table, {
    statement,
    account: aBankAccount(),
    entry,
    match,
    at,
    today,
    actor: 'import-statement',
  });
  await layStatement(table, statement, { [line.status]: 1 });
};
const params = { statementId: STATEMENT_ID, line: '1' };
const decide = (body: unknown, key?: string) => call('decideBankLine', params, body, key);
const undo = (reason = 'Was wrong') => call('undoBankLine', params, { reason });
const line = async () => (await call('getBankLine', params, undefined)).json;
const queue = async () => (await call('listBankLines', {}, undefined)).json.items;
const counts = () => table.items(({ PK, SK }) => PK === STATEMENT_ID && SK === 'HEAD')[0];
const atBank = async () =>
  (await loadEntriesOfDay(table, today))
    .flatMap(({ postings }) => postings)
    .reduce((sum, { account, amount }) => (account === 'bank' ? sum + amount : sum), 0);
const expectInvariants = async () => expect((await checkInvariants(table.items())).violations).toEqual([]);

describe('a decision about a bank line', () => {
  it('for a customer records the payment and settles what it names', async () => {
    await wait(anEntry({ amount: 7_000 }));
    const allocations = [{ invoiceId: invoice(1), amount: 6_000 }];
    expect(await decide({ customerId: harbour, allocations })).toMatchObject({
      status: 200,
      json: { status: 'matched', outcome: { kind: 'payment' }, by: 'Ada Admin', version: 2 },
    });
    expect(await owed(1)).toBe(0);
    expect(await queue()).toEqual([]);
    expect(counts()).toMatchObject({ matched: 1, queued: 0 });
    await expectInvariants();
  });

  it('counts as paid what the bank kept', async () => {
    await wait(anEntry({ amount: 5_900 }));
    const allocations = [{ invoiceId: invoice(1), amount: 6_000 }];
    expect((await decide({ customerId: harbour, allocations, fee: 100 })).status).toBe(200);
    expect(await owed(1)).toBe(0);
    expect(await atBank()).toBe(5_900);
    await expectInvariants();
  });

  it('lets go what lacks', async () => {
    await wait(anEntry({ amount: 5_900 }));
    const difference = { amount: 100, account: 'payment_fees' };
    const allocations = [{ invoiceId: invoice(1), amount: 5_900, difference }];
    expect((await decide({ customerId: harbour, allocations })).status).toBe(200);
    expect(await owed(1)).toBe(0);
    await expectInvariants();
  });

  it('does not let go a part of what is owed', async () => {
    await wait(anEntry({ amount: 5_000 }));
    const difference = { amount: 100, account: 'payment_fees' };
    const allocations = [{ invoiceId: invoice(1), amount: 5_000, difference }];
    expect(await decide({ customerId: harbour, allocations })).toMatchObject({
      status: 422,
      json: { code: 'validation_failed', issues: [{ path: 'allocations.0.difference' }] },
    });
    expect(await line()).toMatchObject({ status: 'queued', version: 1 });
  });

  it('splits a deposit for several customers, less what a processor kept', async () => {
    await wait(anEntry({ amount: 17_500 }));
    const parts = [
      {
        customerId: harbour,
        amount: 12_000,
        allocations: [
          { invoiceId: invoice(1), amount: 6_000 },
          { invoiceId: invoice(2), amount: 6_000 },
        ],
      },
      { customerId: okafor, amount: 6_000, allocations: [{ invoiceId: invoice(3), amount: 6_000 }] },
    ];
    expect(await decide({ parts, fee: 500 })).toMatchObject({
      status: 200,
      json: { outcome: { kind: 'batch', parts: [{ amount: 12_000 }, { amount: 6_000 }], fee: 500 } },
    });
    expect((await loadOpenItems(table, invoices)).map(({ balance }) => balance)).toEqual([0, 0, 0]);
    expect(await atBank()).toBe(17_500);
    await expectInvariants();
  });

  it('refuses parts that do not come to the line', async () => {
    await wait(anEntry({ amount: 17_500 }));
    const parts = [{ customerId: harbour, amount: 12_000 }];
    expect(await decide({ parts })).toMatchObject({ status: 422, json: { issues: [{ path: 'parts' }] } });
  });

  it('accepts what is suggested', async () => {
    await wait(
      anEntry(),
      aMatch({ outcome: 'suggested', allocations: [{ invoiceId: invoice(2), amount: 6_000 }] }),
    );
    expect(await decide({ accept: true })).toMatchObject({ status: 200, json: { status: 'matched' } });
    expect(await owed(2)).toBe(0);
    expect(counts()).toMatchObject({ matched: 1, suggested: 0 });
    await expectInvariants();
  });

  it('accepts nothing where nothing is suggested', async () => {
    await wait(anEntry());
    expect(await decide({ accept: true })).toMatchObject({ status: 422 });
  });

  it('clears the payout of a processor', async () => {
    await wait(anEntry());
    expect(await decide({ clearing: true })).toMatchObject({
      json: { outcome: { kind: 'booking', account: 'clearing' } },
    });
    expect(await atBank()).toBe(6_000);
    await expectInvariants();
  });

  it.each([
    ['what the bank charges', -450, 'payment_fees'],
    ['interest', 120, 'interest'],
  ])('books %s', async (_, amount, post) => {
    await wait(anEntry({ amount }));
    expect((await decide({ post, reason: 'March' })).status).toBe(200);
    expect(await atBank()).toBe(amount);
    await expectInvariants();
  });

  it('confirms a payment recorded by hand', async () => {
    const paid = { customerId: harbour, method: 'bank_transfer', currency: 'GBP', amount: 6_000 };
    const { paymentId } = await done('recordPayment', {}, paid);
    await wait(anEntry());
    expect(await decide({ confirms: paymentId })).toMatchObject({
      json: { outcome: { kind: 'confirmation', paymentId, told: '000001' } },
    });
    expect(await atBank()).toBe(6_000);
    await expectInvariants();
  });

  it('confirms nothing of another amount', async () => {
    const paid = { customerId: harbour, method: 'bank_transfer', currency: 'GBP', amount: 5_999 };
    const { paymentId } = await done('recordPayment', {}, paid);
    await wait(anEntry());
    expect(await decide({ confirms: paymentId })).toMatchObject({
      status: 422,
      json: { issues: [{ path: 'confirms' }] },
    });
  });

  it('is refused where the money went out and is not of a customer', async () => {
    await wait(anEntry({ amount: -6_000 }));
    expect(await decide({ customerId: harbour })).toMatchObject({ status: 422 });
  });

  it('is made once, and answered alike when it is sent again', async () => {
    await wait(anEntry());
    const answer = await decide({ customerId: harbour }, 'once');
    const before = table.items();
    expect(await decide({ customerId: harbour }, 'once')).toMatchObject({ status: 200, json: answer.json });
    expect(await decide({ customerId: okafor })).toMatchObject({
      status: 409,
      json: { code: 'bank_line_decided' },
    });
    expect(table.items()).toEqual(before);
  });

  it('is refused for a line that is not there', async () => {
    expect(await decide({ ignore: 'Not ours' })).toMatchObject({
      status: 404,
      json: { code: 'bank_line_not_found' },
    });
  });
});

describe('undoing', () => {
  it('puts an ignored line into the queue again', async () => {
    await wait(anEntry());
    await decide({ ignore: 'Another company of the group' });
    expect(await queue()).toEqual([]);
    expect(await undo()).toMatchObject({ status: 200, json: { status: 'queued', version: 3 } });
    expect(await queue()).toHaveLength(1);
    expect(counts()).toMatchObject({ queued: 1, ignored: 0, matched: 0 });
    await expectInvariants();
  });

  it('books back what was booked', async () => {
    await wait(anEntry());
    await decide({ clearing: true });
    await undo();
    expect(await atBank()).toBe(0);
    await expectInvariants();
    await decide({ post: 'interest', reason: 'March' });
    expect(await atBank()).toBe(6_000);
    await expectInvariants();
  });

  it('lets a payment be confirmed by another line', async () => {
    const paid = { customerId: harbour, method: 'cash', currency: 'GBP', amount: 6_000 };
    const { paymentId } = await done('recordPayment', {}, paid);
    await wait(anEntry());
    await decide({ confirms: paymentId });
    expect(await atBank()).toBe(6_000);
    await undo();
    expect(await atBank()).toBe(0);
    expect(await decide({ confirms: paymentId })).toMatchObject({ status: 200, json: { version: 4 } });
    await expectInvariants();
  });

  it('does not take back a payment that the line recorded', async () => {
    await wait(anEntry());
    await decide({ customerId: harbour });
    expect(await undo()).toMatchObject({ status: 409, json: { code: 'bank_line_not_undoable' } });
  });

  it('is refused where nothing was decided', async () => {
    await wait(anEntry());
    expect(await undo()).toMatchObject({ status: 409, json: { code: 'bank_line_undecided' } });
  });
});

describe('what is learned from a decision', () => {
  const unknown = anEntry({
    amount: 4_200,
    text: 'March',
    counterparty: { name: 'HB Trading', iban: 'GB94BARC10201530093459' },
  });
  /** What the next line of that payer is matched with. */
  const matched = async () => {
    const learned = await loadLearnedPayer(table, harbour);
    const { aliases = [], accounts = [] } = learned ?? {};
    const payers = [
      { customerId: harbour, name: 'Harbour Books Ltd', aliases, accounts },
      { customerId: okafor, name: 'Okafor & Daughters', aliases: [], accounts: [] },
    ];
    const items = (await loadOpenItems(table, invoices)).filter(({ balance }) => balance > 0);
    const inForce = { version: 'shipped', policy: MatchingPolicy.parse({}) };
    const matcher = new StatementMatcher(new MemoryCandidates({ items, payers }), inForce);
    return matcher.match({ ...unknown, line: 2, amount: 12_000, text: 'April' });
  };

  it('is whose account and name it is: the next such line is known', async () => {
    expect((await matched()).customerId).toBeUndefined();
    await wait(unknown);
    await decide({ customerId: harbour });
    expect(await loadLearnedPayer(table, harbour)).toEqual({
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
    await expectInvariants();
  });

  it('is nothing from a deposit of several', async () => {
    await wait(unknown);
    await decide({ parts: [{ customerId: harbour, amount: 4_200 }] });
    expect(await loadLearnedPayer(table, harbour)).toBeUndefined();
  });
});

describe('the reconciliation', () => {
  const reconcile = async (on = '2026-04-01') =>
    request(table, 'reconcileBankAccount', { params: { bankAccountId: 'main' }, query: { on }, at });

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
