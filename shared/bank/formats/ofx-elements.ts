import { invalid } from '../tally.ts';

/** Elements with elements in them, as far as statements need them; every other one is a leaf or passed over. */
const AGGREGATES = new Set([
  'OFX',
  'STMTRS',
  'CCSTMTRS',
  'BANKTRANLIST',
  'STMTTRN',
  'LEDGERBAL',
  'AVAILBAL',
  'BAL',
  'BANKACCTFROM',
  'CCACCTFROM',
  'BANKACCTTO',
  'CCACCTTO',
  'PAYEE',
  'STMTTRNP',
]);

/** An aggregate with its leaves; held only while it is open. */
export class Aggregate {
  readonly name: string;
  readonly #leaves = new Map<string, string>();
  readonly #inner = new Map<string, Aggregate>();

  constructor(name: string) {
    this.name = name;
  }

  put(leaf: string, value: string): void {
    this.#leaves.set(leaf, value);
  }

  hold(inner: Aggregate): void {
    this.#inner.set(inner.name, inner);
  }

  text(leaf: string): string | undefined {
    return this.#leaves.get(leaf);
  }

  inner(name: string): Aggregate | undefined {
    return this.#inner.get(name);
  }
}

type OfxListener = {
  open(name: string): void;
  leaf(name: string, value: string, place: string): void;
  close(aggregate: Aggregate, place: string): void;
};

/** A tag and its text are never longer. */
const MAX_TOKEN = 65_536;

/**
 * Reads tags and texts of OFX piece by piece, with or without end tags of leaves. Declarations (`<!`) are refused;
 * entities are the five of XML, `&nbsp;` and numbers.
 * @throws DomainError `statement_invalid` with the line
 */
export function ofxReader(listener: OfxListener) {
  let pending = '';
  let line = 1;
  const open: Aggregate[] = [];
  const place = () => `line ${line}`;

  const opened = (name: string, value: string) => {
    if (AGGREGATES.has(name)) {
      if (value) throw invalid(place(), `text stands in ${name}`);
      open.push(new Aggregate(name));
      listener.open(name);
      return;
    }
    if (open.length === 0) return;
    const text = decoded(value);
    open.at(-1)?.put(name, text);
    listener.leaf(name, text, place());
  };

  const closed = (name: string) => {
    if (!AGGREGATES.has(name)) return;
    const aggregate = open.pop();
    if (aggregate?.name !== name) {
      throw invalid(place(), `</${name}> closes nothing, <${aggregate?.name ?? 'OFX'}> is open`);
    }
    // Only a transaction is read with what is in it.
    if (open.at(-1)?.name === 'STMTTRN') open.at(-1)?.hold(aggregate);
    listener.close(aggregate, place());
  };

  /** One tag with the text after it. */
  const token = (text: string) => {
    if (text.startsWith('<!')) throw invalid(place(), 'declarations and DOCTYPE are not allowed');
    const end = text.indexOf('>');
    if (end < 0) throw invalid(place(), 'a tag does not end');
    const tag = text.slice(1, end).trim();
    const value = text.slice(end + 1).trim();
    const match = /^(\/?)([A-Za-z0-9.]+)(?:\s[^/]*)?(\/?)$/.exec(tag);
    if (!match && !tag.startsWith('?')) throw invalid(place(), `<${tag.slice(0, 30)}> is no tag of OFX`);
    const name = (match?.[2] ?? '').toUpperCase();
    if (match?.[1]) closed(name);
    else if (match) opened(name, value);
    line += text.split('\n').length - 1;
  };

  return {
    place,
    write(text: string): void {
      pending += text;
      let from = pending.indexOf('<');
      if (from < 0) return;
      if (from > 0) line += pending.slice(0, from).split('\n').length - 1;
      for (let next = pending.indexOf('<', from + 1); next >= 0; next = pending.indexOf('<', from + 1)) {
        token(pending.slice(from, next));
        from = next;
      }
      pending = pending.slice(from);
      if (pending.length > MAX_TOKEN) throw invalid(place(), 'the text is too long');
    },
    end(): void {
      if (pending.startsWith('<')) token(pending);
      const left = open.at(-1);
      if (left) throw invalid(place(), `the file ends within <${left.name}>`);
    },
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|([a-z]{2,4}));/g, (whole, digits: string | undefined, name: string) => {
    if (digits === undefined) return ENTITIES[name] ?? whole;
    const point = Number(digits);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
