import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BankStatementId } from '#shared/bank/bank-line.ts';
import type { StatementEntry } from '#shared/bank/bank-statement.ts';
import { decideLine } from '#shared/bank/decide-line-store.ts';
import { undoLine } from '#shared/bank/undo-line-store.ts';
import type { DebitItem } from '#shared/direct-debit/direct-debit.ts';
import { loadItemPage, loadRun } from '#shared/direct-debit/direct-debit-store.ts';
import { cancelRun, releaseInvoices } from '#shared/direct-debit/release-run-store.ts';
import { endSingleDebits } from '#shared/direct-debit/single-debits-store.ts';
import { loadOpenItem } from '#shared/invoice/invoice-store.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { PaymentId } from '#shared/kernel/ids.ts';
import { loadPayment } from '#shared/payment/payment-store.ts';
import type { Item, Table } from '#shared/table/table.ts';
import {
  bringLine,
  brokenIn,
  debtors,
  goOn,
  MESSAGE_ID,
  makeRun,
  PAID_AT,
  RUN_ID,
  remembering,
  WORKING,
} from '../builders/debtors.ts';
import { Crash, type MemoryTable, memoryTable } from '../builders/memory-table.ts';
import { failureOf } from './histories.ts';

const TIMEOUT_MS = 600_000;

/** What the bank, people and the mornings do with a run of five debits; numbers pick debits, batches and lines. */
type Event =
  | { do: 'single'; debit: number; inText: boolean }
  | { do: 'sum'; of: 'run' | 'first batch' | 'second batch'; named: boolean }
  | { do: 'returned'; debit: number }
  | { do: 'refused'; debit: number }
  | { do: 'undo' | 'record'; line: number }
  | { do: 'settle by hand'; line: number; batch: number }
  | { do: 'cancel' | 'morning' | 'go on' };
type Lived = Event & { crash: { nth: number; when: 'before' | 'after' } | undefined };

const pick = fc.nat({ max: 9 });
const only = <D extends string>(what: D) => fc.constant(what);
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: only('single'), debit: pick, inText: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: only('sum'),
      of: fc.constantFrom('run', 'first batch', 'second batch'),
      named: fc.boolean(),
    }),
  },
  fc.record({ do: only('returned'), debit: pick }),
  fc.record({ do: only('refused'), debit: pick }),
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('undo', 'record'), line: pick }) },
  fc.record({ do: only('settle by hand'), line: pick, batch: fc.constantFrom(1, 2) }),
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('cancel', 'morning', 'morning', 'go on', 'go on') }),
  },
);
const crash = fc.option(
  fc.record({ nth: fc.integer({ min: 1, max: 12 }), when: fc.constantFrom('before', 'after') }),
  { nil: undefined, freq: 3 },
);
const history: fc.Arbitrary<Lived[]> = fc.array(
  fc.tuple(event, crash).map(([told, dies]) => ({ ...told, crash: dies })),
  { minLength: 1, maxLength: 12 },
);

let ready: Item[] = [];
beforeAll(async () => {
  const table = await debtors([2, 2, 1]);
  await makeRun(table);
  await goOn(table);
  ready = table.items();
});
// Waiting after a lost race takes no time.
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

/** The bank and the people, who send everything again that was not answered. */
class Debits {
  readonly table: MemoryTable = memoryTable(ready);
  readonly #statements: BankStatementId[] = [];
  #debits: DebitItem[] = [];
  /** What lines of their own were made of debits that were no payment yet, without anybody's decision. */
  readonly #singles: { endToEndId: string; paymentId: PaymentId }[] = [];

  async live(lived: readonly Lived[]): Promise<void> {
    this.#debits = (await loadItemPage(this.table, RUN_ID, { limit: 100 })).items;
    for (const [index, { crash: dies, ...told }] of lived.entries()) {
      const client = this.table.client();
      if (dies) client.faults.crashAtAwait(dies.nth, dies.when);
      try {
        await this.#happen(client, told, index);
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
        client.faults.clear();
        await this.#happen(client, told, index);
      }
    }
    await goOn(this.table, PAID_AT);
  }

