import { validate } from 'node-iso11649';
import type { MatchLine, OpenCandidate } from './candidate-source.ts';

/** A run of letters or of digits, as payment texts hold them. */
export type Part = { readonly text: string; readonly digits: boolean };
/** A word the text may mean by itself or with its neighbours: parts `from` to `to`. */
export type LineKey = { readonly key: string; readonly from: number; readonly to: number };

/** A payment text holds 140 characters, several of them at most some hundred. */
const MAX_PARTS = 80;
const MAX_JOINED = 7;
const MAX_KEY = 35;
const MIN_KEY = 4;

/** Capitals and digits of `text`, and nothing else: `INV-2026-000042` is `INV2026000042`. */
export function compact(text: string): string {
  const capitals = text.toUpperCase();
  return (plain.test(capitals) ? capitals : capitals.normalize('NFKD')).replaceAll(/[^A-Z0-9]/g, '');
}
/** ASCII, which is most of it, needs no taking apart. */
const plain = /^[ -~]*$/;

/** The digits of `text` alone. */
export function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, '');
}

/** The last run of digits: what counts up in a series. */
function counterOf(number: string): string {
  return /(\d+)\D*$/.exec(number)?.[1] ?? '';
}

/**
 * What an open item is found by: its number with and without its letters, its counter with and without zeros before it,
 * its creditor reference and purchase orders. None is shorter than four characters.
 */
export function itemKeys(
  item: Pick<OpenCandidate, 'number' | 'creditorReference' | 'poNumbers'>,
): readonly string[] {
  const counter = counterOf(item.number);
  const keys = [
    compact(item.number),
    digitsOf(item.number),
    counter,
    counter.replace(/^0+/, ''),
    ...(item.creditorReference === undefined ? [] : [compact(item.creditorReference)]),
    ...(item.poNumbers ?? []).map(compact),
  ];
  return [...new Set(keys)].filter((key) => key.length >= MIN_KEY && /\d/.test(key));
}

/** The runs of letters and digits in a text; a letter O or I amid digits is read as the digit it looks like. */
function partsOf(text: string): Part[] {
  const plain = text
    .normalize('NFKD')
    .toUpperCase()
    .replaceAll(/(?<=\d)O(?=[\dO])/g, '0')
    .replaceAll(/(?<=\d)[IL](?=\d)/g, '1');
  const runs = plain.match(/[A-Z]+|\d+/g) ?? [];
  return runs.slice(0, MAX_PARTS).map((run) => ({ text: run, digits: /^\d/.test(run) }));
}

/**
 * Everything in a line that may be a reference: each run of letters or digits, joined with those that follow it, and runs
 * of digits joined over one or two letters between them. Longest first.
 */
export function lineKeys(
  line: Pick<MatchLine, 'text' | 'creditorReference' | 'endToEndId' | 'bankReference'>,
): {
  readonly keys: readonly LineKey[];
  readonly parts: readonly Part[];
} {
  const text = [line.creditorReference, line.text, line.endToEndId, line.bankReference]
    .filter((field) => field !== undefined && field !== 'NOTPROVIDED')
    .join(' | ');
  const parts = partsOf(text);
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
  const keys = [...found.values()].sort((one, other) => other.key.length - one.key.length);
  return { keys, parts };
}

/** Whether `reference` is an ISO 11649 creditor reference with the right check digits. */
export function isCreditorReference(reference: string): boolean {
  return validate(compact(reference));
}
