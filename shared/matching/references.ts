import { validate } from 'node-iso11649';
import type { MatchLine, OpenCandidate } from './candidate-source.ts';
import { compact, digitsOf } from './compact.ts';

/** A run of letters or of digits, as payment texts hold them. */
export type Part = { readonly text: string; readonly digits: boolean };
/** A word the text may mean by itself or with its neighbours: parts `from` to `to`. */
export type LineKey = { readonly key: string; readonly from: number; readonly to: number };

/** A payment text holds 140 characters, several of them at most some hundred. */
const MAX_PARTS = 80;
const MAX_JOINED = 7;
const MAX_KEY = 35;
const MIN_KEY = 4;

/** The last run of digits: what counts up in a series. */
function counterOf(number: string): string {
  return /(\d+)\D*$/.exec(number)?.[1] ?? '';
}

/**
 * What an open item is found by: its number with and without its letters, its counter with and without zeros before it,
 * its creditor reference, the end-to-end id it is debited under and its purchase orders. None is shorter than four
 * characters.
 */
export function itemKeys(
  item: Pick<OpenCandidate, 'number' | 'creditorReference' | 'endToEndId' | 'poNumbers'>,
): readonly string[] {
  const counter = counterOf(item.number);
  const keys = [
    compact(item.number),
    digitsOf(item.number),
    counter,
    counter.replace(/^0+/, ''),
    ...(item.creditorReference === undefined ? [] : [compact(item.creditorReference)]),
    ...(item.endToEndId === undefined ? [] : [compact(item.endToEndId)]),
    ...(item.poNumbers ?? []).flatMap(orderKeys),
  ];
  return [...new Set(keys)].filter((key) => key.length >= MIN_KEY && /\d/.test(key));
}

/** A purchase order is written with and without what it begins with: `PO-4711` is `4711` as well, and the other way. */
function orderKeys(poNumber: string): string[] {
  const whole = compact(poNumber);
  const bare = whole.replace(/^PO(?=\d)/, '');
  return [whole, bare, `PO${bare}`];
}

/** Whether `key` is one of the purchase orders of `item`, as a text may write it. */
export function isOrderOf({ poNumbers = [] }: Pick<OpenCandidate, 'poNumbers'>, key: string): boolean {
  return poNumbers.some((poNumber) => orderKeys(poNumber).includes(key));
}

/** The runs of a text from part `before` on, and its words, which hold one run or several without a sign between. */
function split(text: string, before: number): { parts: Part[]; words: LineKey[] } {
  const capitals = text.normalize('NFKD').toUpperCase();
  // In runs a letter O or I amid digits is the digit it looks like; words stay as they were written.
  const plain = capitals.replaceAll(/(?<=\d)O(?=[\dO])/g, '0').replaceAll(/(?<=\d)[IL](?=\d)/g, '1');
  const parts: Part[] = [];
  const words: LineKey[] = [];
  for (const { 0: word, index } of plain.matchAll(/[A-Z0-9]+/g)) {
    const from = before + parts.length;
    for (const run of word.match(/[A-Z]+|\d+/g) ?? []) parts.push({ text: run, digits: /^\d/.test(run) });
    const to = before + parts.length - 1;
    if (to >= MAX_PARTS) return { parts: parts.slice(0, MAX_PARTS - before), words };
    words.push({ key: capitals.slice(index, index + word.length), from, to });
  }
  return { parts, words };
}

/**
 * Everything in a line that may be a reference: each run of letters or digits, joined with those that follow it, runs of
 * digits joined over one or two letters between them, and words and fields as they stand. Longest first.
 */
export function lineKeys({
  creditorReference,
  text,
  endToEndId,
  bankReference,
}: Pick<MatchLine, 'text' | 'creditorReference' | 'endToEndId' | 'bankReference'>): {
  readonly keys: readonly LineKey[];
  readonly parts: readonly Part[];
} {
  const parts: Part[] = [];
  const whole: LineKey[] = [];
  const read = (field: string | undefined, isOneWord: boolean) => {
    if (field === undefined || field === 'NOTPROVIDED') return;
    const from = parts.length;
    const found = split(field, from);
    parts.push(...found.parts);
    whole.push(...found.words);
    if (isOneWord && parts.length > from) whole.push({ key: compact(field), from, to: parts.length - 1 });
  };
  read(creditorReference, true);
  read(text, false);
  read(endToEndId, true);
  read(bankReference, true);
  const found = new Map<string, LineKey>();
  const keep = (key: string, from: number, to: number) => {
    if (key.length >= MIN_KEY && key.length <= MAX_KEY && /\d/.test(key) && !found.has(key))
      found.set(key, { key, from, to });
  };
  for (let from = 0; from < parts.length; from++) {
    let joined = '';
    let digits = parts[from]?.digits ? '' : undefined;
    for (const [offset, part] of parts.slice(from, from + MAX_JOINED).entries()) {
      joined += part.text;
      keep(joined, from, from + offset);
      if (!part.digits && part.text.length > 2) digits = undefined;
      if (digits === undefined || !part.digits) continue;
      digits += part.text;
      keep(digits, from, from + offset);
    }
  }
  for (const { key, from, to } of whole) keep(key, from, to);
  const keys = [...found.values()].sort((one, other) => other.key.length - one.key.length);
  return { keys, parts };
}

/** Whether `reference` is an ISO 11649 creditor reference with the right check digits. */
export function isCreditorReference(reference: string): boolean {
  return validate(compact(reference));
}
