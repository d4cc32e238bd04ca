import type { StatementEntry } from '#shared/bank/bank-statement.ts';
import { workLine } from '#shared/bank/work-line-store.ts';
import { loadOpenItems } from '#shared/invoice/invoice-store.ts';
import type { InvoiceId } from '#shared/kernel/ids.ts';
import { CalendarDate, Instant } from '#shared/kernel/time.ts';
import type { Match } from '#shared/matching/match.ts';
import { MatchingPolicy } from '#shared/matching/matching-policy.ts';
import { MemoryCandidates } from '#shared/matching/memory-candidates.ts';
import { StatementMatcher } from '#shared/matching/statement-matcher.ts';
import { loadOpenAdvices } from '#shared/remittance/advice-store.ts';
import type { Item, Table } from '#shared/table/table.ts';
import { aBankAccount, anEntry, aStatement, layStatement, STATEMENT_ID } from '../builders/bank-line.ts';
import { request, type Served } from '../builders/house.ts';
import { PAYMENT_ID } from '../builders/invoice.ts';
import { Crash, type MemoryTable, memoryTable } from '../builders/memory-table.ts';
import { harbour, names, okafor } from '../builders/owing-customers.ts';
import type { Act, History, Line } from './bank-history.ts';

const at = Instant.parse('2026-04-01T08:00:00.000Z');
const today = CalendarDate.parse('2026-04-01');
const accounts = { [harbour]: 'GB29NWBK60161331926819', [okafor]: 'GB94BARC10201530093459' };

/** A bank, its statement and the people at our desk. */
export class Bank {
  readonly table: MemoryTable;
  #requests = 0;

  readonly #invoices: readonly InvoiceId[];

  constructor({ items, invoices }: { items: Iterable<Item>; invoices: readonly InvoiceId[] }) {
    this.table = memoryTable(items);
    this.#invoices = invoices;
  }