  async #happen(client: Table, told: Event, index: number): Promise<void> {
    const doing = { ...WORKING, remember: remembering(`e-${index}`) };
    switch (told.do) {
      case 'single': {
        const debit = this.#debitAt(told.debit);
        const { endToEndId } = debit;
        return this.#line(
          client,
          index,
          told.inText ? { text: `LASTSCHRIFT ${endToEndId}` } : { endToEndId },
          debit,
        );
      }
      case 'sum': {
        const [first = 0, second = 0] = (await loadRun(this.table, RUN_ID)).batches.map(
          ({ total, released }) => total - released,
        );
        const amount = { run: first + second, 'first batch': first, 'second batch': second }[told.of];
        const name = { run: MESSAGE_ID, 'first batch': `${MESSAGE_ID}-1`, 'second batch': `${MESSAGE_ID}-2` }[
          told.of
        ];
        return amount === 0
          ? undefined
          : this.#line(client, index, { amount, ...(told.named && { batchReference: name }) });
      }
      case 'returned': {
        const { endToEndId, amount } = this.#debitAt(told.debit);
        return this.#line(client, index, { amount: -amount, endToEndId, returnReason: 'MD06' });
      }
      case 'refused': {
        const asked = { reason: 'AC04', invoiceIds: [this.#debitAt(told.debit).invoiceId] };
        return unlessRefused(releaseInvoices(client, await loadRun(client, RUN_ID), asked, doing));
      }
      case 'cancel':
        return unlessRefused(cancelRun(client, await loadRun(client, RUN_ID), 'Not sent', doing));
      case 'morning':
        await endSingleDebits(client, WORKING);
        return;
      case 'go on':
        await goOn(client, PAID_AT);
        return;
      default:
        return this.#decide(client, told, doing);
    }
  }

  /** Debits that are a payment of their own line and one of a sum, neither of which was taken back. */
  async recordedTwice(): Promise<string[]> {
    const twice: string[] = [];
    for (const { endToEndId, paymentId } of this.#singles) {
      const own = await loadPayment(this.table, paymentId);
      const now = await this.#paymentOf(endToEndId);
      const other = now && (await loadPayment(this.table, now));
      const isOfSum = other && other.method === 'sepa_debit' && other.reversed === undefined;
      if (isOfSum && own?.reversed === undefined) twice.push(endToEndId);
    }
    return twice;
  }

  async #paymentOf(endToEndId: string): Promise<PaymentId | undefined> {
    const { items } = await loadItemPage(this.table, RUN_ID, { limit: 100 });
    return items.find((item) => item.endToEndId === endToEndId)?.paymentId;
  }

  #debitAt(n: number): DebitItem {
    const debit = this.#debits[n % this.#debits.length];
    if (!debit) throw new RangeError('the run has debits');
    return debit;
  }

  async #decide(
    client: Table,
    told: Extract<Event, { line: number }>,
    doing: Parameters<typeof undoLine>[3],
  ): Promise<void> {
    const bankStatementId = this.#statements[told.line % Math.max(1, this.#statements.length)];
    if (!bankStatementId) return;
    const reference = { bankStatementId, line: 1 };
    if (told.do === 'undo') return unlessRefused(undoLine(client, reference, 'Was wrong', doing));
    if (told.do === 'settle by hand') {
      const decision = { settleRun: RUN_ID, batch: told.batch };
      return unlessRefused(decideLine(client, reference, decision, doing));
    }
    const debit = this.#debitAt(told.line);
    const { customerId, invoiceId, amount } = debit;
    const owed = (await loadOpenItem(client, invoiceId))?.balance ?? 0;
    const allocations = owed < amount ? [] : [{ invoiceId, amount }];
    return unlessRefused(decideLine(client, reference, { customerId, allocations }, doing));
  }

  async #line(
    client: Table,
    index: number,
    overrides: Partial<StatementEntry>,
    debit?: DebitItem,
  ): Promise<void> {
    const before = debit && (await this.#paymentOf(debit.endToEndId));
    const line = await bringLine(client, index, overrides, debit, this.table);
    this.#statements.push(line.bankStatementId);
    if (!debit || line.status !== 'matched' || line.outcome.kind !== 'payment') return;
    const { endToEndId } = debit;
    const { paymentId } = line.outcome;
    // One that a sum had brought keeps that payment, even where the bank took it back and collected once more.
    if (before === undefined || before === paymentId) this.#singles.push({ endToEndId, paymentId });
  }
}

async function unlessRefused(doing: Promise<unknown>): Promise<void> {
  try {
    await doing;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
}

describe('whatever a bank books of a direct debit run, singly or as sums', () => {
  it(
    'no debit is two payments, and runs, payments and bank agree',
    async () => {
      const live = async (lived: Lived[]) => {
        const debits = new Debits();
        await debits.live(lived);
        expect(await brokenIn(debits.table)).toEqual([]);
        expect(await debits.recordedTwice()).toEqual([]);
      };
      expect(await failureOf(fc.asyncProperty(history, live))).toBeUndefined();
    },
    TIMEOUT_MS,
  );
});
