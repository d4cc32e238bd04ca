import { distance } from 'fastest-levenshtein';
import { token_set_ratio } from 'fuzzball';

/** What a company's name says of its form rather than of who it is. */
const legalForms = new Set(
  (
    'LTD LIMITED PLC LLP LLC INC INCORPORATED CORP CORPORATION CO COMPANY GMBH AG KG OHG GBR UG EG MBH SE SA SAS SARL ' +
    'SRL SPA BV NV VOF OY OYJ AB AS ASA APS IVS SL SLU SP ZOO KFT ZRT SRO DOO PTY PTE GESELLSCHAFT HAFTUNG MIT ' +
    'BESCHRAENKTER HAFTUNGSBESCHRAENKT EK THE AND UND ET'
  ).split(' '),
);
const umlauts: Readonly<Record<string, string>> = {
  Ä: 'AE',
  Ö: 'OE',
  Ü: 'UE',
  ß: 'SS',
  Ø: 'O',
  Æ: 'AE',
  Ł: 'L',
};

/** Of longer names the first words are enough to find them by. */
const MAX_WORDS = 6;

/** The words of a name that tell who it is: capitals, accents and legal forms taken off, in their order. */
export function nameTokens(name: string): string[] {
  const plain = name
    .normalize('NFC')
    .toUpperCase()
    .replaceAll(/[ÄÖÜßØÆŁ]/g, (letter) => umlauts[letter] ?? letter)
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    // S.A. and G.m.b.H. are one word each.
    .replaceAll(/\b(?:[A-Z]{1,3}\.){2,}/g, (dotted) => dotted.replaceAll('.', ''));
  const words = plain.split(/[^A-Z0-9]+/).filter((word) => word !== '');
  const telling = words.filter((word) => !legalForms.has(word));
  return telling.length > 0 ? telling : words;
}

/**
 * What names that may be the same share: each word; of words of five letters or more the first four and the last four;
 * and each word with the initial of each other. One letter wrong leaves several of them.
 */
export function nameKeys(name: string): readonly string[] {
  const words = nameTokens(name).slice(0, MAX_WORDS);
  const keys = words.flatMap((word) => [
    word,
    ...(word.length < 5 ? [] : [`${word.slice(0, 4)}*`, `*${word.slice(-4)}`]),
    ...words.filter((other) => other !== word).map((other) => `${word}+${other[0] ?? ''}`),
  ]);
  return [...new Set(keys)];
}

/** How alike two names are: 100 is the same words in any order, 0 nothing in common. */
export function nameLikeness(one: readonly string[], other: readonly string[]): number {
  const [left, right] = [one.join(' '), other.join(' ')];
  if (left === '' || right === '') return 0;
  const set = token_set_ratio(left, right, { full_process: false });
  // A word that only one of them has is no mistake of typing: `Miller` is not for sure `Miller Foods`.
  const [sortedLeft, sortedRight] = [one.toSorted().join(''), other.toSorted().join('')];
  const longest = Math.max(sortedLeft.length, sortedRight.length);
  const edits = distance(sortedLeft, sortedRight);
  const wordByWord = wordLikeness(one, other);
  return Math.round(Math.max((set + 100 * (1 - edits / longest)) / 2, wordByWord));
}

/** The mean likeness of each word with its best partner, words without one counting nothing. */
function wordLikeness(one: readonly string[], other: readonly string[]): number {
  const left = [...one];
  let letters = 0;
  let alike = 0;
  for (const word of other) {
    let best = -1;
    let bestEdits = Number.POSITIVE_INFINITY;
    for (const [index, candidate] of left.entries()) {
      const edits = distance(word, candidate);
      if (edits < bestEdits) [best, bestEdits] = [index, edits];
    }
    const partner = left[best];
    const size = Math.max(word.length, partner?.length ?? 0);
    letters += size;
    if (partner === undefined || bestEdits > size / 3) continue;
    alike += size - bestEdits;
    left.splice(best, 1);
  }
  letters += left.reduce((sum, word) => sum + word.length, 0);
  return letters === 0 ? 0 : (100 * alike) / letters;
}
