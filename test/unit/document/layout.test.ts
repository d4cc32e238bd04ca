import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jsQR from 'jsqr';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fontsFromEnv } from '#shared/document/fonts.ts';
import { renderInvoicePdf } from '#shared/document/invoice-pdf.ts';
import { sheet } from '#shared/document/paper.ts';
import { extremes, gallery, type Piece } from './gallery.ts';

const fonts = fontsFromEnv();
const logo = new URL('../../../company/logo.png', import.meta.url).pathname;
const payUrl = 'https://api.example.com/pay/token';
const hasPoppler = canRun('pdftotext') && canRun('pdftoppm');

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'o2c-layout-'));
});
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

/** A page as an image of one byte a pixel. */
function greyPage(file: string, page: number, dotsPerInch: number) {
  const bounds = ['-f', String(page), '-l', String(page)];
  const image = execFileSync('pdftoppm', ['-r', String(dotsPerInch), '-gray', ...bounds, file], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const [, across, down] = /^P5\s(\d+) (\d+)\s255\s/.exec(image.subarray(0, 32).toString('latin1')) ?? [];
  const width = Number(across);
  const height = Number(down);
  return { width, height, pixels: image.subarray(image.length - width * height) };
}

function canRun(program: string): boolean {
  try {
    execFileSync(program, ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

type Box = { page: number; text: string; left: number; top: number; right: number; bottom: number };

/** Every word as poppler reads it, with its box in points from the top left. */
function wordsOf(pdf: string): Box[] {
  const html = execFileSync('pdftotext', ['-bbox', pdf, '-'], { maxBuffer: 64 * 1024 * 1024 }).toString();
  return html
    .split('<page ')
    .slice(1)
    .flatMap((page, index) =>
      Array.from(
        page.matchAll(/xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)<\/word>/g),
        ([, left, top, right, bottom, text = '']) => ({
          page: index + 1,
          text,
          left: Number(left),
          top: Number(top),
          right: Number(right),
          bottom: Number(bottom),
        }),
      ),
    );
}

/**
 * Words off the margins or over one another. A word's box is as high as its font, which is higher than its letters: a
 * quarter of a line may overlap with the next without any letter touching another.
 */
function faults(words: readonly Box[]): string[] {
  const outside = words
    .filter(
      ({ left, right, top, bottom }) =>
        left < sheet.left - 6 || right > sheet.right + 6 || top < 30 || bottom > sheet.height - 14,
    )
    .map(({ page, text }) => `page ${page}: "${text}" leaves the margins`);
  const over = words.flatMap((one, index) =>
    words.slice(index + 1).flatMap((other) => {
      if (other.page !== one.page) return [];
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      const height = Math.min(one.bottom - one.top, other.bottom - other.top);
      return across > 0.2 && down > height / 4
        ? [`page ${one.page}: "${one.text}" runs over "${other.text}"`]
        : [];
    }),
  );
  return [...outside, ...over];
}

async function written({ name, company, document, lines }: Piece): Promise<string> {
  const file = join(home, `${name}.pdf`);
  writeFileSync(file, await renderInvoicePdf({ company, document, lines, payUrl, fonts, logo }));
  return file;
}

const pieces = [...gallery('en'), ...gallery('de'), ...extremes()];

describe.skipIf(!hasPoppler)('a page as poppler sees it (skipped without poppler-utils)', () => {
  it.each(pieces.map((piece) => [piece.name, piece] as const))(
    '%s: nothing leaves it or runs over anything',
    async (_, piece) => {
      const words = wordsOf(await written(piece));
      expect(faults(words)).toEqual([]);
      const text = words.map((word) => word.text).join(' ');
      for (const { sku } of piece.lines.filter((line) => line.sku.length < 20)) expect(text).toContain(sku);
    },
  );

  it.each(['en', 'de'] as const)(
    'shows a code that can be scanned from the page, in %s',
    async (language) => {
      const piece = gallery(language).find(({ name }) => name.startsWith('reissue'));
      if (piece?.document.kind !== 'invoice') throw new Error('the gallery lacks a re-issue');
      const file = await written(piece);
      const codes = [1, 2].map((page) => {
        const { width, height, pixels } = greyPage(file, page, 150);
        const coloured = new Uint8ClampedArray(width * height * 4).fill(255);
        pixels.forEach((value, index) => coloured.fill(value, index * 4, index * 4 + 3));
        return jsQR.default(coloured, width, height)?.data;
      });
      const { totals, number } = piece.document;
      const code = codes.find((found) => found !== undefined)?.split('\n') ?? [];
      expect(code.slice(5)).toEqual([
        'Elster Handelsgesellschaft mbH',
        'DE89370400440532013000',
        `EUR${(totals.gross / 100).toFixed(2)}`,
        '',
        '',
        number,
      ]);
    },
  );

  it.each(['en', 'de'] as const)('has ink within its edges only, in %s', async (language) => {
    const piece = gallery(language)[0];
    if (!piece) throw new Error('the gallery is empty');
    const { width, height, pixels } = greyPage(await written(piece), 1, 36);
    const dark: number[] = [];
    pixels.forEach((value, index) => {
      const x = index % width;
      const y = Math.floor(index / width);
      const isEdge = x < 20 || x >= width - 20 || y < 12 || y >= height - 5;
      if (isEdge && value < 250) dark.push(index);
    });
    expect(width).toBeGreaterThan(290);
    expect(dark).toEqual([]);
  });
});
