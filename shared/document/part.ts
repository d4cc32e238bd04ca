import { type Paper, sheet } from './paper.ts';

/** A part of the document: its height is known before it is drawn, so that it can be kept on one page. */
export type Part = { height: number; draw: (y: number) => void };

/** What stays free above a part. */
export const SPACE_BEFORE = 14;

/** Draws a part where the page has come to, or on a new one. */
export function place(paper: Paper, part: Part): void {
  if (part.height === 0) return;
  paper.ensure(part.height);
  part.draw(paper.y);
  paper.y += part.height;
}

/** Columns of text, the first to the left and all others to the right, each as wide as its widest cell. */
export type Grid = { width: number; columns: readonly number[]; gap: number };

/** Draws cells of a row from `left`, in the columns of `grid`. */
export function drawCells(
  paper: Paper,
  grid: Grid,
  cells: readonly string[],
  y: number,
  ink: Parameters<Paper['write']>[3],
  left: number = sheet.left,
): void {
  let x = left;
  cells.forEach((text, column) => {
    const width = grid.columns[column] ?? 0;
    if (column === 0) paper.write(text, x, y, ink);
    else paper.write(text, x + width, y, ink, 'right');
    x += width + grid.gap;
  });
}
