import type { CandidateSource, MatchLine, OpenCandidate, ReferenceHit } from './candidate-source.ts';
import { compact } from './compact.ts';
import { oldestFirst } from './decide-by-text.ts';
import { decideMatch } from './decide-match.ts';
import { findPayer } from './find-payer.ts';
import type { Match } from './match.ts';
import type { Evidence } from './match-evidence.ts';
import type { MatchingInForce } from './matching-policy.ts';
import { readReferences } from './read-references.ts';
import { lineKeys } from './references.ts';

/** What of a match bears on the lines after it. */
type Decided = Pick<Match, 'outcome' | 'customerId' | 'confirms' | 'adviceId' | 'allocations'>;
type Settled = { readonly amount: number; readonly line: number };

/**
 * Matches the lines of one statement in their order. What a posted line settles is no longer open for those after it, and
 * a line that repeats an earlier one is never posted. Depends on nothing but source, policy and the lines so far.
 */
export class StatementMatcher {
  readonly #source: CandidateSource;
  readonly #inForce: MatchingInForce;
  readonly #settled = new Map<string, Settled>();
  readonly #confirmed = new Map<string, number>();
  readonly #followed = new Set<string>();
  readonly #seen = new Map<string, number>();
  readonly #paid = new Map<string, number>();

  constructor(source: CandidateSource, inForce: MatchingInForce) {
    this.#source = source;
    this.#inForce = inForce;
  }

  async match(line: MatchLine): Promise<Match> {
    const match = decideMatch(await this.#evidenceOf(line));
    this.#remember(line, match);
    return match;
  }

  /**
   * Takes a line that was matched before, in a run that broke off, as it was decided then. The source must tell of items
   * as they stood before the statement.
   */
  recall(line: MatchLine, match: Decided): void {
    this.#remember(line, match);
  }

  async #evidenceOf(line: MatchLine): Promise<Evidence> {
    const parsed = lineKeys(line);
    const answered = await this.#source.byReference(parsed.keys.map(({ key }) => key));
    const hits = answered.map(
      (hit): ReferenceHit => (hit.kind === 'item' ? { ...hit, item: this.#left(hit.item) } : hit),
    );
    const found = await findPayer(line, this.#source, this.#inForce.policy);
    const customerId = found.by === 'nobody' ? undefined : found.payer.customerId;
    const all = customerId === undefined ? [] : await this.#source.openItemsOf(customerId);
    const own = all
      .map((item) => this.#left(item))
      .filter((item) => item.balance > 0 && item.currency === line.currency)
      .sort(oldestFirst);
    const settledBy = new Map(
      [...hits].flatMap((hit) => (hit.kind === 'item' ? this.#settlerOf(hit.item) : [])),
    );
    return {
      line,
      found,
      own,
      readings: readReferences(
        line,
        parsed,
        hits,
        customerId === undefined ? undefined : { customerId, own },
      ),
      payments: distinct(hits.flatMap((hit) => (hit.kind === 'payment' ? [hit.payment] : []))).map(
        (payment) => ({
          payment,
          confirmedBy: this.#confirmed.get(payment.paymentId),
        }),
      ),
      advices: await this.#advices(hits, customerId),
      repeats: this.#seen.get(fingerprint(line)),
      paidBefore: customerId && this.#paid.get(`${customerId}|${line.currency}|${line.amount}`),
      settledBy,
      inForce: this.#inForce,
    };
  }

  async #advices(hits: readonly ReferenceHit[], customerId: OpenCandidate['customerId'] | undefined) {
    const named = hits.flatMap((hit) => (hit.kind === 'advice' ? [hit.advice] : []));
    const sent = customerId === undefined ? [] : await this.#source.advicesOf(customerId);
    const left = distinct([...named, ...sent]).filter(({ adviceId }) => !this.#followed.has(adviceId));
    return Promise.all(
      left.map(async (advice) => {
        const items = await this.#source.openItems(advice.invoices.map(({ invoiceId }) => invoiceId));
        const owed = items.filter(
          (item) => item.customerId === advice.customerId && item.currency === advice.currency,
        );
        return { advice, named: named.includes(advice), items: owed.map((item) => this.#left(item)) };
      }),
    );
  }

  /** The item as earlier lines left it: what was partly paid offers no discount any more. */
  #left(item: OpenCandidate): OpenCandidate {
    const settled = this.#settled.get(item.invoiceId);
    if (!settled) return item;
    const { discount: _discount, ...rest } = item;
    return { ...rest, balance: item.balance - settled.amount };
  }

  #settlerOf({ invoiceId }: OpenCandidate): [string, number][] {
    const settled = this.#settled.get(invoiceId);
    return settled ? [[invoiceId, settled.line]] : [];
  }

  #remember(line: MatchLine, match: Decided): void {
    const print = fingerprint(line);
    if (!this.#seen.has(print)) this.#seen.set(print, line.line);
    if (match.outcome !== 'posted') return;
    if (match.customerId !== undefined)
      this.#paid.set(`${match.customerId}|${line.currency}|${line.amount}`, line.line);
    if (match.confirms !== undefined) this.#confirmed.set(match.confirms, line.line);
    if (match.adviceId !== undefined) this.#followed.add(match.adviceId);
    for (const { invoiceId, amount, discount = 0, difference } of match.allocations) {
      const before = this.#settled.get(invoiceId)?.amount ?? 0;
      this.#settled.set(invoiceId, {
        amount: before + amount + discount + (difference?.amount ?? 0),
        line: line.line,
      });
    }
  }
}

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** What two bookings of one payment have in common. */
function fingerprint({
  amount,
  currency,
  text,
  creditorReference,
  endToEndId,
  counterparty,
}: MatchLine): string {
  const from = compact(counterparty?.iban ?? counterparty?.account ?? counterparty?.name ?? '');
  const reference = [creditorReference, text, endToEndId === 'NOTPROVIDED' ? '' : endToEndId].map((field) =>
    compact(field ?? ''),
  );
  return [amount, currency, from, ...reference].join('|');
}
