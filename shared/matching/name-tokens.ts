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
