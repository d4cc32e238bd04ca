import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StatementEntry } from '#shared/bank/bank-statement.ts';
import { workLine } from '#shared/bank/work-line.ts';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { loadOpenItems } from '#shared/invoice/invoice-store.ts';
import type { InvoiceId } from '#shared/kernel/ids.ts';
import { CalendarDate, Instant } from '#shared/kernel/time.ts';
import type { Match } from '#shared/matching/match.ts';
import { MatchingPolicy } from '#shared/matching/matching-policy.ts';
import { MemoryCandidates } from '#shared/matching/memory-candidates.ts';
import { StatementMatcher } from '#shared/matching/statement-matcher.ts';
import type { Item, Table } from '#shared/table/table.ts';
import { aBankAccount, anEntry, aStatement, layStatement, STATEMENT_ID } from '../builders/bank.ts';
import { request, type Served } from '../builders/house.ts';
import { PAYMENT_ID } from '../builders/invoice.ts';
import { Crash, type MemoryTable, memoryTable } from '../builders/memory-table.ts';
import { harbour, names, okafor, owingCustomers } from '../builders/owing-customers.ts';

/** `HISTORIES=3000 npx vitest run test/property/bank-lines.test.ts` looks ten times as far. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 300);
const TIMEOUT_MS = 600_000;

const at = Instant.parse('2026-04-01T08:00:00.000Z');
const today = CalendarDate.parse('2026-04-01');
const accounts = { [harbour]: 'GB29NWBK60161331926819', [okafor]: 'GB94BARC10201530093459' };

let opening: { items: Item[]; invoices: InvoiceId[] };
beforeAll(async () => {
  opening = await owingCustomers(6);
});
// Waiting after a lost race takes no time.
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

/** A line as the bank might write it: the payer, and which invoices it names and pays. */
type Line = {
  payer: 'cus_harbour' | 'cus_okafor' | 'nobody';
  invoices: number[];
  named: boolean;
  amount: 'exactly' | 'a little short' | 'short' | 'over' | 'odd' | 'out';
  damaged: boolean;
};
type Act = { line: number; invoice: number; key: string } & {
  do:
    | 'accept'
    | 'pay'
    | 'pay with fee'
    | 'let go'
    | 'split'
    | 'confirm'
    | 'clear'
    | 'book'
    | 'ignore'
    | 'undo';
};
type History = {
  lines: Line[];
  /** What is recorded by hand before the lines are matched, and after that before they are worked. */
  byHand: { before: number[]; between: number[] };
  /** At which write the import dies, if at all, and after which it goes on. */
  crash: number;
  acts: Act[];
};

const pick = fc.nat({ max: 20 });
/** Few, so that lines tell of some. */
const handPick = fc.constantFrom(2, 4, 5, 10);
const history: fc.Arbitrary<History> = fc.record({
  lines: fc.array(
    fc.record({
      payer: fc.constantFrom('cus_harbour', 'cus_harbour', 'cus_okafor', 'nobody'),
      invoices: fc.array(fc.oneof(pick, handPick), { minLength: 1, maxLength: 3 }),
      named: fc.boolean(),
      amount: fc.constantFrom('exactly', 'exactly', 'a little short', 'short', 'over', 'odd', 'out'),
      damaged: fc.boolean(),
    }),
    { minLength: 1, maxLength: 7 },
  ),
  byHand: fc.record({
    before: fc.array(handPick, { maxLength: 3 }),
    between: fc.array(handPick, { maxLength: 3 }),
  }),
  crash: fc.nat({ max: 8 }),
  acts: fc.array(
    fc.record({
      line: pick,
      invoice: pick,
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      do: fc.constantFrom(
        'accept',
        'pay',
        'pay with fee',
        'let go',
        'split',
        'confirm',
        'clear',
        'book',
        'ignore',
        'undo',
        'undo',
      ),
    }),
    { maxLength: 10 },
  ),
});

const numberOf = (table: MemoryTable, invoiceId: string) =>
  String(table.items(({ PK, SK }) => PK === invoiceId && SK === 'OPEN')[0]?.['number']);
