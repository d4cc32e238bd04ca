import { distance } from 'fastest-levenshtein';
import type { CalendarDate } from '#shared/kernel/time.ts';
import type { OpenCandidate, Payer } from '#shared/matching/candidate-source.ts';

/**
 * What a careful person could match from the line and the open items alone. Written without the engine's parts, by trying
 * everything: it asks whether the truth is the only reading of the line.
 */
export class Oracle {
  readonly #itemsOf = new Map<string, OpenCandidate[]>();
  readonly #byValue = new Map<number, OpenCandidate[]>();
  readonly #left: ReadonlyMap<string, number>;
  readonly #namesByWord = new Map<string, { id: string; core: string }[]>();
  readonly #coreOf = new Map<string, string>();

  /** @param left what is owed on each invoice by now, as it truly is */
  constructor(items: readonly OpenCandidate[], payers: readonly Payer[], left: ReadonlyMap<string, number>) {
    this.#left = left;
    for (const item of items) {
      this.#itemsOf.set(item.customerId, [...(this.#itemsOf.get(item.customerId) ?? []), item]);
      for (const value of new Set([item.balance, item.balance - (item.discount?.amount ?? 0)]))
        this.#byValue.set(value, [...(this.#byValue.get(value) ?? []), item]);
    }
    for (const { customerId: id, name } of payers) {
      const core = coreOf(name);
      this.#coreOf.set(id, core);
      for (const word of core.split(' '))
        this.#namesByWord.set(word, [...(this.#namesByWord.get(word) ?? []), { id, core }]);
    }
  }

  openOf(customerId: string): OpenCandidate[] {
    return (this.#itemsOf.get(customerId) ?? []).filter((item) => this.#owed(item) > 0);
  }

  #owed(item: OpenCandidate): number {
    return this.#left.get(item.invoiceId) ?? item.balance;
  }

  #values(item: OpenCandidate, on: CalendarDate): number[] {
    const owed = this.#owed(item);
    const less =
      item.discount && on <= item.discount.until && owed === item.balance ? item.discount.amount : 0;
    return less > 0 ? [owed, owed - less] : [owed];
  }

  /** Whether a name as written is clearly nearer to this customer's than to any that shares a word with either. */
  isTelling(written: string, customerId: string): boolean {
    const core = coreOf(written);
    const truth = this.#coreOf.get(customerId) ?? '';
    const edits = distance(core, truth);
    if (edits > core.length / 4) return false;
    const rivals = [...core.split(' '), ...truth.split(' ')].flatMap(
      (word) => this.#namesByWord.get(word) ?? [],
    );
    return rivals.every((rival) => rival.id === customerId || distance(core, rival.core) > edits + 1);
  }

  /** Whether one open item alone bears this part of a number and is owed this amount: of the customer where it is known. */
  isOnlyWithPart(
    part: string,
    wrongDigits: 0 | 1,
    amount: number,
    on: CalendarDate,
    customerId?: string,
  ): boolean {
    const bare = part.replaceAll(/\D/g, '');
    const pool = customerId === undefined ? (this.#byValue.get(amount) ?? []) : this.openOf(customerId);
    const alike = pool.filter((item) => {
      const digits = item.number.replaceAll(/\D/g, '');
      const agrees = wrongDigits === 0 ? digits.includes(bare) : distance(digits, bare) <= 1;
      return agrees && this.#values(item, on).includes(amount);
    });
    return alike.length === 1;
  }

  /** Whether one alone of the customer's open items that bill this order is owed this amount. */
  isOnlyOfOrder(order: string, amount: number, on: CalendarDate, customerId: string): boolean {
    const alike = this.openOf(customerId).filter(
      (item) => item.poNumbers?.includes(order) === true && this.#values(item, on).includes(amount),
    );
    return alike.length === 1;
  }

  /** Whether one group alone of up to three of the customer's open items is this amount, discounts in time taken or not. */
  isOnlySum(amount: number, on: CalendarDate, customerId: string): boolean {
    const items = this.openOf(customerId).map((item) => this.#values(item, on));
    let groups = 0;
    const extend = (start: number, rest: number, size: number): void => {
      if (rest === 0) groups++;
      if (size === 3) return;
      for (let index = start; index < items.length; index++)
        for (const value of items[index] ?? []) if (value <= rest) extend(index + 1, rest - value, size + 1);
    };
    extend(0, amount, 0);
    return groups === 1;
  }
}

/** The words of a name in alphabetical order, without signs, accents and what is a company's form. */
function coreOf(name: string): string {
  const words = name
    .toLowerCase()
    .replaceAll('ü', 'ue')
    .replaceAll('ö', 'oe')
    .replaceAll('ä', 'ae')
    .normalize('NFD')
    .replaceAll(/[^a-zø ]/g, '')
    .split(' ');
  const form =
    /^(gmbh|ag|co|kg|ltd|limited|plc|sarl|sa|bv|nv|ohg|aps|oy|ab|srl|inc|ek|ug|haftungsbeschraenkt|)$/;
  return words
    .filter((word) => !form.test(word))
    .sort()
    .join(' ');
}
