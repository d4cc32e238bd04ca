/** Letters and what is written for them: `ä` is `ae`. */
const likenesses = [
  'ä ae, ö oe, ü ue, ß ss, æ ae, œ oe, ø o, ł l, đ d, ð d, þ th, ı i',
  // Greek by ELOT 743, letter by letter.
  'α a, β v, γ g, δ d, ε e, ζ z, η i, θ th, ι i, κ k, λ l, μ m, ν n, ξ x, ο o, π p, ρ r, σ s, ς s, τ t, υ y, φ f, χ ch',
  'ψ ps, ω o',
  // Bulgarian by the law of 2009.
  'а a, б b, в v, г g, д d, е e, ж zh, з z, и i, й y, к k, л l, м m, н n, о o, п p, р r, с s, т t, у u, ф f, х h',
  'ц ts, ч ch, ш sh, щ sht, ъ a, ь y, ю yu, я ya',
];

const letters: ReadonlyMap<string, string> = new Map(
  likenesses
    .flatMap((line) => line.split(', '))
    .map((pair) => {
      const [letter = '', written = ''] = pair.split(' ');
      return [letter, written];
    }),
);

const signs: Readonly<Record<string, string>> = { '&': '+', '@': '(at)', _: '-', '’': "'", '–': '-' };

const outside = /[^A-Za-z0-9/\-?:().,'+ ]/gu;

/**
 * `text` in the characters that every bank of the SEPA schemes takes (EPC217-08): letters without marks, umlauts as two
 * letters, Greek and Bulgarian in Latin letters, a dot for what has no likeness.
 * @param length characters kept at most
 * @returns `NOTPROVIDED` where nothing is left
 */
export function sepaText(text: string, length: number): string {
  const written = Array.from(text.normalize('NFC'), latin).join('');
  const kept = written.replace(outside, '.').replace(/ +/g, ' ').trim().slice(0, length).trim();
  return kept === '' ? 'NOTPROVIDED' : kept;
}

function latin(character: string): string {
  const known = signs[character] ?? cased(character);
  if (known !== undefined) return known;
  const base = character.normalize('NFKD').replace(/\p{M}/gu, '');
  return cased(base) ?? base;
}

function cased(character: string): string | undefined {
  const lower = character.toLowerCase();
  const found = letters.get(lower);
  if (found === undefined || lower === character) return found;
  return found.slice(0, 1).toUpperCase() + found.slice(1);
}