const invoiceAt = (n: number) => {
  const id = opening.invoices[n % opening.invoices.length];
  if (!id) throw new RangeError('there are invoices');
  return id;
};

function entryOf(table: MemoryTable, line: Line, index: number): StatementEntry {
  const ids = [...new Set(line.invoices.map(invoiceAt))];
  const owed = ids.length * 6_000;
  const amounts = {
    exactly: owed,
    'a little short': owed - 3,
    short: owed - 1_000,
    over: owed + 777,
    odd: 4_321,
    out: -2_000,
  };
  const refunded = line.amount === 'out' && line.named ? [`HAND ${line.invoices[0]}`] : [];
  const text = [
    ...refunded,
    ...(line.named ? ids.map((id) => numberOf(table, id)) : ['March']),
    ...(line.damaged ? ['damaged'] : []),
  ];
  return anEntry({
    line: index + 1,
    amount: amounts[line.amount],
    text: text.join(' '),
    bankReference: `B-${index + 1}`,
    counterparty:
      line.payer === 'nobody' ? undefined : { name: names[line.payer], iban: accounts[line.payer] },
  });
}

class Bank {
  readonly table: MemoryTable;
  #requests = 0;

  constructor() {
    this.table = memoryTable(opening.items);
  }

  send(operationId: Served, params: Record<string, string>, body: unknown, key = `r-${++this.#requests}`) {
    return request(this.table, operationId, { params, body, headers: { 'idempotency-key': key }, at });
  }

  async byHand(n: number): Promise<void> {
    const invoiceId = invoiceAt(n);
    const [item] = await loadOpenItems(this.table, [invoiceId]);
    const amount = n % 2 === 0 ? 6_000 : 2_000;
    const method = n % 3 === 0 ? 'cash' : 'bank_transfer';
    const allocations = item && item.balance >= amount ? [{ invoiceId, amount }] : [];
    const paid = { customerId: item?.customerId, method, currency: 'GBP', amount, allocations };
    const { status, json } = await this.send('recordPayment', {}, { ...paid, reference: `HAND ${n}` });
    expect(status).toBe(201);
    if (n % 5 === 0)
      await this.send(
        'refundPayment',
        { paymentId: json.paymentId },
        { amount: 2_000, reason: 'Paid twice' },
      );
  }

  async matches(entries: readonly StatementEntry[]): Promise<Match[]> {
    const items = (await loadOpenItems(this.table, opening.invoices)).filter(({ balance }) => balance > 0);
    const payers = [harbour, okafor].map((customerId) => ({
      customerId,
      name: names[customerId] ?? '',
      aliases: [],
      accounts: [accounts[customerId] ?? ''],
    }));
    const inForce = { version: 'shipped', policy: MatchingPolicy.parse({}) };
    const matcher = new StatementMatcher(new MemoryCandidates({ items, payers }), inForce);
    const matches: Match[] = [];
    for (const entry of entries) matches.push(await matcher.match(entry));
    return matches;
  }

  /** Works all lines, as often as it takes. */
  async work(entries: readonly StatementEntry[], matches: readonly Match[], crash: number): Promise<void> {
    const client = this.table.client();
    if (crash > 0) client.faults[crash % 2 === 0 ? 'crashBefore' : 'crashAfter'](crash);
    try {
      await this.#workAll(client, entries, matches);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
    client.faults.clear();
    await this.#workAll(client, entries, matches);
  }

  async #workAll(
    client: Table,
    entries: readonly StatementEntry[],
    matches: readonly Match[],
  ): Promise<void> {
    const sum = entries.reduce((total, { amount }) => total + amount, 0);
    const statement = aStatement(sum, entries.length);
    for (const [index, entry] of entries.entries()) {
      await workLine(client, {
        statement,
        account: aBankAccount(),
        entry,
        match: matches[index],
        at,
        today,
        actor: 'import-statement',
      });
    }
  }

