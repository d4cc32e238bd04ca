/** An element by its qualified name, its text or children, and its attributes. */
export type Element = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: string | readonly Element[];
};

/** What may stand where an element is optional: none, one or several. */
export type Content = Element | readonly Element[] | undefined;

/** An element with text. */
export function leaf(name: string, text: string, attributes: Readonly<Record<string, string>> = {}): Element {
  return { name, attributes, content: text };
}

/** An element with text, where there is some. */
export function maybe(
  name: string,
  text: string | undefined,
  attributes: Readonly<Record<string, string>> = {},
): Element | undefined {
  return text === undefined || text.trim() === '' ? undefined : leaf(name, text, attributes);
}

/** An element with children, in the order given. */
export function node(name: string, ...children: readonly Content[]): Element {
  return { name, attributes: {}, content: children.flatMap((child) => child ?? []) };
}

/** The whole document as UTF-8 text, indented; the same tree gives the same text. */
export function writeXml(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(root, '')}`;
}

/** Text as it may stand in XML: what XML 1.0 has no place for is left out. */
function escapeXml(text: string): string {
  return Array.from(text.toWellFormed(), (character) =>
    allowed(character) ? (entities[character] ?? character) : '',
  ).join('');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function allowed(character: string): boolean {
  return character >= ' '
    ? !['\ufffe', '\uffff'].includes(character)
    : ['\t', '\n', '\r'].includes(character);
}

function write({ name, attributes, content }: Element, indent: string): string {
  const open = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  const start = `${indent}<${name}${open.join('')}`;
  if (typeof content === 'string') return `${start}>${escapeXml(content)}</${name}>\n`;
  if (content.length === 0) return `${start}/>\n`;
  return `${start}>\n${content.map((child) => write(child, `${indent}  `)).join('')}${indent}</${name}>\n`;
}
