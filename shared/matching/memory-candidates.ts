import type { CustomerId, InvoiceId } from '../kernel/ids.ts';
import type {
  Advice,
  CandidateSource,
  OpenCandidate,
  Payer,
  RecordedPayment,
  ReferenceHit,
} from './candidate-source.ts';
import { compact } from './compact.ts';
import { nameKeys } from './name-tokens.ts';
import { itemKeys } from './references.ts';

/** Names compared in full for one line, at most. */
const MAX_NAMES = 12;
/** Payers looked at for one line's name, counted once for each key they share. */
const MAX_VOTES = 300;
/** A key that more items bear tells nothing of any of them. */
const MAX_BEARERS = 8;

type Known = {
  readonly items: Iterable<OpenCandidate>;
  readonly payers: Iterable<Payer>;
  readonly payments?: Iterable<RecordedPayment>;
  readonly advices?: Iterable<Advice>;
};

/** Candidates held in memory, for a statement so long that reading everything open once costs less. */
export class MemoryCandidates implements CandidateSource {
  readonly #references = new Map<string, ReferenceHit | ReferenceHit[]>();
  readonly #items = new Map<string, OpenCandidate>();
  readonly #itemsOf = new Map<string, OpenCandidate[]>();
  readonly #accounts = new Map<string, Payer[]>();
  readonly #names = new Map<string, Payer[]>();
  readonly #advices = new Map<string, Advice[]>();

  constructor({ items, payers, payments = [], advices = [] }: Known) {
    for (const item of items) {
      this.#items.set(item.invoiceId, item);
      push(this.#itemsOf, item.customerId, item);
      for (const key of itemKeys(item)) this.#bear(key, { key, kind: 'item', item });
    }
    for (const payment of payments) {
      for (const reference of payment.references)
        this.#bear(compact(reference), { key: compact(reference), kind: 'payment', payment });
    }
    for (const advice of advices) {
      push(this.#advices, advice.customerId, advice);
      if (advice.reference === undefined) continue;
      const key = compact(advice.reference);
      this.#bear(key, { key, kind: 'advice', advice });
    }
    for (const payer of payers) {
      for (const account of new Set(payer.accounts.map(compact))) push(this.#accounts, account, payer);
      for (const key of new Set([payer.name, ...payer.aliases].flatMap(nameKeys)))
        push(this.#names, key, payer);
    }
  }

  /** Most references have one bearer: an array for each would double the memory. */
  #bear(key: string, hit: ReferenceHit): void {
    const known = this.#references.get(key);
    if (known === undefined) this.#references.set(key, hit);
    else if (Array.isArray(known)) known.push(hit);
    else this.#references.set(key, [known, hit]);
  }

  /** The numbers of all items held. */
  *numbers(): Generator<string> {
    for (const { number } of this.#items.values()) yield number;
  }

  byReference(keys: readonly string[]): Promise<readonly ReferenceHit[]> {
    const hits: ReferenceHit[] = [];
    for (const key of keys) {
      const found = this.#references.get(key);
      if (found === undefined) continue;
      if (!Array.isArray(found)) hits.push(found);
      else if (found.length <= MAX_BEARERS) hits.push(...found);
    }
    return Promise.resolve(hits);
  }

  payersByAccount(account: string): Promise<readonly Payer[]> {
    return Promise.resolve(this.#accounts.get(account) ?? []);
  }

  /** Those that share most, a key counting the more the fewer bear it; common words are not looked at after rare ones. */
  payersByNameKeys(keys: readonly string[]): Promise<readonly Payer[]> {
    const borne = keys.flatMap((key) => {
      const bearers = this.#names.get(key);
      return bearers ? [bearers] : [];
    });
    const votes = new Map<Payer, number>();
    let cast = 0;
    for (const bearers of borne.sort((one, other) => one.length - other.length)) {
      if (cast > 0 && cast + bearers.length > MAX_VOTES) break;
      for (const payer of bearers)
        votes.set(payer, (votes.get(payer) ?? 0) + 1 / (1 + Math.log2(bearers.length)));
      cast += bearers.length;
    }
    const ranked = [...votes].sort(
      ([one, votesOfOne], [other, votesOfOther]) =>
        votesOfOther - votesOfOne || (one.customerId < other.customerId ? -1 : 1),
    );
    return Promise.resolve(ranked.slice(0, MAX_NAMES).map(([payer]) => payer));
  }

  /** Whoever is held is found by the keys of the name. */
  payersNamed(): Promise<readonly Payer[]> {
    return Promise.resolve([]);
  }

  openItemsOf(customerId: CustomerId): Promise<readonly OpenCandidate[]> {
    return Promise.resolve(this.#itemsOf.get(customerId) ?? []);
  }

  openItems(invoiceIds: readonly InvoiceId[]): Promise<readonly OpenCandidate[]> {
    return Promise.resolve(invoiceIds.flatMap((id) => this.#items.get(id) ?? []));
  }

  advicesOf(customerId: CustomerId): Promise<readonly Advice[]> {
    return Promise.resolve(this.#advices.get(customerId) ?? []);
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}