  /** The `index`-th line of the statement, as the bank writes it. */
  entryOf(line: Line, index: number): StatementEntry {
    const ids = [...new Set(line.invoices.map((n) => this.#invoiceAt(n)))];
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
      ...(line.named ? ids.map((id) => this.#numberOf(id)) : ['March']),
      ...(line.advised && !line.damaged ? [adviceReference(index)] : []),
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

  #invoiceAt(n: number): InvoiceId {
    const id = this.#invoices[n % this.#invoices.length];
    if (!id) throw new RangeError('there are invoices');
    return id;
  }

  #numberOf(invoiceId: InvoiceId): string {
    return String(this.table.items(({ PK, SK }) => PK === invoiceId && SK === 'OPEN')[0]?.['number']);
  }

  /** Has the statement stored with what became of its lines. */
  async close(entries: readonly StatementEntry[]): Promise<void> {
    const counts: Record<string, number> = {};
    for (const line of this.table.items(({ SK }) => SK.startsWith('LINE#'))) {
      const status = String(line['status']);
      counts[status] = (counts[status] ?? 0) + 1;
    }
    await layStatement(this.table, statementOf(entries), counts);
  }

  send(operationId: Served, params: Record<string, string>, body: unknown, key = `r-${++this.#requests}`) {
    return request(this.table, operationId, { params, body, headers: { 'idempotency-key': key }, at });
  }

  async byHand(n: number): Promise<void> {
    const invoiceId = this.#invoiceAt(n);
    const [item] = await loadOpenItems(this.table, [invoiceId]);
    const amount = n % 2 === 0 ? 6_000 : 2_000;
    const method = n % 3 === 0 ? 'cash' : 'bank_transfer';
    const allocations = item && item.balance >= amount ? [{ invoiceId, amount }] : [];
    const paid = { customerId: item?.customerId, method, currency: 'GBP', amount, allocations };
    const { status, json } = await this.send('recordPayment', {}, { ...paid, reference: `HAND ${n}` });
    if (status !== 201) throw new Error(`a payment by hand was refused with ${status}`);
    if (n % 5 === 0)
      await this.send(
        'refundPayment',
        { paymentId: json.paymentId },
        { amount: 2_000, reason: 'Paid twice', alreadySent: true },
      );
  }

  /** The payer of a line says how its `amount` settles what it owes. @returns the advice, where it owes anything */
  async advise(line: Line, index: number, amount: number): Promise<string[]> {
    const payer = line.payer === 'nobody' ? 'cus_okafor' : line.payer;
    const ids = [...new Set(line.invoices.map((n) => this.#invoiceAt(n)))];
    const owed = (await loadOpenItems(this.table, ids)).filter(({ customerId }) => customerId === payer);
    let total = 0;
    const invoices = owed.flatMap(({ invoiceId, balance }) => {
      const some = Math.min(balance, amount - total);
      total += Math.max(0, some);
      return some > 0 ? [{ invoiceId, amount: some }] : [];
    });
    if (invoices.length === 0) return [];
    const paymentReference = adviceReference(index);
    const body = { customerId: payer, currency: 'GBP', total, invoices, paymentReference };
    const { status, json, text } = await this.send('adviseRemittance', {}, body);
    if (status !== 201) throw new Error(`an advice was refused: ${text}`);
    return [json.adviceId];
  }

  async withdraw(adviceId: string | undefined): Promise<void> {
    if (adviceId === undefined) return;
    const { status, text } = await this.send('withdrawRemittanceAdvice', { adviceId }, undefined);
    if (status !== 200 && status !== 409) throw new Error(`withdrawing: ${status} ${text}`);
  }

  async matches(entries: readonly StatementEntry[]): Promise<Match[]> {
    const items = (await loadOpenItems(this.table, this.#invoices)).filter(({ balance }) => balance > 0);
    const payers = [harbour, okafor].map((customerId) => ({
      customerId,
      name: names[customerId] ?? '',
      aliases: [],
      accounts: [accounts[customerId] ?? ''],
    }));
    const inForce = { version: 'shipped', policy: MatchingPolicy.parse({}) };
    const advices = await loadOpenAdvices(this.table, { on: today });
    const matcher = new StatementMatcher(new MemoryCandidates({ items, payers, advices }), inForce);
    const matches: Match[] = [];
    for (const entry of entries) matches.push(await matcher.match(entry));
    return matches;
  }

  /** Works all lines, as often as it takes. */
  async work(
    entries: readonly StatementEntry[],
    matches: readonly Match[],
    crash: History['crash'],
  ): Promise<void> {
    const client = this.table.client();
    if (crash) client.faults.crashAtAwait(crash.nth, crash.when);
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
    const statement = statementOf(entries);
    for (const [index, entry] of entries.entries()) {
      await workLine(client, {
        timeZone: 'Europe/London',
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
    if (status !== 200 && status !== 409 && status !== 422) throw new Error(`${act.do}: ${status} ${text}`);
  }

  /** A payment that the money may be of, or any. */
  #paymentFor(amount: number, n: number): string {
    const payments = this.table.items(({ PK, SK }) => PK.startsWith('pay_') && SK === 'HEAD');
    const fitting = payments.filter(
      (payment) => payment['amount'] === amount || (amount < 0 && payment['refunded']),
    );
    const some = fitting.length > 0 ? fitting : payments;
    return some[n % Math.max(1, Math.min(2, some.length))]?.PK ?? PAYMENT_ID;
  }

  async #decisionOf(act: Act, { amount }: StatementEntry): Promise<unknown> {
    const invoiceId = this.#invoiceAt(act.invoice);
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
      case 'reverse':
        return { reverse: this.#paymentFor(-amount, act.invoice) };
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

/** What a payer writes on its transfer, where it said before what that pays. */
const adviceReference = (index: number) => `TRANSFER 47${index}1`;

function statementOf(entries: readonly StatementEntry[]) {
  const sum = entries.reduce((total, { amount }) => total + amount, 0);
  return aStatement(sum, entries.length);
}
