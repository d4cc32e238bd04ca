import { compact } from './compact.ts';

/** A number of a series in pieces: letters and signs as they are, and how many digits a run of them has. */
type Piece = { readonly text: string } | { readonly digits: number };

/** Series and years in use are few; more forms than these are not looked for. */
const MAX_FORMS = 20;
/** A number without its letters is read only where it has so many digits. */
const MIN_BARE = 8;

/**
 * The numbers that words of a text may be whole, from examples of the company's own: `INV2026000042` and `2026000042`
 * are `INV-2026-000042` where `INV-2026-000001` is one.
 */
export class NumberForms {
  readonly #forms = new Map<string, readonly Piece[]>();

  constructor(examples: Iterable<string>) {
    for (const example of examples) {
      if (this.#forms.size === MAX_FORMS) return;
      const name = example.replaceAll(/\d/g, '0');
      if (!this.#forms.has(name)) this.#forms.set(name, piecesOf(example));
    }
  }

  /** The numbers that `key`, capitals and digits only, is; none where it has another form. */
  numbersOf(key: string): string[] {
    return [...this.#forms.values()].flatMap(
      (pieces) => read(key, pieces, true) ?? read(key, pieces, false) ?? [],
    );
  }
}

function piecesOf(example: string): Piece[] {
  return (example.match(/\d+|\D+/g) ?? []).map((run) =>
    /^\d/.test(run) ? { digits: run.length } : { text: run },
  );
}

/** The number that `key` makes of `pieces`, with its letters or with the digits alone. With letters the last run may be longer. */
function read(key: string, pieces: readonly Piece[], withLetters: boolean): string | undefined {
  const last = pieces.findLastIndex((piece) => 'digits' in piece);
  const year = pieces.findIndex((piece) => 'digits' in piece && piece.digits === 4);
  let rest = key;
  let number = '';
  for (const [index, piece] of pieces.entries()) {
    if ('text' in piece) {
      number += piece.text;
      const letters = withLetters ? compact(piece.text) : '';
      if (!rest.startsWith(letters)) return undefined;
      rest = rest.slice(letters.length);
      continue;
    }
    const run = /^\d+/.exec(rest)?.[0] ?? '';
    const taken = index === last && withLetters ? run : run.slice(0, piece.digits);
    if (taken.length < piece.digits) return undefined;
    // Telephone numbers have as many digits: without its letters a number shows by its year.
    if (!withLetters && index === year && !taken.startsWith('20')) return undefined;
    number += taken;
    rest = rest.slice(taken.length);
  }
  return rest === '' && (withLetters || key.length >= MIN_BARE) ? number : undefined;
}
