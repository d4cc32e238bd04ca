import { DEBIT_ID } from '../direct-debit/debit-id.ts';
import { findDebit, loadMandateAccounts } from '../direct-debit/find-debit-store.ts';
import { loadOpenItems } from '../invoice/invoice-store.ts';
import { documentNumber, seriesOf } from '../invoice/number-series.ts';
import { seriesPolicy } from '../invoice/series-policy.ts';
import { CustomerId, type InvoiceId } from '../kernel/ids.ts';
import type { CalendarDate } from '../kernel/time.ts';
import type { CandidateSource, OpenCandidate, Payer, ReferenceHit } from '../matching/candidate-source.ts';
import type { MemoryCandidates } from '../matching/memory-candidates.ts';
import { nameTokens } from '../matching/name-tokens.ts';
import { NumberForms } from '../matching/number-forms.ts';
import { policyInForce } from '../policy/policy-store.ts';
import { loadNamedItems, loadOpenAdvices } from '../remittance/advice-store.ts';
import { references } from '../table/keys.ts';
import type { Table } from '../table/table.ts';
import {
  candidateOf,
  loadCandidates,
  loadPayers,
  type MandateAccounts,
  type TakenBefore,
} from './candidates-store.ts';

/** A line names so many unknown numbers at most; what follows is left to a person. */
const MAX_LOOKED_UP = 4;
/** More customers of one account or name are as good as two: a tie. */
const MAX_TIED = 3;
/** The end-to-end id of a direct debit of ours. */

/** What an invoice may be numbered as. */
const numbered = ['invoice', 'deposit', 'counter'] as const;

/**
 * All that the lines of a statement may be matched with: what is open is read at once, {@link loadCandidates} and four
 * queries of the advices and four of the mandates; for what else a line may name the table is asked then.
 * @param today the day the statement came in
 */
export async function openCandidates(
  table: Table,
  today: CalendarDate,
  before: TakenBefore,
): Promise<TableCandidates> {
  const [advices, mandates, { policy: series }] = await Promise.all([
    loadOpenAdvices(table, { on: today }),
    loadMandateAccounts(table),
    policyInForce(table, seriesPolicy, today),
  ]);
  const known = await loadCandidates(table, today, before, advices, mandates);
  const examples = numbered.map((type) => documentNumber(seriesOf(series, type, today), 1));
  return new TableCandidates(table, known, new NumberForms([...examples, ...known.numbers()]), mandates);
}

/**
 * The candidates of a statement held in memory and, for what those do not know, the table: invoices and direct debits
 * that are settled, and payers that owe nothing. Only a line that names such a number or payer costs more: a query for
 * each number and one read, or a query for the account, one for the name and one read. What was found is kept.
 */
class TableCandidates implements CandidateSource {
  readonly #table: Table;
  readonly #known: MemoryCandidates;
  readonly #forms: NumberForms;
  readonly #mandates: MandateAccounts;
  readonly #mandated = new Map<string, CustomerId[]>();
  readonly #payers = new Map<string, Promise<readonly Payer[]>>();

  constructor(table: Table, known: MemoryCandidates, forms: NumberForms, mandates: MandateAccounts) {
    this.#table = table;
    this.#known = known;
    this.#forms = forms;
    this.#mandates = mandates;
    for (const [customerId, accounts] of mandates) {
      for (const account of accounts)
        this.#mandated.set(account, [...(this.#mandated.get(account) ?? []), customerId]);
    }
  }

