/** What a mail is built of. Each block is rendered twice: as HTML and as plain text. */
export type Block =
  | { kind: 'paragraph'; text: string }
  /** Small print. */
  | { kind: 'note'; text: string }
  | { kind: 'heading'; text: string }
  /** Names and values under each other. */
  | { kind: 'facts'; rows: readonly Fact[] }
  | {
      kind: 'table';
      columns: readonly Column[];
      rows: readonly (readonly Cell[])[];
      footer?: readonly Cell[] | undefined;
    }
  | { kind: 'button'; label: string; href: string }
  /** A bar a row; `share` of the width, 0 to 1. */
  | { kind: 'bars'; columns: readonly [string, string, string]; rows: readonly Bar[] }
  /** Figures side by side. */
  | { kind: 'figures'; figures: readonly Figure[] };

export type Fact = readonly [name: string, value: string];
export type Column = { label: string; align?: 'left' | 'right' };
/** Text, or text that leads somewhere. */
export type Cell = string | { text: string; href: string };
export type Bar = { label: string; share: number; detail: string; value: string; warn?: boolean };
export type Figure = { label: string; value: string; detail: string };

export const paragraph = (text: string): Block => ({ kind: 'paragraph', text });
export const note = (text: string): Block => ({ kind: 'note', text });
export const heading = (text: string): Block => ({ kind: 'heading', text });
export const facts = (rows: readonly Fact[]): Block => ({ kind: 'facts', rows });
export const button = (label: string, href: string): Block => ({ kind: 'button', label, href });

export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  footer?: readonly Cell[],
): Block {
  return { kind: 'table', columns, rows, footer };
}
