import type { Block, Cell, Column } from './blocks.ts';
import { oneLine } from './escape.ts';
import type { Page } from './html.ts';

const WIDTH = 76;

/** The same mail for clients and readers that want plain text. */
export function renderText(page: Page): string {
  const parts = [page.title, ...page.blocks.map(renderBlock), ['-- ', ...page.footer].join('\n')];
  return `${parts.join('\n\n')}\n`;
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
    case 'note':
      return wrap(block.text);
    case 'heading':
      return `${block.text}\n${'-'.repeat(Math.min(WIDTH, block.text.length))}`;
    case 'facts':
      return aligned(
        block.rows.map((row) => row.map(oneLine)),
        [{ label: '' }, { label: '' }],
      ).join('\n');
    case 'table':
      return renderTable(block.columns, block.rows, block.footer);
    case 'button':
      return `${block.label}: ${block.href}`;
    case 'bars':
      return aligned(
        block.rows.map((bar) => [bar.label, bar.detail, bar.value]),
        [{ label: '' }, { label: '', align: 'right' }, { label: '', align: 'right' }],
      ).join('\n');
    case 'figures':
      return block.figures.map(({ label, value, detail }) => `${label}: ${value} (${detail})`).join('\n');
    default:
      return block satisfies never;
  }
}

function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  footer?: readonly Cell[],
): string {
  const [head = '', ...body] = aligned(
    [
      columns.map(({ label }) => label),
      ...rows.map((row) => row.map(textOf)),
      ...(footer ? [footer.map(textOf)] : []),
    ],
    columns,
  );
  const lines = rows.flatMap((row, index) => [body[index] ?? '', ...linksOf(row)]);
  return [head, ...lines, ...body.slice(rows.length)].join('\n');
}

function linksOf(row: readonly Cell[]): string[] {
  const links = row
    .filter((cell) => typeof cell !== 'string')
    .filter(({ href }) => !href.startsWith('mailto:'));
  return links.map(({ text, href }) => `  ${text}: ${href}`);
}

function textOf(cell: Cell): string {
  return oneLine(typeof cell === 'string' ? cell : cell.text);
}

/** Rows with their columns under each other. */
function aligned(rows: readonly (readonly string[])[], columns: readonly Column[]): string[] {
  const widths = columns.map((_, column) => Math.max(0, ...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((text, column) => {
        const width = widths[column] ?? 0;
        return columns[column]?.align === 'right' ? text.padStart(width) : text.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

function wrap(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.join('\n');
}
