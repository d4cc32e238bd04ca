import { describe, expect, it } from 'vitest';
import { fontsFromEnv } from '#shared/document/fonts.ts';
import { renderStatementPdf } from '#shared/document/statement-pdf.ts';
import type { Statement } from '#shared/statement/statement.ts';
import { collisions } from './collisions.ts';
import { readPdf, textOf } from './read-pdf.ts';
import { albion, elster } from './sample.ts';
import { harbour, kontor, openItemsOver, periodOver, today } from './statement-sample.ts';

const fonts = fontsFromEnv();
const english = (statement: Statement) => ({ company: albion, customer: harbour, statement, today, fonts });
const german = (statement: Statement) => ({ company: elster, customer: kontor, statement, today, fonts });

describe('a statement of account as PDF', () => {
  it.each([0, 1, 40, 400])(
    'shows each of %i movements and what they come to, none over another',
    async (rows) => {
      const statement = periodOver(rows);
      const pages = readPdf(await renderStatementPdf(english(statement)));
      expect(collisions(pages)).toEqual([]);
      const text = pages.map(textOf).join('\n');
      expect(text.match(/Written off/g)?.length ?? 0).toBe(Math.floor((rows + 1) / 6));
      expect(text).toContain('Opening balance');
      expect(text).toContain('Closing balance');
      pages.forEach((page, index) => {
        expect(textOf(page)).toContain(`Page ${index + 1} of ${pages.length}`);
        expect(textOf(page)).toContain(index === 0 ? 'Statement of account' : 'Brought forward');
      });
    },
  );

  it.each([1, 40, 400])('shows each of %i open invoices, none over another', async (rows) => {
    const statement = openItemsOver(rows, kontor);
    const pages = readPdf(await renderStatementPdf(german(statement)));
    expect(collisions(pages)).toEqual([]);
    const text = pages.map(textOf).join('\n');
    expect(new Set(text.match(/INV-2026-\d{6}/g)).size).toBe(rows);
    for (const words of [
      'Offene Posten',
      'Gesamt offen',
      'Abzüglich Guthaben',
      'Über 90 Tage',
      'DE89 3704',
    ]) {
      expect(text).toContain(words);
    }
    expect(textOf(pages.at(-1))).toContain(`Seite ${pages.length} von ${pages.length}`);
  });

  it('is the same to the byte when made again', async () => {
    const first = await renderStatementPdf(english(openItemsOver(40)));
    expect((await renderStatementPdf(english(openItemsOver(40)))).equals(first)).toBe(true);
  });
});