  async byReference(keys: readonly string[]): Promise<readonly ReferenceHit[]> {
    const known = await this.#known.byReference(keys);
    const borne = new Set(known.map(({ key }) => key));
    const unknown = keys.filter((key) => !borne.has(key));
    const settled = await Promise.all([this.#numbered(unknown, known), this.#debited(unknown)]);
    return [...known, ...settled.flat()];
  }

  /** Whole numbers of ours that nothing open bears. Keys come longest first: what is part of a number found is none. */
  async #numbered(keys: readonly string[], known: readonly ReferenceHit[]): Promise<ReferenceHit[]> {
    const wanted = new Map<string, string>();
    const taken = known.map(({ key }) => key);
    for (const key of keys) {
      if (wanted.size >= MAX_LOOKED_UP) break;
      if ([...taken, ...wanted.values()].some((longer) => longer.includes(key))) continue;
      for (const number of this.#forms.numbersOf(key)) wanted.set(number, key);
    }
    if (wanted.size === 0) return [];
    const named = [...wanted.keys()].map((number) => ({ number, amount: 0 }));
    const items = await loadNamedItems(this.#table, named);
    const found = await this.#asKnown(items.map(candidateOf));
    return found.flatMap((item) => {
      const key = wanted.get(item.number);
      return key === undefined ? [] : [{ kind: 'item', key, item }];
    });
  }

  async #debited(keys: readonly string[]): Promise<ReferenceHit[]> {
    const ids = keys.filter((reference) => DEBIT_ID.test(reference)).slice(0, MAX_LOOKED_UP);
    const debits = await Promise.all(ids.map((id) => findDebit(this.#table, id)));
    const keyOf = new Map<InvoiceId, string>(
      debits.flatMap((debit) => (debit ? [[debit.invoiceId, debit.endToEndId]] : [])),
    );
    if (keyOf.size === 0) return [];
    const items = await loadOpenItems(this.#table, [...keyOf.keys()]);
    const found = await this.#asKnown(items.map(candidateOf));
    return found.flatMap((item) => {
      const key = keyOf.get(item.invoiceId);
      return key === undefined ? [] : [{ kind: 'item', key, item: { ...item, endToEndId: key } }];
    });
  }

  /** What the statement itself settled in an earlier run counts as it stood before. */
  async #asKnown(items: readonly OpenCandidate[]): Promise<OpenCandidate[]> {
    const known = await this.#known.openItems(items.map(({ invoiceId }) => invoiceId));
    const byId = new Map(known.map((item) => [item.invoiceId, item]));
    return items.map((item) => byId.get(item.invoiceId) ?? item);
  }

  async payersByAccount(account: string): Promise<readonly Payer[]> {
    const known = await this.#known.payersByAccount(account);
    if (known.length > 0) return known;
    return this.#once(`account ${account}`, async () => {
      const { items } = await this.#table.query({
        index: 'byReference',
        partition: references.payerAccount(account),
        limit: MAX_TIED,
      });
      const learned = items.map(({ PK }) => CustomerId.parse(PK));
      return [...new Set([...learned, ...(this.#mandated.get(account) ?? [])])];
    });
  }

  payersByNameKeys(keys: readonly string[]): Promise<readonly Payer[]> {
    return this.#known.payersByNameKeys(keys);
  }

  payersNamed(name: string): Promise<readonly Payer[]> {
    const words = nameTokens(name).join(' ');
    return this.#once(`name ${words}`, async () => {
      const { items } = await this.#table.query({
        index: 'byReference',
        partition: references.payerName(words),
        limit: MAX_TIED,
      });
      return items.map(({ PK }) => CustomerId.parse(PK));
    });
  }

  #once(question: string, ask: () => Promise<CustomerId[]>): Promise<readonly Payer[]> {
    const before = this.#payers.get(question);
    if (before) return before;
    const asked = ask().then((ids) => loadPayers(this.#table, ids.slice(0, MAX_TIED), this.#mandates));
    this.#payers.set(question, asked);
    return asked;
  }

  openItemsOf(customerId: CustomerId) {
    return this.#known.openItemsOf(customerId);
  }

  openItems(invoiceIds: readonly InvoiceId[]) {
    return this.#known.openItems(invoiceIds);
  }

  advicesOf(customerId: CustomerId) {
    return this.#known.advicesOf(customerId);
  }
}
