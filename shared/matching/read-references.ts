import { distance } from 'fastest-levenshtein';
import type { MatchLine, OpenCandidate, ReferenceHit } from './candidate-source.ts';
import { compact, digitsOf } from './compact.ts';
import { fitsOne } from './fit-amount.ts';
import { isCreditorReference, isOrderOf, type LineKey, type lineKeys } from './references.ts';

/**
 * `structured` and `number` name an invoice by themselves; the purchase `order` it bills and a `part` of its number need
 * payer and amount to agree.
 */
export type Reading = {
  readonly strength: 'structured' | 'number' | 'order' | 'part';
  readonly item: OpenCandidate;
  readonly key: string;
};
export type Readings = {
  readonly found: readonly Reading[];
  /** What looks like a number of ours and is none that is known. */
  readonly unresolved: readonly string[];
  /** Purchase orders of which several invoices are open, so that the amount does not say which are paid. */
  readonly ambiguous: readonly string[];
};

type KnownPayer = { readonly customerId: string; readonly own: readonly OpenCandidate[] };
type Parsed = ReturnType<typeof lineKeys>;
const ranks = { structured: 0, number: 1, order: 2, part: 3 } as const;
const MIN_PART = 4;
const MIN_PREFIX = 6;
/** A shorter purchase order is read only where the text says that it is one. */
const MIN_ORDER = 5;

/**
 * The invoices that a line's text names: whole numbers first, then parts of numbers that mean one invoice, of the payer
 * where it is known, else the one whose amount is paid. A part of the text is read once.
 * @param own the payer's open items; none where the payer is unknown
 */
export function readReferences(
  line: MatchLine,
  parsed: Parsed,
  hits: readonly ReferenceHit[],
  payer: KnownPayer | undefined,
): Readings {
  const taken = new Set<number>();
  const found = new Map<string, Reading>();
  const take = ({ from, to }: LineKey, readings: readonly Reading[]) => {
    for (let index = from; index <= to; index++) taken.add(index);
    for (const reading of readings)
      if (!found.has(reading.item.invoiceId)) found.set(reading.item.invoiceId, reading);
  };
  const isFree = ({ from, to }: LineKey) => {
    for (let index = from; index <= to; index++) if (taken.has(index)) return false;
    return true;
  };

  const spans = new Map(parsed.keys.map((span) => [span.key, span]));
  const readings = new Map<string, Reading[]>();
  for (const hit of hits) {
    const span = spans.get(hit.key);
    if (hit.kind !== 'item' || !span) continue;
    const strength = strengthOf(hit.item, span, parsed);
    if (strength === undefined) continue;
    const id = `${ranks[strength]}${hit.key}`;
    readings.set(id, [...(readings.get(id) ?? []), { strength, item: hit.item, key: hit.key }]);
  }
  const ordered = [...readings.values()].sort(([one], [other]) => {
    if (!one || !other) return 0;
    return (
      ranks[one.strength] - ranks[other.strength] ||
      other.key.length - one.key.length ||
      (one.key < other.key ? -1 : 1)
    );
  });
  const ambiguous: string[] = [];
  for (const group of ordered) {
    const [first] = group;
    const span = first && spans.get(first.key);
    if (!span || !isFree(span)) continue;
    if (first.strength === 'order') {
      const alike = readings.get(`${ranks.part}${first.key}`) ?? [];
      const said = alike.length === 0 || isCalledOrder(span, parsed);
      const meant = said
        ? billedAlike(line, group, payer?.customerId)
        : narrowed(line, [...group, ...alike], payer?.customerId);
      if (meant.length > 0) take(span, meant);
      else if (group.some(({ item }) => item.customerId === payer?.customerId)) ambiguous.push(first.key);
      continue;
    }
    const mistyped = first.strength === 'number' ? meantInstead(line, group, payer) : [];
    const whole = mistyped.length === 1 ? mistyped : group;
    const meant = first.strength === 'part' ? narrowed(line, group, payer?.customerId) : whole;
    if (meant.length === 1) take(span, meant);
  }
  const own = (payer?.own ?? []).map(formsOf);
  for (const span of payer ? parsed.keys : []) {
    if (!isFree(span)) continue;
    const alike = own
      .filter((forms) => isPartOf(span.key, forms))
      .map(({ item }): Reading => ({ strength: 'part', item, key: span.key }));
    const meant = alike.length > 1 ? alike.filter(({ item }) => fitsOne(line, item)) : alike;
    if (meant.length === 1) take(span, meant);
  }
  const shapes = [...own, ...[...found.values()].map(({ item }) => formsOf(item))];
  const unresolved = parsed.keys.filter(
    (span) => isFree(span) && shapes.some((forms) => isShaped(span.key, forms)),
  );
  return { found: [...found.values()], unresolved: unresolved.map(({ key }) => key), ambiguous };
}