  async act(act: Act, entry: StatementEntry): Promise<void> {
    const params = { statementId: STATEMENT_ID, line: String(entry.line) };
    const decision = act.do === 'undo' ? { reason: 'Was wrong' } : await this.#decisionOf(act, entry);
    const operationId = act.do === 'undo' ? 'undoBankLine' : 'decideBankLine';
    const { status, text } = await this.send(
      operationId,
      params,
      decision,
      `${act.key}-${act.do}`.replaceAll(' ', '-'),
    );
    expect([200, 409, 422], text).toContain(status);
  }

  /** A payment that the money may be of, or any. */
  #paymentFor(amount: number, n: number): string {
    const payments = this.table.items(({ PK, SK }) => PK.startsWith('pay_') && SK === 'HEAD');
    const fitting = payments.filter(
      (payment) => payment['amount'] === amount || (amount < 0 && payment['refunded']),
    );
    const some = fitting.length > 0 ? fitting : payments;
    return some[n % Math.max(1, some.length)]?.PK ?? PAYMENT_ID;
  }

  async #decisionOf(act: Act, { amount }: StatementEntry): Promise<unknown> {
    const invoiceId = invoiceAt(act.invoice);
    const [item] = await loadOpenItems(this.table, [invoiceId]);
    const customerId = item?.customerId;
    const balance = item?.balance ?? 0;
    const some = Math.min(balance, amount);
    const allocations = some > 0 ? [{ invoiceId, amount: some }] : [];
    switch (act.do) {
      case 'accept':
        return { accept: true };
      case 'pay':
        return { customerId, allocations };
      case 'pay with fee':
        return { customerId, allocations, fee: 150 };
      case 'let go': {
        const difference = { amount: Math.max(1, balance - some), account: 'rounding' };
        return { customerId, allocations: allocations.map((allocation) => ({ ...allocation, difference })) };
      }
      case 'split':
        return {
          parts: [
            { customerId: harbour, amount: Math.max(1, amount - 100) },
            { customerId: okafor, amount: 200 },
          ],
          fee: 100,
        };
      case 'confirm':
        return { confirms: this.#paymentFor(amount, act.invoice) };
      case 'clear':
        return { clearing: true };
      case 'book':
        return { post: 'interest', reason: 'March' };
      case 'ignore':
        return { ignore: 'Not ours' };
      default:
        throw new RangeError(act.do);
    }
  }
}

async function live({ lines, byHand, crash, acts }: History): Promise<void> {
  const bank = new Bank();
  const entries = lines.map((line, index) => entryOf(bank.table, line, index));
  for (const n of byHand.before) await bank.byHand(n);
  const matches = await bank.matches(entries);
  for (const n of byHand.between) await bank.byHand(n);
  await bank.work(entries, matches, crash);

  const statuses = bank.table.items(({ SK }) => SK.startsWith('LINE#')).map((line) => String(line['status']));
  const counts: Record<string, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  await layStatement(
    bank.table,
    aStatement(
      entries.reduce((sum, { amount }) => sum + amount, 0),
      entries.length,
    ),
    counts,
  );
  expect((await checkInvariants(bank.table.items())).violations).toEqual([]);

  for (const act of acts) {
    const entry = entries[act.line % entries.length];
    if (entry) await bank.act(act, entry);
  }
  expect((await checkInvariants(bank.table.items())).violations).toEqual([]);
  const { json } = await request(bank.table, 'reconcileBankAccount', {
    params: { bankAccountId: 'main' },
    query: { on: '2026-04-01' },
    at,
  });
  expect(json.difference).toBe(0);
}

describe('whatever a bank statement says and people decide about it', () => {
  it(
    'every line has one fate, every payment is there once, and bank and books agree',
    async () => {
      const seen = await fc.check(fc.asyncProperty(history, live), { numRuns: HISTORIES });
      const cause = seen.errorInstance instanceof Error ? `\n${seen.errorInstance.message}` : '';
      const report = await fc.asyncDefaultReportMessage(seen);
      expect(report === undefined ? undefined : `${cause}\n${report}`).toBeUndefined();
    },
    TIMEOUT_MS,
  );
});
