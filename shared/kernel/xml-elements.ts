import { SaxesParser } from 'saxes';
import { collapse } from './text.ts';

/** An element with all that is in it; names without prefix. */
export class XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[] = [];
  content = '';

  constructor(name: string, attributes: Readonly<Record<string, string>>) {
    this.name = name;
    this.attributes = attributes;
  }

  /** The first element at `path`, one name a level. */
  at(...path: string[]): XmlElement | undefined {
    return path.reduce<XmlElement | undefined>(
      (found, name) => found?.children.find((child) => child.name === name),
      this,
    );
  }

  all(name: string): XmlElement[] {
    return this.children.filter((child) => child.name === name);
  }

  /** The text at `path`, spaces collapsed; undefined where there is none. */
  text(...path: string[]): string | undefined {
    const content = this.at(...path)?.content;
    return (content && collapse(content)) || undefined;
  }
}

/** Deeper than any document goes. */
const MAX_DEPTH = 64;

/** What one kept element may hold, in characters, each element counting for a hundred: some 10,000 payments. */
const MAX_HELD = 64 * 2 ** 20;

/** What is told while a file is read: elements outside `kept` open and close, those that are kept come whole. */
export type XmlListener = {
  open(name: string, attributes: Readonly<Record<string, string>>, line: number): void;
  whole(element: XmlElement, line: number): void;
  close(name: string, line: number): void;
};

/**
 * Reads XML piece by piece. Every child of an element of the name `parent` is kept and comes whole; nothing else is
 * held. DOCTYPE is refused, so that no entity can be declared, expanded or fetched.
 * @param refuse makes the error of a fault from its place, such as `line 3`, and what it is
 * @throws what `refuse` makes, with the line of malformed XML
 */
export function xmlReader(
  parent: string,
  listener: XmlListener,
  refuse: (place: string, message: string) => Error,
) {
  const parser = new SaxesParser<{ xmlns: false }>({ xmlns: false });
  const outside: string[] = [];
  const kept: XmlElement[] = [];
  let held = 0;
  const local = (name: string) => name.slice(name.indexOf(':') + 1);
  const fail = (message: string) => {
    throw refuse(`line ${parser.line}`, message);
  };
  const hold = (characters: number) => {
    held += characters;
    if (held > MAX_HELD) fail('an entry is too large');
  };
  const put = (text: string) => {
    const element = kept.at(-1);
    if (!element) return;
    hold(text.length);
    element.content += text;
  };

  parser.on('error', (error) => fail(`the XML is malformed (${error.message})`));
  parser.on('doctype', () => fail('a DOCTYPE is not allowed'));
  parser.on('opentag', ({ name: full, attributes }) => {
    if (outside.length + kept.length >= MAX_DEPTH) fail('elements are nested too deep');
    const name = local(full);
    const above = kept.at(-1);
    if (!above && outside.at(-1) !== parent) {
      outside.push(name);
      listener.open(name, attributes, parser.line);
      return;
    }
    const element = new XmlElement(name, attributes);
    if (!above) held = 0;
    hold(100);
    above?.children.push(element);
    kept.push(element);
  });
  parser.on('text', put);
  parser.on('cdata', put);
  parser.on('closetag', ({ name }) => {
    const element = kept.pop();
    if (!element) {
      outside.pop();
      listener.close(local(name), parser.line);
    } else if (kept.length === 0) listener.whole(element, parser.line);
  });
  return { write: (text: string) => void parser.write(text), end: () => void parser.close() };
}