/** What `span` says of an item that bears it; undefined where it may as well be any other number. */
function strengthOf(item: OpenCandidate, span: LineKey, parsed: Parsed): Reading['strength'] | undefined {
  const { key, from } = span;
  const { parts } = parsed;
  if (item.endToEndId !== undefined && key === compact(item.endToEndId)) return 'structured';
  if (isOrderOf(item, key) && !isNumberOf(item, key))
    return key.length >= MIN_ORDER || isCalledOrder(span, parsed) ? 'order' : undefined;
  if (item.creditorReference !== undefined && key === compact(item.creditorReference))
    return isCreditorReference(key) ? 'structured' : 'part';
  const number = compact(item.number);
  const letters = /^[A-Z]+/.exec(number)?.[0];
  if (letters === undefined) return 'part';
  if (key === number) return 'number';
  const before = parts[from - 1];
  return key === digitsOf(number) && before?.text.endsWith(letters) === true ? 'number' : 'part';
}

/** Whether `key` is the item's own number, or what numbers are cut down to. */
function isNumberOf({ number }: OpenCandidate, key: string): boolean {
  return compact(number).endsWith(key);
}

/** Whether the text calls it a purchase order: `PO 4711`, `your order 4711`. */
function isCalledOrder({ key, from }: LineKey, { parts }: Parsed): boolean {
  return (
    /^PO\d/.test(key) ||
    orderWords.has(parts[from - 1]?.text ?? '') ||
    orderWords.has(parts[from]?.text ?? '')
  );
}
const orderWords = new Set(
  'PO ORDER BESTELLUNG BESTELLNUMMER BESTELLNR BESTNR AUFTRAG AUFTRAGSNR COMMANDE ORDINE PEDIDO'.split(' '),
);

/**
 * The invoices of a purchase order that a line pays: all of the payer's where their sum is paid, or the one that is open
 * or paid exactly. Where the payer is unknown, the amount alone must say it.
 */
function billedAlike(
  line: MatchLine,
  group: readonly Reading[],
  customerId: string | undefined,
): readonly Reading[] {
  const owed = group.filter(
    ({ item }) =>
      item.balance > 0 &&
      item.currency === line.currency &&
      (customerId === undefined || item.customerId === customerId),
  );
  const exact = owed.filter(({ item }) => fitsOne(line, item));
  if (exact.length > 0) return exact.length === 1 ? exact : [];
  if (owed.length < 2) return owed;
  const isOneCustomers = owed.every(({ item }) => item.customerId === owed[0]?.item.customerId);
  const sum = owed.reduce((before, { item }) => before + item.balance, 0);
  return isOneCustomers && sum === line.amount ? owed : [];
}

/** Of the items that a part of a number may mean, those of the payer; where it is unknown, those that are paid exactly. */
function narrowed(
  line: MatchLine,
  group: readonly Reading[],
  customerId: string | undefined,
): readonly Reading[] {
  const own = group.filter(({ item }) => item.customerId === customerId);
  if (own.length === 1) return own;
  const candidates = customerId === undefined ? group : own;
  return candidates.filter(({ item }) => fitsOne(line, item));
}

/** One sign wrong makes another number of ours: the payer's item that is one sign off and paid exactly is meant. */
function meantInstead(
  line: MatchLine,
  group: readonly Reading[],
  payer: KnownPayer | undefined,
): readonly Reading[] {
  const [read] = group;
  if (!read || !payer) return [];
  // What is paid or fits is no mistake of typing: paid twice it is a duplicate.
  if (read.item.customerId === payer.customerId && (read.item.balance < 1 || fitsOne(line, read.item)))
    return [];
  return payer.own
    .filter((item) => fitsOne(line, item) && isPartOf(compact(read.item.number), formsOf(item)))
    .map((item) => ({ strength: 'part', item, key: read.key }));
}

type Forms = {
  readonly item: OpenCandidate;
  readonly whole: string;
  readonly digits: string;
  readonly letters: string;
};

/** An item's number as texts write it: all of it, its digits, and the letters of its series. */
function formsOf(item: OpenCandidate): Forms {
  const whole = compact(item.number);
  return { item, whole, digits: digitsOf(item.number), letters: /^[A-Z]+/.exec(whole)?.[0] ?? '' };
}

/** Whether `key` is the number with its beginning or end cut off, or with one sign wrong. */
function isPartOf(key: string, { whole, digits }: Forms): boolean {
  if (/^\d+$/.test(key)) {
    if (key.length >= MIN_PART && digits.endsWith(key)) return true;
    if (key.length >= Math.max(MIN_PREFIX, digits.length - 4) && digits.startsWith(key)) return true;
    return key.length >= 8 && key.length === digits.length && distance(key, digits) === 1;
  }
  if (key.length >= Math.max(MIN_PREFIX, whole.length - 4) && whole.startsWith(key)) return true;
  return key.length >= 8 && Math.abs(key.length - whole.length) <= 1 && distance(key, whole) === 1;
}

/** Whether `key` has the letters of the series `item` is numbered in, and about as many digits. */
function isShaped(key: string, { whole, digits, letters }: Forms): boolean {
  if (letters !== '' && key.startsWith(letters))
    return /^\d+$/.test(key.slice(letters.length)) && Math.abs(key.length - whole.length) <= 3;
  return key.length === digits.length && digits.length >= 8 && key.slice(0, 4) === digits.slice(0, 4);
}
